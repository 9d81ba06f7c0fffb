r"""A TPU node pool takes its machines from one kind of capacity.

Spot, flex-start and a reservation are three ways to get machines. gcloud sends any mixture of them
unread, and only one can take effect. Google's guide to flex-start switches reservations off with
`--reservation-affinity=none`.

Source: Google Cloud SDK 528.0.0, googlecloudsdk/api_lib/container/api_adapter.py (2025-06)

Passes:

    pool.sh: |
      gcloud container node-pools create tpu --cluster=llmd --zone=europe-west4-a --num-nodes=1 \
        --machine-type=ct6e-standard-4t --reservation-affinity=specific --reservation=mine

Fails:

    pool.sh: |
      gcloud container node-pools create tpu --cluster=llmd --zone=europe-west4-a --num-nodes=1 \
        --machine-type=ct6e-standard-4t --reservation-affinity=specific --reservation=mine --spot
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


_KINDS = ("--spot", "--preemptible", "--flex-start")


def _check(tree: Tree) -> Iterator[TreeViolation]:
    for call in gcloud_calls(tree, "container node-pools create"):
        kinds = [name for name in _KINDS if call.is_on(name)]
        if call.text("--reservation-affinity") in {"any", "specific"} or call.has("--reservation"):
            kinds.append("a reservation")
        if tpu_chips(call) and len(kinds) > 1:
            word = next(item.word for item in call.given if item.flag.name == kinds[0])
            yield violate(
                word,
                call,
                f"the pool asks for {' and '.join(kinds)} at once",
                "keep one of them",
            )


RULE = TreeRule("tpu-pool-mixes-capacities", Severity.WARNING, _check, acknowledgeable=True)
