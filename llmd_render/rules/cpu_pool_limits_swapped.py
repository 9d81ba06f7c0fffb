"""The CPU node pool's lower limit is not above its upper one.

gcloud refuses a node pool whose autoscaling limits contradict each other.

Source: https://cloud.google.com/kubernetes-engine/docs/concepts/cluster-autoscaler (2026)

Passes:

    cluster: {cpuPool: {minNodes: 3, maxNodes: 3}}

Fails:

    cluster: {cpuPool: {minNodes: 5, maxNodes: 3}}
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
    pool = profile.cluster.cpu_pool
    if pool.min_nodes > pool.max_nodes:
        yield Violation(
            ("cluster", "cpuPool", "minNodes"),
            f"cluster.cpuPool.minNodes is {pool.min_nodes}, more than maxNodes, which is "
            f"{pool.max_nodes}",
            f"set minNodes to {pool.max_nodes} or less, or maxNodes to {pool.min_nodes} or more",
        )


RULE = ProfileRule("cpu-pool-limits-swapped", Severity.ERROR, _check, acknowledgeable=False)
