"""What kustomizations refer to, and what kustomize reads into files by their names and roles."""

from __future__ import annotations

import posixpath
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

    from .diagnostics import DataPath
    from .manifest import Manifest, Tree

KUSTOMIZATIONS = ("kustomization.yaml", "kustomization.yml", "Kustomization")
_PLUGINS = ("generators", "transformers", "validators")
_LISTS = (
    "bases",
    "components",
    "configurations",
    "crds",
    "patchesStrategicMerge",
    "resources",
    *_PLUGINS,
)
_PATHS = ("patches", "replacements", "patchesJson6902")
_PATCHES = ("patches", "patchesStrategicMerge", "patchesJson6902")
_SETTINGS = ("configurations", "openapi", "replacements", *_PLUGINS)
_DEFAULTS = {"apiVersion": "kustomize.config.k8s.io/v1beta1", "kind": "Kustomization"}


@dataclass(frozen=True, slots=True)
class Reference:
    """A file or folder that a kustomization names: as written, and as a path in the tree."""

    kustomization: Manifest
    path: DataPath
    written: str
    target: str

    @property
    def is_patch(self) -> bool:
        """Whether the file holds a part of an object, or operations on one."""
        return self.path[0] in _PATCHES

    @property
    def is_setting(self) -> bool:
        """Whether the file holds settings of kustomize, and no objects."""
        return self.path[0] in _SETTINGS


def complete_kustomization(manifest: Manifest) -> Manifest:
    """Give a kustomization the version and kind that it may leave out."""
    if not is_kustomization(manifest.file) or not isinstance(manifest.data, dict):
        return manifest
    return replace(manifest, data=_DEFAULTS | manifest.data)


def is_kustomization(path: str) -> bool:
    """Whether a file is a kustomization, which is decided by its name."""
    return path.rpartition("/")[2] in KUSTOMIZATIONS


def list_references(tree: Tree) -> Iterator[Reference]:
    """List every local file or folder that the kustomizations of a tree name."""
    for manifest in tree.manifests:
        if not is_kustomization(manifest.file) or not isinstance(manifest.data, dict):
            continue
        folder = manifest.file.rpartition("/")[0]
        for path, written in _find_names(manifest.data):
            if "://" in written or "?ref=" in written or "\n" in written:
                continue
            target = posixpath.normpath(posixpath.join(folder, written))
            yield Reference(manifest, path, written, target)


def _find_names(data: dict[str, Any]) -> Iterator[tuple[DataPath, str]]:
    for key in _LISTS:
        for index, item in _items(data.get(key)):
            if isinstance(item, str):
                yield (key, index), item
    for key in _PATHS:
        for index, item in _items(data.get(key)):
            if isinstance(item, dict) and isinstance(item.get("path"), str):
                yield (key, index, "path"), item["path"]
    openapi = data.get("openapi")
    if isinstance(openapi, dict) and isinstance(openapi.get("path"), str):
        yield ("openapi", "path"), openapi["path"]


def _items(value: object) -> Iterator[tuple[int, object]]:
    if isinstance(value, list):
        yield from enumerate(value)
