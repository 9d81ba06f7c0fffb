"""Profiles by name or path, with their settings and what the rules say of them."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from llmd_render.catalog import Catalog, load_catalog
from llmd_render.diagnostics import Diagnostic, InputError, did_you_mean
from llmd_render.lint import lint_profile
from llmd_render.profile import Profile, apply_setting, load_profile, read_profile
from llmd_render.resources import bundled
from llmd_render.source import PROFILE_LIMIT_BYTES, Document, SourceMap, read_text
from llmd_render.versions import UNSTATED, Versions

from .folders import Folders
from .target import judged_profile
from .usage import UsageProblem, usage_problem

if TYPE_CHECKING:
    from collections.abc import Iterable
    from importlib.resources.abc import Traversable

_SUFFIXES = (".yaml", ".yml")


@dataclass(frozen=True, slots=True)
class LoadedProfile:
    """A profile, where everything in it stands, and what the rules say of it."""

    profile: Profile
    positions: SourceMap
    own: tuple[Diagnostic, ...]
    under_target: tuple[Diagnostic, ...] = ()
    """What the rules say of it where the cluster has the versions of the target."""

    @property
    def diagnostics(self) -> tuple[Diagnostic, ...]:
        """All that was found, each finding once."""
        return tuple(dict.fromkeys((*self.own, *self.under_target)))


def list_profiles(folders: Folders = Folders()) -> dict[str, Traversable]:
    """List profiles by name; one in an earlier folder hides one of the same name in a later."""
    found: dict[str, Traversable] = {}
    for folder in reversed((*folders.profiles, bundled("profiles"))):
        if not folder.is_dir():
            raise usage_problem(str(folder), "there is no such folder", "folder-not-found")
        for entry in _entries(folder):
            if entry.name.endswith(_SUFFIXES) and not entry.name.startswith("."):
                found[entry.name.rpartition(".")[0]] = entry
    return dict(sorted(found.items()))


def _entries(folder: Traversable) -> list[Traversable]:
    try:
        return list(folder.iterdir())
    except OSError as error:
        message = f"cannot read the folder: {error.strerror}"
        raise usage_problem(str(folder), message, "folder-not-readable") from error


def find_profile(name: str, folders: Folders) -> tuple[str, str]:
    """Find a profile by name or path: its text and what diagnostics call it.

    A path has a slash or a suffix, a name has neither. Raises UsageProblem when there is none.
    """
    if "/" in name or "\\" in name or name.endswith(_SUFFIXES):
        return _read(Path(name), name), name
    profiles = list_profiles(folders)
    if name not in profiles:
        hint = did_you_mean(name, profiles, f"there are: {', '.join(profiles)}")
        if os.path.lexists(f"{name}.yaml"):
            hint += f"; a path has a slash: ./{name}.yaml"
        raise usage_problem(name, f"there is no profile named {name!r}", "profile-not-found", hint)
    entry = profiles[name]
    shown = str(entry) if isinstance(entry, Path) else entry.name
    shown = _shorten(shown)
    return _read(Path(str(entry)), shown), shown


def _read(path: Path, shown: str) -> str:
    try:
        return read_text(path, PROFILE_LIMIT_BYTES, shown)
    except InputError as error:
        if error.diagnostics[0].code == "file-not-readable":
            raise UsageProblem(*error.diagnostics) from error
        raise


def _shorten(path: str) -> str:
    """Write a path as a person in this folder would."""
    try:
        return str(Path(path).relative_to(Path.cwd()))
    except (ValueError, OSError):  # not below it, or there is no such folder any more
        return path


def load(
    name: str,
    settings: Iterable[str] = (),
    folders: Folders = Folders(),
    catalog: Catalog | None = None,
    target: Versions = UNSTATED,
) -> LoadedProfile:
    """Read a profile by name or path, lay `key=value` settings over it, and run its rules.

    Raises InputError when it is not a well-formed profile, UsageProblem when there is none.
    """
    text, file = find_profile(name, folders)
    return load_text(text, file, settings, folders, catalog, target)


def load_text(
    text: str,
    file: str,
    settings: Iterable[str] = (),
    folders: Folders = Folders(),
    catalog: Catalog | None = None,
    target: Versions = UNSTATED,
) -> LoadedProfile:
    """Do as `load` does with a profile whose text is already here."""

    def find(name: str, from_file: str) -> tuple[str, str]:
        if "/" in name or name.endswith(_SUFFIXES):
            name = str(Path(from_file).parent / name)
            if "/" not in name:
                name = f"./{name}"
        return find_profile(name, folders)

    document: Document = read_profile(text, file, find)
    for setting in settings:
        document = apply_setting(document, setting)
    profile = load_profile(document)
    facts = catalog or load_catalog()
    own = tuple(lint_profile(profile, facts, document.positions))
    if target == UNSTATED:
        return LoadedProfile(profile, document.positions, own)
    judged = judged_profile(profile, target, facts)
    other = tuple(lint_profile(judged, facts, document.positions))
    return LoadedProfile(profile, document.positions, own, other)
