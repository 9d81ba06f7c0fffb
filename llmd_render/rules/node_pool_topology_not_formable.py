r"""A node pool has a topology that its machines form, and as many nodes as that takes.

A slice of several hosts is built from whole machines, in few shapes, and its node pool has one node
for each host. GKE refuses a pool of another shape or size.

Source: https://github.com/AI-Hypercomputer/xpk (2026-06-25)

Passes:

    create.sh: |
      gcloud container node-pools create tpu --cluster=c --machine-type=ct6e-standard-4t \
        --tpu-topology=4x4 --num-nodes=4

Fails:

    create.sh: |
      gcloud container node-pools create tpu --cluster=c --machine-type=ct6e-standard-4t \
        --tpu-topology=4x4 --num-nodes=2
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from llmd_render.diagnostics import Severity, Violation

from .node_pools import tpu_node_pools
from .rule import TreeRule, TreeViolation
from .tpu_pods import read_count

if TYPE_CHECKING:
    from collections.abc import Iterator

    from llmd_render.diagnostics import Location
    from llmd_render.manifest import Tree

    from .node_pools import NodePool

_TOPOLOGY = "--tpu-topology"
_NODES = "--num-nodes"
_DIMENSIONS_OF_A_LIST = 2


def _check(tree: Tree) -> Iterator[TreeViolation]:
    for pool in tpu_node_pools(tree):
        topology = pool.text(_TOPOLOGY)
        if re.fullmatch(r"\d{1,4}(x\d{1,4})*", topology):
            for place, violation in _judge(pool, topology):
                yield TreeViolation(place, violation)


def _judge(pool: NodePool, topology: str) -> Iterator[tuple[Location, Violation]]:
    from llmd_render.catalog import load_catalog, topologies_of  # noqa: PLC0415 - seldom needed

    rows = topologies_of(load_catalog(), pool.machine.name)
    row = next((item for item in rows if item.topology == topology), None)
    nodes = read_count(pool.text(_NODES))
    if row is not None and row.multi_host and nodes and nodes != row.hosts:
        yield (
            pool.locate(_NODES),
            Violation(
                (),
                f"{_NODES} is {nodes}, and a slice of {topology} takes {row.hosts} nodes of "
                f"{pool.machine.name}",
                f"set {_NODES} to {row.hosts}",
            ),
        )
    # Of larger slices in three dimensions the catalog lists only the usual ones.
    dimensions = {len(item.shape) for item in rows}
    known_dimensions = topology.count("x") + 1 in dimensions
    if row is None and rows and not (known_dimensions and dimensions != {_DIMENSIONS_OF_A_LIST}):
        yield (
            pool.locate(_TOPOLOGY),
            Violation(
                (),
                f"{_TOPOLOGY} is {topology}, and machines of type {pool.machine.name} form no such "
                f"slice; they form {', '.join(item.topology for item in rows)}",
                f"set {_TOPOLOGY} to one of these, or use another machine type",
            ),
        )


RULE = TreeRule("node-pool-topology-not-formable", Severity.ERROR, _check, acknowledgeable=True)
