"""The manifests of a tree that the scripts of it apply; shared by the rules about them."""

from __future__ import annotations

import posixpath
from dataclasses import dataclass
from typing import TYPE_CHECKING

from llmd_render.kustomization import is_kustomization, list_references

from .scripts import list_values

if TYPE_CHECKING:
    from collections.abc import Iterator

    from llmd_render.command_line import Invocation
    from llmd_render.manifest import Manifest, Tree
    from llmd_render.script import Word


@dataclass(frozen=True, slots=True)
class Applied:
    """A file or folder that a call of kubectl reads: as written, and what is in it."""

    word: Word
    written: str
    manifests: tuple[Manifest, ...]


def list_applied(tree: Tree, call: Invocation, *options: str) -> Iterator[Applied]:
    """List what a call reads by some options, where that is certain: `--filename`, `--kustomize`.

    A path counts as known where one place alone that it may start from has such a file.
    """
    for word, text in list_values(call, *options):
        for written in text.split(",") if word.is_known else ():
            found = find_path(tree, call.call.file, written)
            if found:
                yield Applied(word, written, tuple(_read(tree, found)))


def find_path(tree: Tree, script: str, written: str) -> str:
    """Find a file or folder that a script names; nothing where it may be several, or none."""
    if "://" in written or written.startswith(("/", "~", "-")):
        return ""
    folders = {posixpath.dirname(path) for path in tree.files}
    starts = dict.fromkeys(("", *list_parents(script)))
    found = {posixpath.normpath(posixpath.join(start, written)) for start in starts}
    known = sorted(path for path in found if path in tree.files or path in folders)
    return known[0] if len(known) == 1 else ""


def list_parents(path: str) -> Iterator[str]:
    """List the folders that a file is in, the nearest first."""
    folder = posixpath.dirname(path)
    while folder:
        yield folder
        above = posixpath.dirname(folder)
        folder = above if above != folder else ""


def _read(tree: Tree, path: str) -> Iterator[Manifest]:
    files = {path} if path in tree.files else _list_files(tree, path)
    for manifest in tree.manifests:
        if manifest.file in files and not is_kustomization(manifest.file):
            yield manifest


def _list_files(tree: Tree, folder: str) -> set[str]:
    """List the files that a folder stands for: what its kustomization lists, or what is in it."""
    listed: dict[str, list[str]] = {}
    for item in list_references(tree):
        if not item.is_patch and not item.is_setting:
            here = posixpath.dirname(item.kustomization.file)
            listed.setdefault(here, []).append(item.target)
    if folder not in listed:
        return {path for path in tree.files if posixpath.dirname(path) == folder}
    found: set[str] = set()
    todo = [folder]
    while todo:
        current = todo.pop()
        if current not in found:
            found.add(current)
            todo += listed.get(current, [])
    return found
