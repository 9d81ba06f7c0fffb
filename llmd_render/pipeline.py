"""The stages in order: a profile to a checked tree in memory. Nothing here prints or exits."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

from .catalog import Catalog, load_catalog
from .diagnostics import Diagnostic, InputError, Location, did_you_mean, has_blocking
from .lint import acknowledge, lint_profile, lint_scripts, lint_tree
from .manifest import LIMIT_BYTES, Tree, read_manifests, read_tree
from .profile import API_VERSION, Profile, apply_setting, load_profile, read_profile
from .render import RenderedFile, TemplateFolder, render
from .resources import bundled
from .rules import list_references
from .source import PROFILE_LIMIT_BYTES, Document, SourceMap, read_text
from .stack import Stack, resolve
from .validate import SchemaStore, UnknownKubernetesVersionError, check_tree
from .validate import check_manifest as _check_manifest

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from importlib.resources.abc import Traversable

_SUFFIXES = (".yaml", ".yml")
_LINTED = (*_SUFFIXES, ".sh")


@dataclass(frozen=True, slots=True)
class Folders:
    """Where to look for profiles and templates before the shipped ones."""

    profiles: tuple[Path, ...] = ()
    templates: tuple[Path, ...] = ()


@dataclass(frozen=True, slots=True)
class LoadedProfile:
    """A profile, where everything in it stands, and what the rules say of it."""

    profile: Profile
    positions: SourceMap
    diagnostics: tuple[Diagnostic, ...]


@dataclass(frozen=True, slots=True)
class Outcome:
    """A rendered tree in memory and everything that was found; written only when it is ok."""

    name: str
    files: tuple[RenderedFile, ...]
    diagnostics: tuple[Diagnostic, ...]
    stack: Stack | None = None

    @property
    def ok(self) -> bool:
        """Whether nothing found stops the tree from being written."""
        return not has_blocking(self.diagnostics)


def list_profiles(folders: Folders = Folders()) -> dict[str, Traversable]:
    """List profiles by name; one in an earlier folder hides one of the same name in a later."""
    found: dict[str, Traversable] = {}
    for folder in reversed((*folders.profiles, bundled("profiles"))):
        if not folder.is_dir():
            raise _usage(str(folder), "there is no such folder", "folder-not-found")
        for entry in folder.iterdir():
            if entry.name.endswith(_SUFFIXES) and not entry.name.startswith("."):
                found[entry.name.rpartition(".")[0]] = entry
    return dict(sorted(found.items()))


def _usage(place: str, message: str, code: str, hint: str = "") -> UsageProblem:
    return UsageProblem(Diagnostic(Location(place), message, code, hint=hint))


class UsageProblem(InputError):  # noqa: N818 - it is a problem of the call, not of the input
    """What was asked for does not exist or cannot be read."""


def find_profile(name: str, folders: Folders) -> tuple[str, str]:
    """Find a profile by name or path: its text and what diagnostics call it.

    A path has a slash or a suffix, a name has neither. Raises UsageProblem when there is none.
    """
    if "/" in name or "\\" in name or name.endswith(_SUFFIXES):
        try:
            return read_text(Path(name), PROFILE_LIMIT_BYTES), name
        except InputError as error:
            if error.diagnostics[0].code == "file-not-readable":
                raise UsageProblem(*error.diagnostics) from error
            raise
    profiles = list_profiles(folders)
    if name not in profiles:
        hint = did_you_mean(name, profiles, f"there are: {', '.join(profiles)}")
        if Path(f"{name}.yaml").is_file() or Path(f"{name}.yml").is_file():
            hint += f"; a path has a slash: ./{name}.yaml"
        raise _usage(name, f"there is no profile named {name!r}", "profile-not-found", hint)
    entry = profiles[name]
    shown = str(entry) if isinstance(entry, Path) else entry.name
    shown = _shorten(shown)
    return read_text(Path(str(entry)), PROFILE_LIMIT_BYTES, shown), shown


def _shorten(path: str) -> str:
    """Write a path as a person in this folder would."""
    try:
        return str(Path(path).relative_to(Path.cwd()))
    except ValueError:
        return path


def load(
    name: str,
    settings: Iterable[str] = (),
    folders: Folders = Folders(),
    catalog: Catalog | None = None,
) -> LoadedProfile:
    """Read a profile by name or path, lay `key=value` settings over it, and run its rules.

    Raises InputError when it is not a well-formed profile, UsageProblem when there is none.
    """
    text, file = find_profile(name, folders)
    return load_text(text, file, settings, folders, catalog)


def load_text(
    text: str,
    file: str,
    settings: Iterable[str] = (),
    folders: Folders = Folders(),
    catalog: Catalog | None = None,
) -> LoadedProfile:
    """Do as `load` does with a profile whose text is already here."""

    def find(target: str, from_file: str) -> tuple[str, str]:
        if "/" in target or target.endswith(_SUFFIXES):
            target = str(Path(from_file).parent / target)
            if "/" not in target:
                target = f"./{target}"
        return find_profile(target, folders)

    document: Document = read_profile(text, file, find)
    for setting in settings:
        document = apply_setting(document, setting)
    profile = load_profile(document)
    found = lint_profile(profile, catalog or load_catalog(), document.positions)
    return LoadedProfile(profile, document.positions, tuple(found))


def render_profile(
    loaded: LoadedProfile,
    folders: Folders = Folders(),
    catalog: Catalog | None = None,
) -> Outcome:
    """Take a profile through all further stages: resolve, render, read back, check.

    An error of the rules stops before rendering. Raises InputError on a broken template.
    """
    profile = loaded.profile
    found = list(loaded.diagnostics)
    early = acknowledge(found, profile, loaded.positions)
    if has_blocking(early):
        return Outcome(profile.name, (), tuple(_without_unused(early)))
    stack = resolve(profile, catalog or load_catalog())
    files = render(stack, template_folders(folders))
    found += check_files(files, stack.cluster.kubernetes)
    acknowledged = acknowledge(found, profile, loaded.positions)
    return Outcome(profile.name, files, tuple(acknowledged), stack)


def _without_unused(diagnostics: Iterable[Diagnostic]) -> Iterator[Diagnostic]:
    """Drop what cannot be known before the tree exists: which acknowledgements go unused."""
    return (item for item in diagnostics if item.code != "lint-ignore-unused")


def template_folders(folders: Folders) -> list[TemplateFolder]:
    """List the folders of templates, a user's in front of the shipped ones."""
    own = []
    for folder in folders.templates:
        if not folder.is_dir():
            raise _usage(str(folder), "there is no such folder", "folder-not-found")
        own.append(TemplateFolder(str(folder), folder))
    return [*own, TemplateFolder("templates", bundled("templates"))]


def check_files(files: Sequence[RenderedFile], kubernetes: str) -> list[Diagnostic]:
    """Check a tree as API server, kustomize and bash would read it."""
    tree, found = read_tree(files)
    found += check_tree(tree, SchemaStore(kubernetes))
    found += lint_tree(tree)
    found += lint_scripts((item.path, item.text, item.template) for item in files)
    return found


@dataclass(slots=True)
class LintResult:
    """What was found in files that somebody else wrote, and how much was looked at."""

    diagnostics: list[Diagnostic] = field(default_factory=list)
    files: int = 0
    documents: int = 0


def lint_paths(
    texts: Sequence[tuple[str, str]],
    kubernetes: str,
    folders: Folders = Folders(),
) -> LintResult:
    """Judge files as (path, text): manifests, kustomizations, scripts and profiles."""
    result = LintResult(files=len(texts))
    store = SchemaStore(kubernetes)
    manifests = []
    for path, text in texts:
        if path.endswith(".sh"):
            result.diagnostics += lint_scripts([(path, text, "")])
            continue
        documents, problems = read_manifests(text, path)
        result.diagnostics += problems
        result.documents += len(documents)
        if len(documents) == 1 and documents[0].api_version == API_VERSION:
            result.diagnostics += _lint_profile_text(text, path, folders)
            continue
        manifests += documents
        for manifest in documents:
            result.diagnostics += _check_manifest(manifest, store)
    tree = Tree(dict(texts), tuple(manifests))
    known = {item.target for item in list_references(tree) if Path(item.target).exists()}
    tree = replace(tree, elsewhere=frozenset(known))
    result.diagnostics += lint_tree(tree)
    if not texts or (not result.documents and all(not path.endswith(".sh") for path, _ in texts)):
        place = texts[0][0] if texts else "-"
        result.diagnostics.append(
            Diagnostic(Location(place), "there is nothing here to judge", "lint-input-empty")
        )
    return result


def _lint_profile_text(text: str, path: str, folders: Folders) -> Iterator[Diagnostic]:
    try:
        loaded = load_text(text, path, folders=folders)
    except InputError as error:
        yield from error.diagnostics
        return
    yield from render_profile(loaded, folders).diagnostics


def collect_lint_files(paths: Sequence[Path]) -> list[tuple[str, str]]:
    """Read the files to judge; a folder stands for the YAML files and scripts under it.

    Raises UsageProblem when a path does not exist, InputError when a file is not text.
    """
    texts: list[tuple[str, str]] = []
    for path in paths:
        if path.is_dir():
            inside = sorted(item for item in path.rglob("*") if item.suffix in _LINTED)
            chosen = [item for item in inside if item.is_file() and not _is_hidden(item, path)]
        else:
            chosen = [path]
        for item in chosen:
            try:
                texts.append((item.as_posix(), read_text(item, LIMIT_BYTES)))
            except InputError as error:
                if error.diagnostics[0].code == "file-not-readable":
                    raise UsageProblem(*error.diagnostics) from error
                raise
    return texts


def _is_hidden(path: Path, root: Path) -> bool:
    return any(part.startswith(".") for part in path.relative_to(root).parts)


def check_kubernetes(version: str) -> None:
    """Refuse a Kubernetes version that there are no schemas for."""
    try:
        SchemaStore(version)
    except UnknownKubernetesVersionError as error:
        raise _usage("--kubernetes", str(error), "kubernetes-version-unknown") from error
