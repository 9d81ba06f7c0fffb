"""NetworkPolicies let the collectors of Managed Prometheus reach what a PodMonitoring names.

The collectors of GKE are Pods of the namespace gmp-system, of gke-gmp-system on Autopilot. Where
policies keep them from the port of a PodMonitoring, its metrics are missing, and nothing in the
PodMonitoring says so.

Source: https://cloud.google.com/stackdriver/docs/managed-prometheus/setup-managed (2026)

Passes:

    apiVersion: serving.kserve.io/v1alpha1
    kind: LLMInferenceService
    metadata: {name: model, namespace: llm}
    spec: {model: {uri: "hf://Qwen/Qwen3-4B"}}
    ---
    apiVersion: monitoring.googleapis.com/v1
    kind: PodMonitoring
    metadata: {name: model, namespace: llm}
    spec:
      selector: {matchLabels: {kserve.io/component: workload}}
      endpoints: [{port: 8000, interval: 30s}]
    ---
    apiVersion: networking.k8s.io/v1
    kind: NetworkPolicy
    metadata: {name: collectors, namespace: llm}
    spec:
      podSelector: {matchLabels: {kserve.io/component: workload}}
      policyTypes: [Ingress]
      ingress:
        - from: [{namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: gmp-system}}}]
          ports: [{port: 8000}]

Fails:

    apiVersion: serving.kserve.io/v1alpha1
    kind: LLMInferenceService
    metadata: {name: model, namespace: llm}
    spec: {model: {uri: "hf://Qwen/Qwen3-4B"}}
    ---
    apiVersion: monitoring.googleapis.com/v1
    kind: PodMonitoring
    metadata: {name: model, namespace: llm}
    spec:
      selector: {matchLabels: {kserve.io/component: workload}}
      endpoints: [{port: 8000, interval: 30s}]
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
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from llmd_render.diagnostics import Severity, Violation

from .rule import TreeRule, TreeViolation
from .subjects.cut_paths import isolated_pods, rules_for
from .subjects.known_pods import selects
from .subjects.name_lookups import NAMESPACE_NAME
from .subjects.objects import items_at, mapping_at, name_of, namespace_of, objects

if TYPE_CHECKING:
    from collections.abc import Iterator

    from llmd_render.manifest import Manifest, Tree

    from .subjects.cut_paths import Isolated

_COLLECTORS = ("gmp-system", "gke-gmp-system")


def _check(tree: Tree) -> Iterator[TreeViolation]:
    for monitoring in objects(tree, "monitoring.googleapis.com", "PodMonitoring"):
        found = next(_find_cut(tree, monitoring), None)
        if found:
            yield TreeViolation(monitoring, found)


def _find_cut(tree: Tree, monitoring: Manifest) -> Iterator[Violation]:
    selector = mapping_at(monitoring.data, "spec", "selector")
    for item in isolated_pods(tree, "Ingress"):
        beside = namespace_of(item.service) == namespace_of(monitoring)
        if item.pods.more or not beside or not selects(selector, item.pods, surely=True):
            continue
        for path, endpoint in items_at(monitoring.data, "spec", "endpoints"):
            port = endpoint.get("port")
            if type(port) is int and not _is_admitted(item, port):
                message = (
                    f"the PodMonitoring {name_of(monitoring)} reads port {port} of Pods of "
                    f"{name_of(item.service)}, and no NetworkPolicy beside {name_of(item.first)} "
                    f"admits the collectors in {_COLLECTORS[0]} there"
                )
                hint = (
                    f"admit the namespace {_COLLECTORS[0]} to TCP port {port}, or on Autopilot "
                    f"{_COLLECTORS[1]}"
                )
                yield Violation((*path, "port"), message, hint)


def _is_admitted(item: Isolated, port: int) -> bool:
    for rule in rules_for(item, port):
        peers = [peer for _, peer in items_at(rule, "from")]
        if not peers or any(map(_may_be_collector, peers)):
            return True
    return False


def _may_be_collector(peer: dict[str, Any]) -> bool:
    """Whether a peer may take in collectors: their namespace, or any with labels of one's own."""
    if "namespaceSelector" not in peer:
        return False
    labels = mapping_at(peer, "namespaceSelector", "matchLabels")
    expressions = mapping_at(peer, "namespaceSelector").get("matchExpressions")
    return bool(expressions) or str(labels.get(NAMESPACE_NAME, _COLLECTORS[0])) in _COLLECTORS


RULE = TreeRule("policy-cuts-metrics-collection", Severity.WARNING, _check, acknowledgeable=True)
