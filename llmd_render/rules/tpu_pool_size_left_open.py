r"""A call that creates a TPU node pool says how many nodes it has.

Without --num-nodes and --tpu-topology gcloud makes three nodes in each zone: three TPU hosts,
billed from the first minute.

Source: Google Cloud SDK 528.0.0, googlecloudsdk/api_lib/container/api_adapter.py (2025-06)

Passes:

    pool.sh: |
      gcloud container node-pools create tpu --cluster=llmd --zone=europe-west4-a \
        --machine-type=ct6e-standard-4t --num-nodes=1

Fails:

    pool.sh: |
      gcloud container node-pools create tpu --cluster=llmd --zone=europe-west4-a \
        --machine-type=ct6e-standard-4t
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from llmd_render.diagnostics import Severity

from .rule import TreeRule, TreeViolation
from .subjects.node_pools import tpu_chips
from .subjects.scripts import gcloud_calls, violate

if TYPE_CHECKING:
    from collections.abc import Iterator

    from llmd_render.manifest import Tree


def _check(tree: Tree) -> Iterator[TreeViolation]:
    for call in gcloud_calls(tree, "container node-pools create"):
        if tpu_chips(call) and call.lacks("--num-nodes", "--tpu-topology"):
            machine = call.text("--machine-type")
            yield violate(
                call.call,
                call,
                f"the pool of {machine} gets three nodes in each zone, as --num-nodes is not there",
                "add --num-nodes=1, or the number of hosts of the slice",
            )


RULE = TreeRule("tpu-pool-size-left-open", Severity.WARNING, _check, acknowledgeable=True)
