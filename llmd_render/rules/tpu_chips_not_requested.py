"""vLLM on TPU nodes asks for the chips of its node, as a limit.

A node selector alone brings a Pod to a TPU and gives it no chips: GKE refuses such a Pod, or vLLM
finds no device. Kubernetes takes a request for google.com/tpu only with a limit that is the same; a
limit alone will do.

Source: https://cloud.google.com/kubernetes-engine/docs/how-to/tpus (2026)

Passes:

    apiVersion: serving.kserve.io/v1alpha1
    kind: LLMInferenceService
    metadata: {name: qwen, namespace: llm}
    spec:
      model: {uri: "hf://Qwen/Qwen3-4B", name: Qwen/Qwen3-4B}
      template:
        nodeSelector:
          cloud.google.com/gke-tpu-accelerator: tpu-v6e-slice
          cloud.google.com/gke-tpu-topology: 1x1
        containers:
          - name: main
            image: registry.example/server:1.0
            resources: {limits: {google.com/tpu: 1}}

Fails:

    apiVersion: serving.kserve.io/v1alpha1
    kind: LLMInferenceService
    metadata: {name: qwen, namespace: llm}
    spec:
      model: {uri: "hf://Qwen/Qwen3-4B", name: Qwen/Qwen3-4B}
      template:
        nodeSelector:
          cloud.google.com/gke-tpu-accelerator: tpu-v6e-slice
          cloud.google.com/gke-tpu-topology: 1x1
        containers:
          - name: main
            image: registry.example/server:1.0
            resources: {limits: {cpu: 8}}
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from llmd_render.diagnostics import Severity, Violation
from llmd_render.lookup import value_at

from .rule import TreeRule, TreeViolation
from .subjects.objects import KSERVE, group_of, items_at
from .subjects.tpu_pods import RESOURCE, tpu_pods
from .subjects.vllm_command import runs_vllm
from .subjects.whole_tree import is_complete

if TYPE_CHECKING:
    from collections.abc import Iterator

    from llmd_render.manifest import Tree

    from .subjects.tpu_pods import TpuPod


def _check(tree: Tree) -> Iterator[TreeViolation]:
    for pod in tpu_pods(tree):
        # Dynamic resource allocation gives chips in another way.
        if pod.spec.get("resourceClaims") or not is_complete(tree, pod.manifest):
            continue
        if not pod.requests and pod.accelerator and pod.topology:
            yield from _judge_missing(pod)
        elif group_of(pod.manifest) == KSERVE:
            yield from _judge_limits(pod)


def _judge_missing(pod: TpuPod) -> Iterator[TreeViolation]:
    for path, container in items_at(pod.spec, "containers"):
        if runs_vllm(pod.manifest, container):
            message = (
                f"the Pod selects nodes with {pod.accelerator}, and no container asks for "
                f"{RESOURCE}"
            )
            hint = f"set resources.limits of {RESOURCE} to the number of chips of the node"
            violation = Violation((*pod.path, *path, "name"), message, hint)
            yield TreeViolation(pod.manifest, violation)
            return


def _judge_limits(pod: TpuPod) -> Iterator[TreeViolation]:
    # Of kinds that Kubernetes checks itself, its own check says so.
    for path, container in items_at(pod.spec, "containers"):
        place = ("resources", "requests", RESOURCE)
        chips = value_at(container, *place)
        if chips is not None and value_at(container, "resources", "limits", RESOURCE) is None:
            message = f"{chips} {RESOURCE} are requested without a limit, which Kubernetes refuses"
            hint = f"set resources.limits of {RESOURCE} to {chips}, too"
            yield TreeViolation(pod.manifest, Violation((*pod.path, *path, *place), message, hint))


RULE = TreeRule("tpu-chips-not-requested", Severity.ERROR, _check, acknowledgeable=True)
