"""NetworkPolicies let the Pods of a service look up names.

A Pod that may not reach port 53 finds nobody by name: the download of the model fails, and the
Endpoint Picker does not start. Every other rule about outgoing connections is in vain without it.

Source: https://kubernetes.io/docs/concepts/services-networking/network-policies/ (2026)

Passes:

    apiVersion: serving.kserve.io/v1alpha1
    kind: LLMInferenceService
    metadata: {name: model, namespace: llm}
    spec: {model: {uri: "pvc://models/qwen"}}
    ---
    apiVersion: networking.k8s.io/v1
    kind: NetworkPolicy
    metadata: {name: outgoing, namespace: llm}
    spec:
      podSelector: {}
      policyTypes: [Egress]
      egress:
        - to: [{namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: kube-system}}}]
          ports: [{port: 53, protocol: UDP}, {port: 53, protocol: TCP}]

Fails:

    apiVersion: serving.kserve.io/v1alpha1
    kind: LLMInferenceService
    metadata: {name: model, namespace: llm}
    spec: {model: {uri: "pvc://models/qwen"}}
    ---
    apiVersion: networking.k8s.io/v1
    kind: NetworkPolicy
    metadata: {name: outgoing, namespace: llm}
    spec:
      podSelector: {}
      policyTypes: [Egress]
      egress: [{ports: [{port: 443}]}]
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from llmd_render.diagnostics import Severity, Violation

from .rule import TreeRule, TreeViolation
from .subjects.cut_paths import AT, each_service_once, isolated_pods, rules_for
from .subjects.objects import name_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from llmd_render.manifest import Tree

    from .subjects.cut_paths import Isolated

_PORT = 53


def _check(tree: Tree) -> Iterator[TreeViolation]:
    for item in each_service_once(isolated_pods(tree, "Egress"), _is_cut_off):
        yield TreeViolation(
            item.first,
            Violation(
                AT,
                f"{item.cutting} what Pods of {name_of(item.service)} call, and no "
                f"policy admits port {_PORT}, where they look up names",
                f"add a NetworkPolicy with egress to UDP and TCP port {_PORT}",
                key=True,
            ),
        )


def _is_cut_off(item: Isolated) -> bool:
    if item.pods.more:
        return False
    return not any(rules_for(item, _PORT, protocol) for protocol in ("UDP", "TCP"))


RULE = TreeRule("policy-cuts-name-lookup", Severity.WARNING, _check, acknowledgeable=True)
