"""No route lets the internet read the metrics of a model server.

vLLM answers `/metrics` on the port that it serves on. They tell how much the service is used, when
and with which model. A route that sends every path to the InferencePool sends this one, too, and so
does one that rewrites some other prefix to it.

Source: https://docs.vllm.ai/en/v0.11.0/usage/metrics.html (2025-10)

Passes:

    apiVersion: gateway.networking.k8s.io/v1
    kind: Gateway
    metadata: {name: example, namespace: models}
    spec:
      gatewayClassName: gke-l7-regional-external-managed
      listeners: [{name: http, port: 80, protocol: HTTP}]
    ---
    apiVersion: gateway.networking.k8s.io/v1
    kind: HTTPRoute
    metadata: {name: example, namespace: models}
    spec:
      parentRefs: [{name: example}]
      rules:
        - matches: [{path: {type: PathPrefix, value: /v1}}]
          backendRefs:
            - {group: inference.networking.k8s.io, kind: InferencePool, name: example}
    ---
    apiVersion: networking.gke.io/v1
    kind: GCPBackendPolicy
    metadata: {name: example, namespace: models}
    spec:
      targetRef: {group: inference.networking.k8s.io, kind: InferencePool, name: example}
      default: {securityPolicy: example}

Fails:

    apiVersion: gateway.networking.k8s.io/v1
    kind: Gateway
    metadata: {name: example, namespace: models}
    spec:
      gatewayClassName: gke-l7-regional-external-managed
      listeners: [{name: http, port: 80, protocol: HTTP}]
    ---
    apiVersion: gateway.networking.k8s.io/v1
    kind: HTTPRoute
    metadata: {name: example, namespace: models}
    spec:
      parentRefs: [{name: example}]
      rules:
        - matches: [{path: {type: PathPrefix, value: /}}]
          backendRefs:
            - {group: inference.networking.k8s.io, kind: InferencePool, name: example}
    ---
    apiVersion: networking.gke.io/v1
    kind: GCPBackendPolicy
    metadata: {name: example, namespace: models}
    spec:
      targetRef: {group: inference.networking.k8s.io, kind: InferencePool, name: example}
      default: {securityPolicy: example}
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from llmd_render.diagnostics import Severity, Violation
from llmd_render.lookup import text_at, value_at

from .rule import TreeRule, TreeViolation
from .subjects.gateways import gke_routes, is_pool, opens_pools, route_rules
from .subjects.objects import items_at, mapping_at

if TYPE_CHECKING:
    from collections.abc import Iterator

    from llmd_render.diagnostics import DataPath
    from llmd_render.manifest import Tree

_METRICS = "/metrics"


def _check(tree: Tree) -> Iterator[TreeViolation]:
    for route, class_name in gke_routes(tree):
        if not opens_pools(class_name):
            continue
        for path, rule in route_rules(route):
            if not any(is_pool(backend) for _, backend in items_at(rule, "backendRefs")):
                continue
            found = _find_exposing_match(rule)
            if found is None:
                continue
            place, asked = found
            yield TreeViolation(
                route,
                Violation(
                    (*path, *place),
                    f"a Gateway of class {class_name} lets the internet read the model server's "
                    f"metrics, at {asked}",
                    "match only the paths that clients need, such as /v1",
                ),
            )


def _find_exposing_match(rule: dict[str, Any]) -> tuple[DataPath, str] | None:
    """Find the match that lets metrics through: where it stands, and the path to ask for."""
    matches = list(items_at(rule, "matches"))
    if not matches:
        return (), _METRICS
    replaced = _find_replaced_prefix(rule)
    for index, match in matches:
        kind = text_at(match, "path", "type") or "PathPrefix"
        value = text_at(match, "path", "value") or "/"
        place = (*index, "path", "value") if value_at(match, "path", "value") else index
        if kind == "Exact":
            if replaced is None and value == _METRICS:
                return place, value
        elif kind == "PathPrefix":
            before = value.rstrip("/")
            # What stands in place of the prefix; a prefix ends where a part of the path does.
            after = before if replaced is None else replaced.rstrip("/")
            if after in {"", _METRICS}:
                return place, f"{before}{_METRICS.removeprefix(after)}"
    return None


def _find_replaced_prefix(rule: dict[str, Any]) -> str | None:
    """Give what a rule writes in place of the prefix that matched; None where it leaves it."""
    for _, item in items_at(rule, "filters"):
        path = mapping_at(item, "urlRewrite", "path")
        if path.get("type") == "ReplacePrefixMatch":
            return text_at(path, "replacePrefixMatch")
    return None


RULE = TreeRule("route-exposes-server-metrics", Severity.WARNING, _check, acknowledgeable=True)
