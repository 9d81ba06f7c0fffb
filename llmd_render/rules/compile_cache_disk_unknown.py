"""The kind of disk that the TPU machine attaches is known, or a StorageClass is named.

TPU machines attach some kinds of Google's disks and not others, and a volume of the wrong kind
never attaches. For this generation no source says which.

Source: https://cloud.google.com/tpu/docs/setup-persistent-disk (2026)

Passes:

    zone: us-central1-c
    tpu: {type: tpu7x, topology: 2x2x1}
    server: {compileCache: {storageClass: hyperdisk}}

Fails:

    zone: us-central1-c
    tpu: {type: tpu7x, topology: 2x2x1}
    server: {compileCache: {size: 20Gi}}
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from llmd_render.diagnostics import Severity, Violation

from .rule import ProfileRule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from llmd_render.catalog import Catalog
    from llmd_render.profile import Profile


def _check(profile: Profile, catalog: Catalog) -> Iterator[Violation]:
    cache = profile.server.compile_cache
    accelerator = catalog.accelerators.get(profile.tpu.type)
    if cache is None or cache.storage_class or accelerator is None or accelerator.disk_type:
        return
    if cache.access_mode == "ReadWriteMany":
        return  # compile-cache-class-not-shareable
    yield Violation(
        ("server", "compileCache"),
        f"no source says which kind of disk machines with TPU {profile.tpu.type} attach, so the "
        "tree has no StorageClass to bring",
        "set server.compileCache.storageClass to one whose disks they attach",
    )


RULE = ProfileRule("compile-cache-disk-unknown", Severity.ERROR, _check, acknowledgeable=False)
