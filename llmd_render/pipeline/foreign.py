"""Files that somebody else wrote, judged as ours are."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

from llmd_render.diagnostics import Diagnostic, InputError, Location
from llmd_render.kustomization import list_references
from llmd_render.lint import lint_scripts, lint_tree
from llmd_render.manifest import LIMIT_BYTES, Tree, read_manifests
from llmd_render.profile import API_VERSION
from llmd_render.source import read_text
from llmd_render.validate import SchemaStore, check_tree

from .loading import Folders, load_text
from .rendering import render_profile
from .target import DEFAULT_KUBERNETES, Target
from .usage import UsageProblem

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_LINTED = (".yaml", ".yml", ".sh")


@dataclass(slots=True)
class LintResult:
    """What was found in files that somebody else wrote, and how much was looked at."""

    diagnostics: list[Diagnostic] = field(default_factory=list)
    files: int = 0
    documents: int = 0


def lint_paths(
    texts: Sequence[tuple[str, str]],
    folders: Folders = Folders(),
    target: Target = Target(),
) -> LintResult:
    """Judge files as (path, text): manifests, kustomizations, scripts and profiles."""
    result = LintResult(files=len(texts))
    store = SchemaStore(target.schemas_of(DEFAULT_KUBERNETES))
    manifests = []
    for path, text in texts:
        if path.endswith(".sh"):
            result.diagnostics += lint_scripts([(path, text, "")])
            continue
        documents, problems = read_manifests(text, path)
        result.diagnostics += problems
        result.documents += len(documents)
        if len(documents) == 1 and documents[0].api_version == API_VERSION:
            result.diagnostics += _lint_profile_text(text, path, folders, target)
            continue
        manifests += documents
    tree = Tree(dict(texts), tuple(manifests))
    known = {item.target for item in list_references(tree) if Path(item.target).exists()}
    tree = replace(tree, elsewhere=frozenset(known))
    result.diagnostics += check_tree(tree, store)
    result.diagnostics += lint_tree(tree)
    scripts = any(path.endswith(".sh") for path, _ in texts)
    if not result.documents and not scripts and not result.diagnostics:
        place = texts[0][0] if texts else "-"
        result.diagnostics.append(
            Diagnostic(Location(place), "there is nothing here to judge", "lint-input-empty")
        )
    return result


def _lint_profile_text(
    text: str, path: str, folders: Folders, target: Target
) -> Iterator[Diagnostic]:
    try:
        loaded = load_text(text, path, folders=folders, target=target)
    except InputError as error:
        yield from error.diagnostics
        return
    yield from render_profile(loaded, folders, target=target).diagnostics


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
