"""The TPU node pool may grow to one node for each replica.

A replica takes all chips of its node, so no two share one. Replicas beyond the pool's limit wait
for ever.

Source: https://cloud.google.com/kubernetes-engine/docs/concepts/tpus (2026)

Passes:

    service: {replicas: 2}
    cluster: {tpuPool: {maxNodes: 2}}

Fails:

    service: {replicas: 2}
    cluster: {tpuPool: {maxNodes: 1}}
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
    most, replicas = profile.cluster.tpu_pool.max_nodes, profile.service.replicas
    if most is not None and most < replicas:
        yield Violation(
            ("cluster", "tpuPool", "maxNodes"),
            f"cluster.tpuPool.maxNodes is {most}, and service.replicas is {replicas}, each of "
            "which takes a whole node",
            f"set cluster.tpuPool.maxNodes to {replicas} or more, or leave it out",
        )


RULE = ProfileRule("node-pool-too-small", Severity.ERROR, _check)
