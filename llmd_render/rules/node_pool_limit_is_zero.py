r"""The upper limit of a node pool's autoscaling is 1 or more.

Who wants no nodes sets the size, with `gcloud container clusters resize --num-nodes=0`. A limit of
0 is refused, or leaves a pool that can never have a node; what waits for its nodes waits for ever.

Source: https://cloud.google.com/kubernetes-engine/docs/concepts/cluster-autoscaler (2026)

Passes:

    pool.sh: |
      gcloud container node-pools update tpu --cluster=llmd --zone=europe-west4-a \
        --enable-autoscaling --min-nodes=0 --max-nodes=1

Fails:

    pool.sh: |
      gcloud container node-pools update tpu --cluster=llmd --zone=europe-west4-a \
        --enable-autoscaling --min-nodes=0 --max-nodes=0
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from llmd_render.diagnostics import Severity

from .rule import TreeRule, TreeViolation
from .subjects.scripts import gcloud_calls, violate
from .subjects.tpu_pods import read_count

if TYPE_CHECKING:
    from collections.abc import Iterator

    from llmd_render.command_line import Invocation
    from llmd_render.manifest import Tree

_COMMANDS = (
    "container clusters create",
    "container clusters update",
    "container node-pools create",
    "container node-pools update",
)
_SWITCH = "--enable-autoscaling"
_LIMITS = (("--min-nodes", "--max-nodes"), ("--total-min-nodes", "--total-max-nodes"))


def _check(tree: Tree) -> Iterator[TreeViolation]:
    for call in gcloud_calls(tree, *_COMMANDS):
        if call.is_open or (call.has(_SWITCH) and not call.is_on(_SWITCH)):
            continue
        limits = [(low, high) for low, high in _LIMITS if call.has(high)]
        # With two kinds of limits one of them counts, and limits that are swapped are told so.
        if len(limits) == 1 and not read_count(call.text(limits[0][0])):
            yield from _judge(call, limits[0][1])


def _judge(call: Invocation, limit: str) -> Iterator[TreeViolation]:
    given = call.find(limit)
    if given is None or read_count(given.text) != 0:
        return
    yield violate(
        given.word,
        call,
        f"{limit} is 0, so the node pool can have no node, whatever waits for one",
        f"set {limit} to 1 or more; to empty the pool use gcloud container clusters resize "
        "--num-nodes=0",
    )


RULE = TreeRule("node-pool-limit-is-zero", Severity.WARNING, _check, acknowledgeable=True)
