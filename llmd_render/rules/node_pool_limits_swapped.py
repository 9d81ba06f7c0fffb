r"""The lower limit of a node pool's autoscaling is not above its upper one.

GKE refuses limits that contradict each other.

Source: https://cloud.google.com/kubernetes-engine/docs/concepts/cluster-autoscaler (2026)

Passes:

    pool.sh: |
      gcloud container node-pools create cpu --cluster=llmd --zone=europe-west4-a --num-nodes=1 \
        --enable-autoscaling --min-nodes=1 --max-nodes=3

Fails:

    pool.sh: |
      gcloud container node-pools create cpu --cluster=llmd --zone=europe-west4-a --num-nodes=1 \
        --enable-autoscaling --min-nodes=5 --max-nodes=3
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from llmd_render.diagnostics import Severity

from .rule import TreeRule, TreeViolation
from .subjects.scripts import gcloud_calls, violate
from .subjects.tpu_pods import read_count

if TYPE_CHECKING:
    from collections.abc import Iterator

    from llmd_render.manifest import Tree

_COMMANDS = (
    "container clusters create",
    "container clusters update",
    "container node-pools create",
    "container node-pools update",
)
_LIMITS = (("--min-nodes", "--max-nodes"), ("--total-min-nodes", "--total-max-nodes"))


def _check(tree: Tree) -> Iterator[TreeViolation]:
    for call in gcloud_calls(tree, *_COMMANDS):
        for lower, upper in _LIMITS:
            least, most = read_count(call.text(lower)), read_count(call.text(upper))
            given = call.find(lower)
            if given is not None and least is not None and most is not None and least > most:
                message = f"{lower} is {least}, and {upper} is {most}"
                hint = f"set {lower} to {most} or less, or {upper} to {least} or more"
                yield violate(given.word, call, message, hint)


RULE = TreeRule("node-pool-limits-swapped", Severity.ERROR, _check, acknowledgeable=True)
