"""A NetworkPolicy for model servers does not admit every Pod of the cluster.

`namespaceSelector: {}` means all namespaces, and with `podSelector: {}` or none all Pods of them.
Beside a policy that denies everything else such a peer opens what was closed. It is often written
for the probes of the kubelet, which come from the node of the Pod and need no rule.

Source: https://kubernetes.io/docs/concepts/services-networking/network-policies/ (2026)

Passes:

    apiVersion: serving.kserve.io/v1alpha1
    kind: LLMInferenceService
    metadata: {name: model, namespace: llm}
    spec: {model: {uri: "hf://Qwen/Qwen3-4B"}}
    ---
    apiVersion: networking.k8s.io/v1
    kind: NetworkPolicy
    metadata: {name: clients, namespace: llm}
    spec:
      podSelector: {matchLabels: {kserve.io/component: workload}}
      policyTypes: [Ingress]
      ingress:
        - from: [{namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: web}}}]
          ports: [{port: 8000}]

Fails:

    apiVersion: serving.kserve.io/v1alpha1
    kind: LLMInferenceService
    metadata: {name: model, namespace: llm}
    spec: {model: {uri: "hf://Qwen/Qwen3-4B"}}
    ---
    apiVersion: networking.k8s.io/v1
    kind: NetworkPolicy
    metadata: {name: clients, namespace: llm}
    spec:
      podSelector: {matchLabels: {kserve.io/component: workload}}
      policyTypes: [Ingress]
      ingress:
        - from: [{namespaceSelector: {}, podSelector: {}}]
          ports: [{port: 8000}]
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from llmd_render.diagnostics import Severity, Violation

from .rule import TreeRule, TreeViolation
from .subjects.cut_paths import MODEL_PORT, isolated_pods, placed_rules_for, serves_models
from .subjects.objects import items_at, name_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from llmd_render.manifest import Tree


def _check(tree: Tree) -> Iterator[TreeViolation]:
    told: set[int] = set()
    for item in filter(serves_models, isolated_pods(tree, "Ingress")):
        for placed in placed_rules_for(item, MODEL_PORT):
            for path, peer in items_at(placed.rule, "from"):
                # One that is left out says the same as an empty one.
                if peer.get("namespaceSelector") != {} or peer.get("podSelector"):
                    continue
                if id(placed.policy) in told:
                    continue
                told.add(id(placed.policy))
                message = (
                    f"the NetworkPolicy {name_of(placed.policy)} admits every Pod of the cluster "
                    f"to port {MODEL_PORT} of the model servers of {name_of(item.service)}"
                )
                hint = "name the namespaces and Pods that may call; probes need no rule"
                violation = Violation((*placed.path, *path), message, hint)
                yield TreeViolation(placed.policy, violation)


RULE = TreeRule("policy-admits-every-pod", Severity.INFO, _check, acknowledgeable=True)
