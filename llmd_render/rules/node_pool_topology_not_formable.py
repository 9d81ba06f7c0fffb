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
from math import prod
from typing import TYPE_CHECKING

from llmd_render.diagnostics import Severity, Violation

from .rule import TreeRule, TreeViolation
from .subjects.node_pools import tpu_node_pools
from .subjects.tpu_pods import read_count

if TYPE_CHECKING:
    from collections.abc import Iterator

    from llmd_render.catalog import Topology
    from llmd_render.diagnostics import Location
    from llmd_render.manifest import Tree

    from .subjects.node_pools import NodePool

_TOPOLOGY = "--tpu-topology"
_NODES = "--num-nodes"
_DIMENSIONS_OF_A_LIST = 2


def _check(tree: Tree) -> Iterator[TreeViolation]:
    for pool in tpu_node_pools(tree):
        topology = pool.text(_TOPOLOGY)
        if topology:
            for place, violation in _judge(pool, topology):
                yield TreeViolation(place, violation)


def _judge(pool: NodePool, topology: str) -> Iterator[tuple[Location, Violation]]:
    if not re.fullmatch(r"\d{1,4}(x\d{1,4}){1,2}", topology):
        message = f"{_TOPOLOGY} is `{topology}`, which is no topology"
        yield pool.locate(_TOPOLOGY), Violation((), message, "write it as 2x4 or 2x2x2")
        return
    rows = _list_rows(pool)
    row = next((item for item in rows if item.topology == topology), None)
    machine = pool.machine
    shape = [int(item) for item in topology.split("x")]
    # Of larger slices in three dimensions the catalog lists only the usual ones.
    listed = len(shape) == _DIMENSIONS_OF_A_LIST
    others = all(len(item.shape) != len(shape) for item in rows)
    chips = prod(shape)
    if row is None and rows and (listed or others or chips % machine.chips):
        shapes = ", ".join(item.topology for item in rows)
        message = (
            f"{_TOPOLOGY} is {topology}, and machines of type {machine.name} form no such slice; "
            f"they form {shapes}"
        )
        hint = f"set {_TOPOLOGY} to one of these, or use another machine type"
        yield pool.locate(_TOPOLOGY), Violation((), message, hint)
        return
    hosts = row.hosts if row else chips // machine.chips
    nodes = read_count(pool.text(_NODES))
    if hosts > 1 and nodes and nodes != hosts:
        message = (
            f"{_NODES} is {nodes}, and a slice of {topology} takes {hosts} nodes of {machine.name}"
        )
        yield pool.locate(_NODES), Violation((), message, f"set {_NODES} to {hosts}")


def _list_rows(pool: NodePool) -> list[Topology]:
    from llmd_render.catalog import load_catalog, topologies_of  # noqa: PLC0415 - seldom needed

    return list(topologies_of(load_catalog(), pool.machine.name))


RULE = TreeRule("node-pool-topology-not-formable", Severity.ERROR, _check, acknowledgeable=True)
