r"""Labels that a TPU node pool is given are those that GKE puts on its nodes.

GKE labels TPU nodes with their accelerator and topology, and Pods select nodes by that. The same
label with another value at best changes nothing, and at worst lets Pods run where their chips are
not.

Source: https://cloud.google.com/kubernetes-engine/docs/how-to/tpus (2026)

Passes:

    pool.sh: |
      gcloud container node-pools create tpu --cluster=llmd --zone=europe-west4-a --num-nodes=1 \
        --machine-type=ct6e-standard-4t --node-labels=cloud.google.com/gke-tpu-topology=2x2

Fails:

    pool.sh: |
      gcloud container node-pools create tpu --cluster=llmd --zone=europe-west4-a --num-nodes=1 \
        --machine-type=ct6e-standard-4t --node-labels=cloud.google.com/gke-tpu-topology=2x4
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from llmd_render.diagnostics import Severity

from .rule import TreeRule, TreeViolation
from .subjects.node_pools import slice_of_pool, tpu_node_pools
from .subjects.scripts import violate
from .subjects.tpu_pods import ACCELERATOR, TOPOLOGY, label_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from llmd_render.manifest import Tree

_OPTION = "--node-labels"


def _check(tree: Tree) -> Iterator[TreeViolation]:
    for pool in tpu_node_pools(tree):
        given, own = pool.call.find(_OPTION), slice_of_pool(pool)
        if given is None or not given.text or own is None:
            continue
        from llmd_render.catalog import load_catalog  # noqa: PLC0415 - seldom needed
        from llmd_render.command_line import list_pairs  # noqa: PLC0415 - seldom needed

        right = {ACCELERATOR: label_of(pool.machine, load_catalog()), TOPOLOGY: own.topology}
        pairs = [(key, value) for key, value in list_pairs(given.text) if key in right]
        wrong = [(key, value) for key, value in pairs if value != right[key]]
        if wrong:
            said = " and ".join(f"{key}={value}" for key, value in wrong)
            there = " and ".join(right[key] for key, _ in wrong)
            yield violate(
                given.word,
                pool.call,
                f"{_OPTION} has {said}, and GKE gives nodes of {pool.machine.name} {there} there",
                "leave the label out, because GKE sets it itself",
            )


RULE = TreeRule(
    "node-pool-labels-contradict-machine", Severity.WARNING, _check, acknowledgeable=True
)
