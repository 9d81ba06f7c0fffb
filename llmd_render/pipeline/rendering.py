"""A loaded profile to a checked tree in memory: resolve, render, read back, check."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from llmd_render.catalog import Catalog, load_catalog
from llmd_render.diagnostics import Diagnostic, has_blocking
from llmd_render.lint import acknowledge, lint_calls, lint_scripts, lint_tree
from llmd_render.manifest import read_tree
from llmd_render.render import RenderedFile, TemplateFolder, render
from llmd_render.resources import bundled
from llmd_render.stack import Stack, resolve
from llmd_render.validate import Admission, SchemaStore, check_tree, later_schemas
from llmd_render.versions import ASSUMED, UNSTATED, Changes, Versions, compare

from .folders import Folders
from .judging import Judging
from .target import versions_of
from .usage import usage_problem

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Sequence

    from .loading import LoadedProfile


@dataclass(frozen=True, slots=True)
class Outcome:
    """A rendered tree in memory and everything that was found; written only when it is ok.

    `changes` says what the versions of a target find otherwise than those of the profile.
    """

    name: str
    files: tuple[RenderedFile, ...]
    diagnostics: tuple[Diagnostic, ...]
    stack: Stack | None = None
    changes: Changes | None = None

    @property
    def ok(self) -> bool:
        """Whether nothing found stops the tree from being written."""
        return not has_blocking(self.diagnostics)


def render_profile(
    loaded: LoadedProfile,
    folders: Folders = Folders(),
    catalog: Catalog | None = None,
    target: Versions = UNSTATED,
    judging: Judging = Judging(),
) -> Outcome:
    """Take a profile through all further stages: resolve, render, read back, check.

    An error of the rules stops before rendering. The tree is that of the profile's own versions,
    and is judged against those of the target, too. Raises InputError on a broken template.
    """
    profile, facts = loaded.profile, catalog or load_catalog()
    early = acknowledge(list(loaded.diagnostics), profile, loaded.positions)
    versions = versions_of(profile, facts)
    own, other = list(loaded.own), list(loaded.under_target)
    if has_blocking(early):
        found = tuple(_without_unused(early))
        changes = _compare(versions, target, own, other, loaded)
        return Outcome(profile.name, (), found, changes=changes)
    stack = resolve(profile, facts)
    files = render(stack, template_folders(folders))
    own += check_files(files, versions, judging, {item.code for item in own})
    if target != UNSTATED:
        others = target.completed(versions)
        other += check_files(files, others, judging, {item.code for item in other})
    found = tuple(acknowledge(list(dict.fromkeys((*own, *other))), profile, loaded.positions))
    changes = _compare(versions, target, own, other, loaded)
    return Outcome(profile.name, files, found, stack, changes)


def _compare(
    versions: Versions,
    target: Versions,
    own: list[Diagnostic],
    other: list[Diagnostic],
    loaded: LoadedProfile,
) -> Changes | None:
    if target == UNSTATED:
        return None
    earlier, later = (
        list(_without_unused(acknowledge(found, loaded.profile, loaded.positions)))
        for found in (own, other)
    )
    return compare(versions, target, earlier, later)


def _without_unused(diagnostics: Iterable[Diagnostic]) -> Iterator[Diagnostic]:
    """Drop what cannot be known before the tree exists: which acknowledgements go unused."""
    return (item for item in diagnostics if item.code != "lint-ignore-unused")


def template_folders(folders: Folders) -> list[TemplateFolder]:
    """List the folders of templates, a user's in front of the shipped ones."""
    own = []
    for folder in folders.templates:
        if not folder.is_dir():
            raise usage_problem(str(folder), "there is no such folder", "folder-not-found")
        own.append(TemplateFolder(str(folder), folder))
    return [*own, TemplateFolder("templates", bundled("templates"))]


def check_files(
    files: Sequence[RenderedFile],
    versions: Versions = ASSUMED,
    judging: Judging = Judging(),
    said: Collection[str] = (),
) -> list[Diagnostic]:
    """Check a tree as API server, kustomize and bash would read it.

    `said` names the rules that found something in the profile of the tree.
    """
    full = versions.completed(ASSUMED)
    store = SchemaStore(full.kubernetes, judging.crds, later_schemas(versions))
    admission = Admission(store, kserve=full.kserve, unevaluated=judging.unevaluated)
    tree, found = read_tree(files)
    tree = replace(tree, target=versions)
    found += check_tree(tree, admission)
    found += lint_tree(tree, said)
    found += lint_scripts((item.path, item.text, item.template) for item in files)
    found += lint_calls(tree, {item.path: item.template for item in files})
    return found
