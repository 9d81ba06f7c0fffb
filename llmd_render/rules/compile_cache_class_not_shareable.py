"""A shared compile cache names a StorageClass that can share it.

Without one the tree brings a class of Google's block disks. Their driver refuses a ReadWriteMany
volume with a file system, and the claim stays pending.

Source: https://github.com/kubernetes-sigs/gcp-compute-persistent-disk-csi-driver (2026)

Passes:

    server: {compileCache: {accessMode: ReadWriteMany, storageClass: filestore}}

Fails:

    server: {compileCache: {accessMode: ReadWriteMany}}
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from llmd_render.diagnostics import Severity, Violation

from .rule import ProfileRule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from llmd_render.catalog import Catalog
    from llmd_render.profile import Profile


def _check(profile: Profile, _catalog: Catalog) -> Iterator[Violation]:
    cache = profile.server.compile_cache
    if cache is None or cache.access_mode != "ReadWriteMany" or cache.storage_class:
        return
    yield Violation(
        ("server", "compileCache", "accessMode"),
        "the compile cache is ReadWriteMany, and the disks of the StorageClass that the tree "
        "brings cannot be shared",
        "set server.compileCache.storageClass to one that can, such as Filestore's, or accessMode "
        "to ReadWriteOnce",
    )


RULE = ProfileRule("compile-cache-class-not-shareable", Severity.ERROR, _check)
