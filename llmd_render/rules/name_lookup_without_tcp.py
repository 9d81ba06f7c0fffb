"""NetworkPolicies that let Pods look up names do so over TCP as well as UDP.

An answer that is too long for one UDP packet is cut short, and whoever asked asks again over TCP.
Where that is not admitted most names are found, and those with long answers are not: a fault that
comes and goes, and is hard to see.

Source: https://www.rfc-editor.org/rfc/rfc7766 (2016-03)

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
      egress: [{ports: [{port: 53, protocol: UDP}, {port: 53, protocol: TCP}]}]

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
      egress: [{ports: [{port: 53, protocol: UDP}]}]
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from llmd_render.diagnostics import Severity, Violation

from .rule import TreeRule, TreeViolation
from .subjects.cut_paths import each_service_once, isolated_pods
from .subjects.name_lookups import DNS_PORT, lookups
from .subjects.objects import name_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from llmd_render.manifest import Tree

    from .subjects.cut_paths import Isolated


def _check(tree: Tree) -> Iterator[TreeViolation]:
    for item in each_service_once(isolated_pods(tree, "Egress"), _lacks_tcp):
        found = lookups(item, "UDP")[0]
        message = (
            f"the NetworkPolicy {name_of(found.policy)} lets Pods of {name_of(item.service)} look "
            f"up names over UDP port {DNS_PORT} alone, and long answers come over TCP"
        )
        violation = Violation(
            (*found.path, "ports"), message, f"add protocol: TCP with port: {DNS_PORT}", key=True
        )
        yield TreeViolation(found.policy, violation)


def _lacks_tcp(item: Isolated) -> bool:
    return not item.pods.more and bool(lookups(item, "UDP")) and not lookups(item, "TCP")


RULE = TreeRule("name-lookup-without-tcp", Severity.INFO, _check, acknowledgeable=True)
