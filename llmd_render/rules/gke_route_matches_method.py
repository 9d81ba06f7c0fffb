"""No HTTPRoute on a Gateway of GKE matches HTTP methods.

A match by method makes GKE's controller refuse the route. Its conformance reports have listed
method matching as unsupported up to GKE 1.36.

Source: gateway-api@4564255 conformance/reports of gke-gateway (2026-07-23)

Passes:

    apiVersion: gateway.networking.k8s.io/v1
    kind: Gateway
    metadata: {name: inference-gateway, namespace: llm}
    spec:
      gatewayClassName: gke-l7-rilb
      listeners: [{name: http, protocol: HTTP, port: 80}]
    ---
    apiVersion: gateway.networking.k8s.io/v1
    kind: HTTPRoute
    metadata: {name: qwen, namespace: llm}
    spec:
      parentRefs: [{name: inference-gateway}]
      rules:
        - matches: [{path: {type: PathPrefix, value: /v1}}]
          backendRefs: [{name: qwen, port: 8000}]

Fails:

    apiVersion: gateway.networking.k8s.io/v1
    kind: Gateway
    metadata: {name: inference-gateway, namespace: llm}
    spec:
      gatewayClassName: gke-l7-rilb
      listeners: [{name: http, protocol: HTTP, port: 80}]
    ---
    apiVersion: gateway.networking.k8s.io/v1
    kind: HTTPRoute
    metadata: {name: qwen, namespace: llm}
    spec:
      parentRefs: [{name: inference-gateway}]
      rules:
        - matches: [{path: {type: PathPrefix, value: /v1}, method: POST}]
          backendRefs: [{name: qwen, port: 8000}]
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from llmd_render.diagnostics import Severity, Violation

from .rule import TreeRule, TreeViolation
from .subjects.gateways import gke_routes, route_rules
from .subjects.objects import items_at

if TYPE_CHECKING:
    from collections.abc import Iterator

    from llmd_render.manifest import Tree


def _check(tree: Tree) -> Iterator[TreeViolation]:
    for route, class_name in gke_routes(tree):
        for path, rule in route_rules(route):
            for place, match in items_at(rule, "matches"):
                method = match.get("method")
                if method is None:
                    continue
                violation = Violation(
                    (*path, *place, "method"),
                    f"the match asks for method {method}, and {class_name} refuses such a match",
                    "remove method from the match",
                    key=True,
                )
                yield TreeViolation(route, violation)


RULE = TreeRule("gke-route-matches-method", Severity.ERROR, _check, acknowledgeable=True)
