"""A file that a script applies, sources or runs exists.

A script ends there, or goes on without what it was to do. Paths from the folder of the script are
known; of others it is said only where no file of such a path is anywhere in the tree or around it,
where the script stays in its folder, and where nothing in the tree could write the file.

Source: https://pubs.opengroup.org/onlinepubs/9799919799/utilities/V3_chap02.html (2024)

Passes:

    config.yaml: |
      apiVersion: v1
      kind: ConfigMap
      metadata: {name: example}
    deploy.sh: |
      kubectl apply -f config.yaml

Fails:

    config.yaml: |
      apiVersion: v1
      kind: ConfigMap
      metadata: {name: example}
    deploy.sh: |
      kubectl apply -f configuration.yaml
"""

from __future__ import annotations

import posixpath
import re
from typing import TYPE_CHECKING

from llmd_render.diagnostics import Severity, Violation, suggest

from .rule import TreeRule, TreeViolation
from .subjects.applied_files import list_parents
from .subjects.named_files import named_files
from .subjects.objects import once
from .subjects.scripts import scripts

if TYPE_CHECKING:
    from collections.abc import Iterator

    from llmd_render.manifest import Tree
    from llmd_render.script import Call, Script

    from .subjects.named_files import NamedFile

# What brings files that no script names, or goes where others are.
_BRINGING = frozenset({"cd", "git", "pushd", "rsync", "tar", "unzip"})
_ONLY_ASKS = re.compile(r"&&\s*pwd(?:\s+-P)?\s*\)?\"?\s*$")
# A failure that is expected, and the tests for a file.
_TOLERANT = re.compile(r"\|\||2>\s*/dev/null|&>\s*/dev/null|\[\[? |\btest -|--ignore-not-found")


def _check(tree: Tree) -> Iterator[TreeViolation]:
    folders = _list_folders(tree)
    texts = {script.file: script for script in scripts(tree)}
    for item in named_files(tree):
        script = texts[item.call.file]
        if _is_there(tree, folders, item) or _TOLERANT.search(script.excerpt(item.word.line)):
            continue
        moves = any(_moves(script, call) for call in script.calls)
        if (moves and not item.is_certain) or _may_be_written(tree, item):
            continue
        message = f"the script {item.use} {item.written}, which does not exist"
        yield TreeViolation(item.call.locate(item.word), Violation((), message, _hint(tree, item)))


def _moves(script: Script, call: Call) -> bool:
    """Whether a call brings files or goes elsewhere, but for `$(cd … && pwd)`, which comes back."""
    line = script.excerpt(call.line)
    comes_back = line[: call.column - 1].rstrip().endswith("(") or _ONLY_ASKS.search(line)
    return call.program in _BRINGING and not (call.program == "cd" and comes_back)


def _hint(tree: Tree, item: NamedFile) -> str:
    """Name a file that is nearly called so, from where the script is."""
    here = posixpath.dirname(item.call.file) or "."
    stem, suffix = posixpath.splitext(item.written)
    paths = [posixpath.relpath(path, here) for path in tree.files]
    stems = [path.removesuffix(suffix) for path in paths if suffix and path.endswith(suffix)]
    near = suggest(stem, stems)
    return f"did you mean `{near}{suffix}`?" if near else "add the file, or write its path"


@once
def _list_folders(tree: Tree) -> Iterator[str]:
    seen: dict[str, None] = {}
    for path in tree.files:
        seen |= dict.fromkeys(list_parents(path))
    seen[""] = None
    return iter(seen)


def _is_there(tree: Tree, folders: tuple[str, ...], item: NamedFile) -> bool:
    there = {*tree.files, *folders, *tree.elsewhere}
    if not there.isdisjoint(item.paths):
        return True
    if item.is_certain:
        return False
    # Wherever a script is started: a file of this path somewhere is perhaps meant.
    tail = re.sub(r"^(\.\.?/)+", "", posixpath.normpath(item.written))
    return any(path.endswith(f"/{tail}") for path in there)


def _may_be_written(tree: Tree, item: NamedFile) -> bool:
    """Whether something in the tree speaks of the file beside the calls that need it."""
    name = item.written if item.is_folder else posixpath.basename(item.written)
    needing = sum(f"/{other.written}".endswith(f"/{name}") for other in named_files(tree))
    written = re.compile(rf"(?<![\w.-]){re.escape(name)}(?![\w-])")
    return sum(len(written.findall(text)) for text in tree.files.values()) > needing


RULE = TreeRule("script-names-missing-file", Severity.WARNING, _check, acknowledgeable=True)
