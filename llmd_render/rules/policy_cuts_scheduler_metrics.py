"""NetworkPolicies let the Endpoint Picker read the model servers' metrics.

The Endpoint Picker chooses by how busy the model servers are, and reads that from their port 8000.
Cut off, it chooses blindly: nothing fails, and load piles up on one server.

Source: opendatahub-io/kserve@release-v0.15 pkg/controller/llmisvc (2026-03)

Passes:

    apiVersion: serving.kserve.io/v1alpha1
    kind: LLMInferenceService
    metadata: {name: model, namespace: llm}
    spec: {model: {uri: "hf://Qwen/Qwen3-4B"}, router: {scheduler: {}}}
    ---
    apiVersion: networking.k8s.io/v1
    kind: NetworkPolicy
    metadata: {name: model, namespace: llm}
    spec:
      podSelector: {matchLabels: {kserve.io/component: workload}}
      policyTypes: [Ingress]
      ingress:
        - from:
            - podSelector:
                matchLabels: {app.kubernetes.io/component: llminferenceservice-router-scheduler}
          ports: [{port: 8000}]

Fails:

    apiVersion: serving.kserve.io/v1alpha1
    kind: LLMInferenceService
    metadata: {name: model, namespace: llm}
    spec: {model: {uri: "hf://Qwen/Qwen3-4B"}, router: {scheduler: {}}}
    ---
    apiVersion: networking.k8s.io/v1
    kind: NetworkPolicy
    metadata: {name: model, namespace: llm}
    spec:
      podSelector: {matchLabels: {kserve.io/component: workload}}
      policyTypes: [Ingress]
      ingress:
        - from:
            - podSelector:
                matchLabels: {app.kubernetes.io/component: router-scheduler}
          ports: [{port: 8000}]
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from llmd_render.diagnostics import Severity, Violation

from .rule import TreeRule, TreeViolation
from .subjects.cut_paths import (
    AT,
    HEALTH_CHECKS,
    MODEL_PORT,
    admits_everybody,
    each_service_once,
    isolated_pods,
    networks,
    rules_for,
    serves_models,
)
from .subjects.known_pods import COMPONENT, SCHEDULER, Pods, find_service_pods, selects
from .subjects.objects import agree, items_at, mapping_at, name_of, namespace_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from llmd_render.manifest import Tree

_NAME = "kubernetes.io/metadata.name"
# Ranges of Pods are wide; what is narrower is a subnet of proxies or a single address.
_LONGEST_PREFIX_OF_PODS = 21


def _check(tree: Tree) -> Iterator[TreeViolation]:
    for item in each_service_once(isolated_pods(tree, "Ingress"), serves_models):
        pickers = [
            pods
            for pods in find_service_pods(item.service, presets=False)
            if pods.labels.get(COMPONENT) == SCHEDULER
        ]
        rules = rules_for(item, MODEL_PORT)
        if pickers and not any(
            _admits(rule, pickers[0], namespace_of(item.service)) for rule in rules
        ):
            yield TreeViolation(
                item.first,
                Violation(
                    AT,
                    f"{item.cutting} the model servers of {name_of(item.service)}, "
                    f"and no policy admits its Endpoint Picker to their port {MODEL_PORT}",
                    f"admit the Pods with {COMPONENT}={SCHEDULER} to TCP port {MODEL_PORT}",
                    key=True,
                ),
            )


def _admits(rule: dict[str, Any], picker: Pods, namespace: str) -> bool:
    if admits_everybody(rule):
        return True
    if any(
        "ipBlock" not in peer
        and _may_mean(mapping_at(peer, "namespaceSelector", "matchLabels"), namespace)
        and selects(mapping_at(peer, "podSelector"), picker)
        for _, peer in items_at(rule, "from")
    ):
        return True
    return any(
        network.prefixlen <= _LONGEST_PREFIX_OF_PODS and network not in HEALTH_CHECKS
        for network in networks(rule)
    )


def _may_mean(labels: dict[str, Any], namespace: str) -> bool:
    """Whether labels may be those of a namespace; but for its name, a tree seldom says them."""
    return agree(str(labels.get(_NAME, "")), namespace)


RULE = TreeRule("policy-cuts-scheduler-metrics", Severity.WARNING, _check, acknowledgeable=True)
