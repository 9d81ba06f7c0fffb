"""NetworkPolicies let the Pods of a service look up names.

A Pod that may not reach port 53 finds nobody by name: the download of the model fails, and the
Endpoint Picker does not start. Every other rule about outgoing connections is in vain without it.
The DNS servers are in kube-system: a peer with a podSelector alone means Pods of the policy's own
namespace. Names are looked up over UDP, and a port without a protocol is one of TCP.

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
from .subjects.cut_paths import AT, each_service_once, isolated_pods, placed_rules_for
from .subjects.name_lookups import DNS_PORT, NAMESPACE_NAME, explain_missed, lookups
from .subjects.objects import name_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from llmd_render.manifest import Tree

    from .subjects.cut_paths import Isolated

_HINT = (
    f"write namespaceSelector with {NAMESPACE_NAME}: kube-system and podSelector with k8s-app: "
    "kube-dns as one item of the list"
)


def _check(tree: Tree) -> Iterator[TreeViolation]:
    for item in each_service_once(isolated_pods(tree, "Egress"), _is_cut_off):
        yield _say_missed(item) or _say_only_tcp(item) or _say_none(item)


def _is_cut_off(item: Isolated) -> bool:
    return not item.pods.more and not lookups(item, "UDP")


def _say_missed(item: Isolated) -> TreeViolation | None:
    for placed in placed_rules_for(item, DNS_PORT, "UDP"):
        missed = explain_missed(placed)
        if missed:
            path, reason = missed
            message = (
                f"the NetworkPolicy {name_of(placed.policy)} admits port {DNS_PORT}, where Pods of "
                f"{name_of(item.service)} look up names, but {reason}; the DNS servers are Pods of "
                "kube-system"
            )
            return TreeViolation(placed.policy, Violation(path, message, _HINT))
    return None


def _say_only_tcp(item: Isolated) -> TreeViolation | None:
    about = lookups(item, "TCP")
    if not about:
        return None
    policy = about[0].policy
    message = (
        f"the NetworkPolicy {name_of(policy)} lets Pods of {name_of(item.service)} use port "
        f"{DNS_PORT} over TCP alone, and names are looked up over UDP"
    )
    hint = f"add protocol: UDP with port: {DNS_PORT}; a port without a protocol is one of TCP"
    return TreeViolation(policy, Violation((*about[0].path, "ports"), message, hint, key=True))


def _say_none(item: Isolated) -> TreeViolation:
    message = (
        f"{item.cutting} what Pods of {name_of(item.service)} call, and no policy admits port "
        f"{DNS_PORT}, where they look up names"
    )
    hint = f"add a NetworkPolicy with egress to UDP and TCP port {DNS_PORT}"
    return TreeViolation(item.first, Violation(AT, message, hint, key=True))


RULE = TreeRule("policy-cuts-name-lookup", Severity.WARNING, _check, acknowledgeable=True)
