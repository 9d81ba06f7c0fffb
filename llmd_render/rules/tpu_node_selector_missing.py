"""A Pod that asks for TPU chips selects both the kind of TPU and its topology.

GKE admits no Pod with `google.com/tpu` that leaves one of the two node labels open. A Pod that
selects its nodes otherwise, by a compute class, a node pool, affinity, dynamic slicing or Kueue, is
left alone.

Source: https://github.com/GoogleCloudPlatform/accelerated-platforms (2026-08-20)

Passes:

    apiVersion: v1
    kind: Pod
    metadata: {name: example}
    spec:
      nodeSelector:
        cloud.google.com/gke-tpu-accelerator: tpu-v6e-slice
        cloud.google.com/gke-tpu-topology: 2x2
      containers:
        - name: main
          resources: {limits: {google.com/tpu: 4}}

Fails:

    apiVersion: v1
    kind: Pod
    metadata: {name: example}
    spec:
      nodeSelector:
        cloud.google.com/gke-tpu-accelerator: tpu-v6e-slice
      containers:
        - name: main
          resources: {limits: {google.com/tpu: 4}}
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from llmd_render.diagnostics import Severity, Violation
from llmd_render.lookup import value_at

from .rule import TreeRule, TreeViolation
from .subjects.objects import group_of, mapping_at
from .subjects.tpu_pods import ACCELERATOR, RESOURCE, TOPOLOGY, tpu_pods
from .subjects.whole_tree import is_complete

if TYPE_CHECKING:
    from collections.abc import Iterator

    from llmd_render.manifest import Tree

    from .subjects.tpu_pods import TpuPod

_KUEUE = "kueue.x-k8s.io"
_OTHER_WAYS = ("cloud.google.com/compute-class", "cloud.google.com/gke-nodepool")
# With dynamic slicing GKE chooses the nodes of a slice by these.
_PARTITION, _SLICE = "/gke-tpu-partition-", "cloud.google.com/gke-tpu-slice"
_EXAMPLES = {ACCELERATOR: "tpu-v6e-slice", TOPOLOGY: "2x2"}


def _check(tree: Tree) -> Iterator[TreeViolation]:
    if any(group_of(item) == _KUEUE for item in tree.manifests if item.is_object):
        return
    for pod in tpu_pods(tree):
        selected = mapping_at(pod.spec, "nodeSelector")
        missing = [label for label in (ACCELERATOR, TOPOLOGY) if label not in selected]
        if not pod.requests or not missing or _is_placed_otherwise(pod):
            continue
        if not is_complete(tree, pod.manifest):
            continue
        lines = " and ".join(f"{label}: {_EXAMPLES[label]}" for label in missing)
        yield TreeViolation(
            pod.manifest,
            Violation(
                (*pod.path, "nodeSelector") if selected else pod.requests[0],
                f"the Pod asks for {RESOURCE} and its nodeSelector lacks {' and '.join(missing)}",
                f"add the labels of the nodes, as in {lines}",
                key=bool(selected),
            ),
        )


def _is_placed_otherwise(pod: TpuPod) -> bool:
    selected = mapping_at(pod.spec, "nodeSelector")
    if any(label in selected for label in _OTHER_WAYS) or pod.spec.get("nodeName"):
        return True
    if _PARTITION in "".join(map(str, selected)):
        return True
    if "cloud.google.com/" in str(value_at(pod.spec, "affinity")):
        return True
    own = value_at(pod.manifest.data, "metadata")
    inner = value_at(pod.manifest.data, *pod.path[:-1], "metadata")
    return any(sign in str((own, inner)) for sign in (_KUEUE, _SLICE))


RULE = TreeRule("tpu-node-selector-missing", Severity.ERROR, _check, acknowledgeable=True)
