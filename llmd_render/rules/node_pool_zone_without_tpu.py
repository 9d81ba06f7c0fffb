r"""A TPU node pool is created in a zone where GKE has its machines.

TPUs exist in a few zones, often in one letter of a region and not in the next. Elsewhere the
creation ends with an unsupported configuration, after the cluster was paid for.

Source: https://cloud.google.com/tpu/docs/regions-zones (2026)

Passes:

    pool.sh: |
      gcloud container node-pools create tpu --cluster=llmd --zone=us-central1-b \
        --machine-type=ct6e-standard-4t --num-nodes=1

Fails:

    pool.sh: |
      gcloud container node-pools create tpu --cluster=llmd --zone=us-central1-a \
        --machine-type=ct6e-standard-4t --num-nodes=1
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from llmd_render.diagnostics import Severity, Violation

from .rule import TreeRule, TreeViolation
from .subjects.node_pools import tpu_node_pools

if TYPE_CHECKING:
    from collections.abc import Iterator

    from llmd_render.manifest import Tree

    from .subjects.node_pools import NodePool

# Where the nodes are said to be, the cluster's own place does not count.
_OPTIONS = ("--node-locations", "--zone", "--location")


def _check(tree: Tree) -> Iterator[TreeViolation]:
    for pool in tpu_node_pools(tree):
        option = next((name for name in _OPTIONS if pool.call.has(name)), "")
        for zone in pool.text(option).split(",") if option else ():
            better = _zones_instead(pool, zone)
            if better:
                from .subjects.facts import listed  # noqa: PLC0415 - only trees with scripts need it

                message = f"the zone {zone} has no {pool.machine.name} on GKE"
                violation = Violation((), message, f"use {listed(better)}")
                yield TreeViolation(pool.locate(option), violation)


def _zones_instead(pool: NodePool, zone: str) -> list[str]:
    """List zones with the machines of a pool where this one is known to have none."""
    from llmd_render.catalog import find_zone, load_catalog  # noqa: PLC0415 - seldom needed

    from .subjects.facts import zones_with  # noqa: PLC0415 - it loads the catalog, too

    catalog = load_catalog()
    row = find_zone(catalog, pool.machine.accelerator, zone)
    if row is None or row.listed is not False:
        return []
    return zones_with(catalog, pool.machine.accelerator, zone)


# The zones without are known from reports that others contradict.
RULE = TreeRule(
    "node-pool-zone-without-tpu",
    Severity.WARNING,
    _check,
    acknowledgeable=True,
    covered_by=("tpu-zone-without-accelerator",),
)
