r"""Topology, machine type and number of nodes of a TPU pool belong to one slice.

With --num-nodes gcloud sends --tpu-topology unread, and GKE refuses the pool minutes later. A slice
has the product of its topology as chips; a machine has as many as its type ends in. A slice of more
than one machine is a whole pool. No nodes at all are right, for a pool that scales up later.

Source: Google Cloud SDK 528.0.0, googlecloudsdk/api_lib/container/api_adapter.py (2025-06)

Passes:

    pool.sh: |
      gcloud container node-pools create tpu --cluster=llmd --zone=europe-west4-a \
        --machine-type=ct6e-standard-4t --tpu-topology=4x4 --num-nodes=4

Fails:

    pool.sh: |
      gcloud container node-pools create tpu --cluster=llmd --zone=europe-west4-a \
        --machine-type=ct6e-standard-4t --tpu-topology=4x4 --num-nodes=1
"""

from __future__ import annotations

import re
from math import prod
from typing import TYPE_CHECKING

from llmd_render.diagnostics import Severity

from .rule import TreeRule, TreeViolation
from .script_calls import gcloud_calls, tpu_chips, violate

if TYPE_CHECKING:
    from collections.abc import Iterator

    from llmd_render.manifest import Tree


_TOPOLOGY = re.compile(r"\d{1,3}x\d{1,3}(x\d{1,3})?")


def _check(tree: Tree) -> Iterator[TreeViolation]:
    for call in gcloud_calls(tree, "container node-pools create"):
        topology, nodes = call.find("--tpu-topology"), call.text("--num-nodes")
        per_host = tpu_chips(call)
        if topology is None or not topology.text or not per_host:
            continue
        if not _TOPOLOGY.fullmatch(topology.text):
            if nodes:
                message = f"--tpu-topology is `{topology.text}`, which is no topology"
                yield violate(topology.word, call, message, "write it as 2x4 or 2x2x2")
            continue
        chips = prod(map(int, topology.text.split("x")))
        machine = call.text("--machine-type")
        if chips % per_host:
            message = f"a slice of {topology.text} has {chips} chips, and {machine} has {per_host}"
            hint = "choose a topology that whole machines form, or another machine type"
            yield violate(topology.word, call, message, hint)
        elif chips > per_host and nodes.isdigit() and int(nodes) not in {0, chips // per_host}:
            message = f"{nodes} of {machine} form no slice of {topology.text}"
            hint = f"write --num-nodes={chips // per_host}, or choose another topology"
            yield violate(topology.word, call, message, hint)


RULE = TreeRule("tpu-pool-contradicts-topology", Severity.ERROR, _check, acknowledgeable=True)
