r"""A node pool of single TPU hosts is created without a topology.

GKE derives the topology of a slice of one host from the machine type, and labels the nodes with it.
It has refused `--tpu-topology` for such a pool, with one chip a host; with four it has accepted it.

Source: https://github.com/AI-Hypercomputer/xpk (2026-06-25)

Passes:

    create.sh: |
      gcloud container node-pools create tpu --cluster=c --machine-type=ct6e-standard-4t \
        --tpu-topology=4x4 --num-nodes=4

Fails:

    create.sh: |
      gcloud container node-pools create tpu --cluster=c --machine-type=ct6e-standard-1t \
        --tpu-topology=1x1
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from llmd_render.diagnostics import Severity, Violation

from .rule import TreeRule, TreeViolation
from .subjects.node_pools import tpu_node_pools

if TYPE_CHECKING:
    from collections.abc import Iterator

    from llmd_render.manifest import Tree

_FLAG = "--tpu-topology"


def _check(tree: Tree) -> Iterator[TreeViolation]:
    for pool in tpu_node_pools(tree):
        topology = pool.text(_FLAG)
        if not topology:
            continue
        from llmd_render.catalog import find_topology, load_catalog  # noqa: PLC0415 - seldom needed

        row = find_topology(load_catalog(), pool.machine.name, topology)
        if row is not None and not row.multi_host:
            yield TreeViolation(
                pool.locate(_FLAG),
                Violation(
                    (),
                    f"{_FLAG} is {topology}, which one {pool.machine.name} forms, and GKE has "
                    "refused the flag for slices of one host",
                    f"leave {_FLAG} out; GKE labels the nodes with the topology itself",
                ),
            )


RULE = TreeRule("tpu-topology-of-one-host", Severity.WARNING, _check, acknowledgeable=True)
