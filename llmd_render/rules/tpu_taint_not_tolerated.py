"""A Pod for TPU nodes tolerates the taint that GKE puts on them.

GKE taints TPU nodes with google.com/tpu=present:NoSchedule, so that no other Pods take their place.
A Pod that does not tolerate it stays Pending. Kubernetes can add a toleration to Pods that ask for
chips, and GKE is reported to let it; a Pod that asks for none gets none, and a toleration that is
written beside the taint shows that somebody relied on it.

Source: https://cloud.google.com/kubernetes-engine/docs/concepts/tpus#how_tpus_work (2026)
Source: https://github.com/kubernetes/kubernetes/pull/55839 (2017-11-16)

Passes:

    apiVersion: v1
    kind: Pod
    metadata: {name: example}
    spec:
      nodeSelector:
        cloud.google.com/gke-tpu-accelerator: tpu-v6e-slice
        cloud.google.com/gke-tpu-topology: 1x1
      tolerations:
        - {key: google.com/tpu, operator: Exists, effect: NoSchedule}
      containers:
        - name: warm
          image: example.com/warm:1.0

Fails:

    apiVersion: v1
    kind: Pod
    metadata: {name: example}
    spec:
      nodeSelector:
        cloud.google.com/gke-tpu-accelerator: tpu-v6e-slice
        cloud.google.com/gke-tpu-topology: 1x1
      tolerations:
        - {key: google.com/tpu, operator: Equal, value: "true", effect: NoSchedule}
      containers:
        - name: warm
          image: example.com/warm:1.0
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from llmd_render.diagnostics import Severity, Violation

from .rule import TreeRule, TreeViolation
from .subjects.node_pools import CREATE
from .subjects.objects import items_at
from .subjects.scripts import gcloud_calls
from .subjects.tpu_pods import RESOURCE, tpu_pods
from .subjects.vllm_command import runs_vllm
from .subjects.whole_tree import is_complete

if TYPE_CHECKING:
    from collections.abc import Iterator

    from llmd_render.manifest import Tree

    from .subjects.tpu_pods import TpuPod

_TAINT = {"key": RESOURCE, "value": "present", "effect": "NoSchedule"}
_SHOWN = f"{RESOURCE}=present:NoSchedule"
_FIELDS = ("operator", "effect", "value")
_WRITE = f"key: {RESOURCE}, operator: Exists, effect: NoSchedule"


def _check(tree: Tree) -> Iterator[TreeViolation]:
    if any(call.find("--node-taints") for call in gcloud_calls(tree, CREATE)):
        return  # a pool with taints of somebody's own
    for pod in tpu_pods(tree):
        selected = pod.accelerator or pod.topology
        if selected and is_complete(tree, pod.manifest):
            found = _judge(pod)
            if found:
                yield TreeViolation(pod.manifest, found)


def _judge(pod: TpuPod) -> Violation | None:
    tolerations = list(items_at(pod.spec, "tolerations"))
    if any(_tolerates(item) for _, item in tolerations):
        return None
    for path, item in tolerations:
        if item.get("key") == RESOURCE:
            wrong = next(
                field for field in ("operator", "effect", "value") if _differs(item, field)
            )
            return Violation(
                (*pod.path, *path),
                f"the toleration of {RESOURCE} does not fit the taint {_SHOWN} of TPU nodes: its "
                f"{wrong} is {item.get(wrong) or 'not given'}",
                f"write {_WRITE}",
            )
    if pod.requests or pod.spec.get("resourceClaims") or _lacks_chips(pod):
        return None
    return Violation(
        (*pod.path, "nodeSelector"),
        f"the Pod selects TPU nodes, asks for no {RESOURCE} and does not tolerate their taint "
        f"{_SHOWN}",
        f"add a toleration: {_WRITE}",
        key=True,
    )


def _lacks_chips(pod: TpuPod) -> bool:
    """Whether it is meant to have chips, which another rule then asks for."""
    return any(runs_vllm(pod.manifest, item) for _, item in items_at(pod.spec, "containers"))


def _tolerates(toleration: dict[str, Any]) -> bool:
    return not any(_differs(toleration, field) for field in ("key", *_FIELDS))


def _differs(toleration: dict[str, Any], field: str) -> bool:
    operator = toleration.get("operator") or "Equal"
    value = toleration.get(field)
    if field == "operator":
        return operator not in {"Equal", "Exists"}
    if field == "value" and operator == "Exists":
        return False
    if field == "key" and not value:
        return bool(operator != "Exists")
    if field == "effect" and not value:
        return False
    return bool(value != _TAINT[field])


RULE = TreeRule("tpu-taint-not-tolerated", Severity.WARNING, _check, acknowledgeable=True)
