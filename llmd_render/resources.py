"""Where shipped files are: inside the installed wheel, or beside the package in a checkout."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from importlib.resources.abc import Traversable

_CHECKOUT = Path(__file__).resolve().parent.parent


@cache
def bundled(bundle: Literal["templates", "profiles"]) -> Traversable:
    """Find the folder of shipped templates or profiles.

    Raises FileNotFoundError when neither a wheel nor a checkout holds it: never guess, because
    a `templates` folder beside an installed package may be somebody else's.
    """
    installed = files("llmd_render") / "_bundled" / bundle
    if installed.is_dir():
        return installed
    if (_CHECKOUT / "pyproject.toml").is_file():
        return _CHECKOUT / bundle
    raise FileNotFoundError(f"llmd-render is installed without its {bundle}; install it again")


def data_file(*parts: str) -> Traversable:
    """Find a file of facts or schemas that ships inside the package."""
    return files("llmd_render").joinpath("data", *parts)


def walk_files(folder: Traversable, prefix: str = "") -> dict[str, Traversable]:
    """List all files under a folder by their path relative to it, in sorted order."""
    found: dict[str, Traversable] = {}
    for entry in sorted(folder.iterdir(), key=lambda item: item.name):
        if entry.name.startswith(".") or entry.name == "__pycache__":
            continue
        name = f"{prefix}{entry.name}"
        if entry.is_dir():
            found |= walk_files(entry, f"{name}/")
        else:
            found[name] = entry
    return found
