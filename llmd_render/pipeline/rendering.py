"""A loaded profile to a checked tree in memory: resolve, render, read back, check."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from llmd_render.catalog import Catalog, load_catalog
from llmd_render.diagnostics import Diagnostic, has_blocking
from llmd_render.lint import acknowledge, lint_calls, lint_scripts, lint_tree
from llmd_render.manifest import read_tree
from llmd_render.render import RenderedFile, TemplateFolder, render
from llmd_render.resources import bundled
from llmd_render.stack import Stack, resolve
from llmd_render.validate import DEFAULT_KSERVE, Admission, SchemaStore, check_tree

from .folders import Folders
from .judging import Judging
from .target import Target
from .usage import usage_problem

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Sequence

    from .loading import LoadedProfile


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


def render_profile(
    loaded: LoadedProfile,
    folders: Folders = Folders(),
    catalog: Catalog | None = None,
    target: Target = Target(),
    judging: Judging = Judging(),
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
    own = stack.cluster.kubernetes
    for kubernetes in sorted({own, target.schemas_of(own)}):
        for kserve in sorted({profile.kserve.version, target.kserve or profile.kserve.version}):
            said = {item.code for item in loaded.diagnostics}
            found += check_files(files, kubernetes, kserve, judging, said)
    acknowledged = acknowledge(list(dict.fromkeys(found)), profile, loaded.positions)
    return Outcome(profile.name, files, tuple(acknowledged), stack)


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
    kubernetes: str,
    kserve: str = DEFAULT_KSERVE,
    judging: Judging = Judging(),
    said: Collection[str] = (),
) -> list[Diagnostic]:
    """Check a tree as API server, kustomize and bash would read it.

    `said` names the rules that found something in the profile of the tree.
    """
    store = SchemaStore(kubernetes, judging.crds)
    admission = Admission(store, kserve=kserve, unevaluated=judging.unevaluated)
    tree, found = read_tree(files)
    found += check_tree(tree, admission)
    found += lint_tree(tree, said)
    found += lint_scripts((item.path, item.text, item.template) for item in files)
    found += lint_calls(tree, {item.path: item.template for item in files})
    return found
