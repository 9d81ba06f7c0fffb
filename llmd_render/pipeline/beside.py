"""Kustomizations that nobody asked to judge, and that tell what files beside them are for."""

from __future__ import annotations

import posixpath
from pathlib import Path
from typing import TYPE_CHECKING

from llmd_render.diagnostics import InputError
from llmd_render.kustomization import KUSTOMIZATIONS, is_kustomization, list_references
from llmd_render.manifest import Tree, read_manifests
from llmd_render.source import read_text

if TYPE_CHECKING:
    from llmd_render.kustomization import Reference
    from llmd_render.manifest import Manifest

_LIMIT_BYTES = 1_000_000
_HIGHEST = 2


def find_beside(tree: Tree) -> list[Reference]:
    """List what kustomizations beside and just above the files of a tree refer to.

    Somebody lints one patch, or a folder of patches: what they are stands in another file.
    """
    if not any(not is_kustomization(item.file) for item in tree.manifests):
        return []
    folders = {posixpath.dirname(item.file) for item in tree.manifests}
    for _ in range(_HIGHEST):
        folders |= {posixpath.normpath(posixpath.join(item, "..")) for item in folders}
    found: list[Manifest] = []
    for folder in sorted(folders):
        for name in KUSTOMIZATIONS:
            path = posixpath.normpath(posixpath.join(folder, name))
            if path not in tree.files:
                found += _read(path)
    return list(list_references(Tree({}, tuple(found))))


def _read(path: str) -> list[Manifest]:
    try:
        if not Path(path).is_file():
            return []
        return read_manifests(read_text(Path(path), _LIMIT_BYTES, path), path)[0]
    except (InputError, OSError):  # nobody asked to judge it
        return []
