"""NetworkPolicies let GKE's load balancer ask the Endpoint Picker.

The load balancer asks the Endpoint Picker on port 9002 which model server takes a request. The
question comes from the proxy-only subnet, as requests do. Its Pods have
`app.kubernetes.io/component: llminferenceservice-router-scheduler`, so a policy for the model
servers does not admit anybody to them.

Source: opendatahub-io/kserve@release-v0.15 pkg/controller/llmisvc (2026-03)

Passes:

    apiVersion: gateway.networking.k8s.io/v1
    kind: Gateway
    metadata: {name: gate, namespace: llm}
    spec:
      gatewayClassName: gke-l7-rilb
      listeners: [{name: http, port: 80, protocol: HTTP}]
    ---
    apiVersion: serving.kserve.io/v1alpha1
    kind: LLMInferenceService
    metadata: {name: model, namespace: llm}
    spec:
      model: {uri: "hf://Qwen/Qwen3-4B"}
      router: {scheduler: {}, gateway: {refs: [{name: gate, namespace: llm}]}}
    ---
    apiVersion: networking.k8s.io/v1
    kind: NetworkPolicy
    metadata: {name: picker, namespace: llm}
    spec:
      podSelector:
        matchLabels: {app.kubernetes.io/component: llminferenceservice-router-scheduler}
      policyTypes: [Ingress]
      ingress:
        - from: [{ipBlock: {cidr: 10.129.0.0/23}}]
          ports: [{port: 9002}]

Fails:

    apiVersion: gateway.networking.k8s.io/v1
    kind: Gateway
    metadata: {name: gate, namespace: llm}
    spec:
      gatewayClassName: gke-l7-rilb
      listeners: [{name: http, port: 80, protocol: HTTP}]
    ---
    apiVersion: serving.kserve.io/v1alpha1
    kind: LLMInferenceService
    metadata: {name: model, namespace: llm}
    spec:
      model: {uri: "hf://Qwen/Qwen3-4B"}
      router: {scheduler: {}, gateway: {refs: [{name: gate, namespace: llm}]}}
    ---
    apiVersion: networking.k8s.io/v1
    kind: NetworkPolicy
    metadata: {name: picker, namespace: llm}
    spec:
      podSelector:
        matchLabels: {app.kubernetes.io/component: llminferenceservice-router-scheduler}
      policyTypes: [Ingress]
      ingress:
        - from: [{ipBlock: {cidr: 10.129.0.0/23}}]
          ports: [{port: 8000}]
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from llmd_render.diagnostics import Severity, Violation

from .rule import TreeRule, TreeViolation
from .subjects.cut_paths import (
    AT,
    admits_everybody,
    each_service_once,
    find_gateway_class,
    is_scheduler,
    isolated_pods,
    networks,
    rules_for,
)
from .subjects.objects import name_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from llmd_render.manifest import Tree

_PORT = 9002


def _check(tree: Tree) -> Iterator[TreeViolation]:
    for item in each_service_once(isolated_pods(tree, "Ingress"), is_scheduler):
        rules = rules_for(item, _PORT)
        admitted = any(admits_everybody(rule) or any(networks(rule)) for rule in rules)
        if not admitted and find_gateway_class(tree, item.service):
            yield TreeViolation(
                item.first,
                Violation(
                    AT,
                    f"{item.cutting} the Endpoint Picker of {name_of(item.service)}, and no "
                    "policy admits a range of addresses, that of GKE's load balancer, to its "
                    f"port {_PORT}",
                    "add a NetworkPolicy for the Pods with app.kubernetes.io/component="
                    "llminferenceservice-router-scheduler that admits the proxy-only subnet to "
                    f"TCP port {_PORT}",
                    key=True,
                ),
            )


RULE = TreeRule("policy-cuts-endpoint-picker", Severity.WARNING, _check, acknowledgeable=True)
