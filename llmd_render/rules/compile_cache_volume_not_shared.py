"""Replicas that share a compile cache share a volume that can be mounted on several nodes.

All replicas of the service mount the same claim. One with ReadWriteOnce attaches to a single node,
and every TPU node runs one replica, so all but the first wait for ever.

Source: https://kubernetes.io/docs/concepts/storage/persistent-volumes/#access-modes (2026)

Passes:

    service: {replicas: 2}
    server: {compileCache: {accessMode: ReadWriteMany, storageClass: filestore}}

Fails:

    service: {replicas: 2}
    server: {compileCache: {accessMode: ReadWriteOnce}}
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
    cache, replicas = profile.server.compile_cache, profile.service.replicas
    if cache is None or cache.access_mode != "ReadWriteOnce" or replicas == 1:
        return
    yield Violation(
        ("server", "compileCache", "accessMode"),
        f"the compile cache is ReadWriteOnce, which one node can mount, and service.replicas is "
        f"{replicas}, each on a node of its own",
        "set accessMode to ReadWriteMany with a storageClass that can do it, such as Filestore's, "
        "or leave server.compileCache out",
    )


RULE = ProfileRule("compile-cache-volume-not-shared", Severity.ERROR, _check)
