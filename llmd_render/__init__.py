"""Compiles a profile to a checked kustomize tree, gcloud scripts and a runbook.

    import llmd_render

    loaded = llmd_render.load("qwen-3b-v6e", ["service.replicas=2"])
    outcome = llmd_render.render_profile(loaded)
    if outcome.ok:
        llmd_render.write_tree(outcome.files, Path("out") / outcome.name)

Everything is in memory until `write_tree`. Wrong input raises InputError, which carries the same
diagnostics that the command prints. Names are loaded when they are first used.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .catalog import Catalog, load_catalog
    from .diagnostics import Diagnostic, InputError, Location, Severity
    from .pipeline import (
        Folders,
        LoadedProfile,
        Outcome,
        check_files,
        load,
        load_text,
        render_profile,
    )
    from .profile import Profile
    from .render import RenderedFile
    from .stack import Stack, resolve
    from .versions import Versions
    from .write import Difference, compare_tree, write_tree

_HOMES = {
    "Catalog": "catalog",
    "Diagnostic": "diagnostics",
    "Difference": "write",
    "Folders": "pipeline",
    "InputError": "diagnostics",
    "LoadedProfile": "pipeline",
    "Location": "diagnostics",
    "Outcome": "pipeline",
    "Profile": "profile",
    "RenderedFile": "render",
    "Severity": "diagnostics",
    "Stack": "stack",
    "Versions": "versions",
    "check_files": "pipeline",
    "compare_tree": "write",
    "load": "pipeline",
    "load_catalog": "catalog",
    "load_text": "pipeline",
    "render_profile": "pipeline",
    "resolve": "stack",
    "write_tree": "write",
}

__all__ = [
    "Catalog",
    "Diagnostic",
    "Difference",
    "Folders",
    "InputError",
    "LoadedProfile",
    "Location",
    "Outcome",
    "Profile",
    "RenderedFile",
    "Severity",
    "Stack",
    "Versions",
    "check_files",
    "compare_tree",
    "load",
    "load_catalog",
    "load_text",
    "render_profile",
    "resolve",
    "write_tree",
]


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module 'llmd_render' has no attribute {name!r}")
    return getattr(import_module(f".{_HOMES[name]}", __name__), name)


def __dir__() -> list[str]:
    return sorted([*globals(), *__all__])
