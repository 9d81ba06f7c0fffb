"""An InferencePool selects Pods that the tree makes.

A pool whose selector matches no Pod has no endpoints: the endpoint picker finds nobody to send to,
and every request is refused. The model servers may be elsewhere, so this is a warning, and only
where the tree runs vLLM in the namespace of the pool with other labels.

Source: https://gateway-api-inference-extension.sigs.k8s.io/reference/spec (2026)

Passes:

    apiVersion: inference.networking.k8s.io/v1
    kind: InferencePool
    metadata: {name: qwen, namespace: llm}
    spec:
      selector: {matchLabels: {app: vllm}}
      targetPorts: [{number: 8000}]
      endpointPickerRef: {name: qwen-epp, port: {number: 9002}}
    ---
    apiVersion: v1
    kind: Pod
    metadata: {name: qwen, namespace: llm, labels: {app: vllm}}
    spec:
      containers: [{name: vllm, image: "vllm/vllm-openai:v0.11.1", command: [vllm, serve, m]}]

Fails:

    apiVersion: inference.networking.k8s.io/v1
    kind: InferencePool
    metadata: {name: qwen, namespace: llm}
    spec:
      selector: {matchLabels: {app: vlm}}
      targetPorts: [{number: 8000}]
      endpointPickerRef: {name: qwen-epp, port: {number: 9002}}
    ---
    apiVersion: v1
    kind: Pod
    metadata: {name: qwen, namespace: llm, labels: {app: vllm}}
    spec:
      containers: [{name: vllm, image: "vllm/vllm-openai:v0.11.1", command: [vllm, serve, m]}]
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from llmd_render.diagnostics import Severity

from .rule import TreeRule, TreeViolation
from .subjects.inference_pools import inference_pools
from .subjects.known_pods import explain_no_match, find_near_labels, find_pods, selects
from .subjects.objects import items_at, mapping_at, namespace_of
from .subjects.vllm_command import runs_vllm

if TYPE_CHECKING:
    from collections.abc import Iterator

    from llmd_render.manifest import Tree

    from .subjects.known_pods import Pods


def _check(tree: Tree) -> Iterator[TreeViolation]:
    pools = inference_pools(tree)
    for pool in pools:
        namespace = namespace_of(pool.manifest)
        pods = find_pods(tree, namespace)
        labels = mapping_at(pool.selector, "matchLabels")
        if not labels or any(selects(pool.selector, item) for item in pods):
            continue
        others = [
            item.selector
            for item in pools
            if item is not pool and namespace_of(item.manifest) == namespace
        ]
        # What another pool takes in is not what this one misses.
        free = [item for item in pods if not any(selects(other, item) for other in others)]
        meant = [item for item in free if _runs_vllm(item) or any(find_near_labels(labels, [item]))]
        violation = explain_no_match(pool.selector, namespace, meant, pool.selector_path)
        if violation:
            yield TreeViolation(pool.manifest, violation)


def _runs_vllm(pods: Pods) -> bool:
    return any(runs_vllm(pods.manifest, item) for _, item in items_at(pods.spec, "containers"))


RULE = TreeRule("pool-selects-nothing", Severity.WARNING, _check, acknowledgeable=True)
