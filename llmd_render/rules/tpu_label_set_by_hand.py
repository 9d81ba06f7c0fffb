r"""No node pool is given the labels that GKE itself puts on TPU nodes.

GKE labels the nodes by machine type and topology. It has refused keys that it manages ("Node labels
with key … are managed by GKE"); for these two it was not tried. A label that says something else
than the machine has would send Pods to the wrong nodes.

Source: https://github.com/hashicorp/terraform-provider-google/issues/19677 (2024)

Passes:

    pool.sh: |
      gcloud container node-pools create tpu --cluster=llmd --zone=europe-west4-a \
        --machine-type=ct6e-standard-4t --num-nodes=1 --node-labels=team=search

Fails:

    pool.sh: |
      gcloud container node-pools create tpu --cluster=llmd --zone=europe-west4-a \
        --machine-type=ct6e-standard-4t --num-nodes=1 \
        --node-labels=cloud.google.com/gke-tpu-topology=2x2
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from llmd_render.diagnostics import Severity

from .rule import TreeRule, TreeViolation
from .subjects.scripts import CREATE_CLUSTER, gcloud_calls, list_values, violate

if TYPE_CHECKING:
    from collections.abc import Iterator

    from llmd_render.manifest import Tree

_CALLS = (*CREATE_CLUSTER, "container node-pools create", "container node-pools update")
_MANAGED = ("cloud.google.com/gke-tpu-accelerator", "cloud.google.com/gke-tpu-topology")


def _check(tree: Tree) -> Iterator[TreeViolation]:
    from llmd_render.command_line import list_pairs  # noqa: PLC0415 - only trees with scripts

    for call in gcloud_calls(tree, *_CALLS):
        for word, text in list_values(call, "--node-labels"):
            keys = [key for key, _ in list_pairs(text) if key in _MANAGED]
            if keys:
                names = " and ".join(keys)
                message = f"--node-labels sets {names}, which GKE puts on TPU nodes itself"
                yield violate(word, call, message, "leave it out, and let the machine type tell")


RULE = TreeRule("tpu-label-set-by-hand", Severity.WARNING, _check, acknowledgeable=True)
