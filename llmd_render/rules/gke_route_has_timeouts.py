"""No HTTPRoute on a Gateway of GKE has timeouts.

GKE's controller refuses a route with `timeouts` as a whole (GWCER104), even where they are 0s,
and while one route is refused no other route on the Gateway is updated.

Source: https://github.com/kserve/kserve/issues/5311 (2026-03)

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
        - backendRefs: [{name: qwen, port: 8000}]

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
        - timeouts: {request: 0s, backendRequest: 0s}
          backendRefs: [{name: qwen, port: 8000}]
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from llmd_render.diagnostics import Severity, Violation

from .rule import TreeRule, TreeViolation
from .subjects.gateways import gke_routes, route_rules

if TYPE_CHECKING:
    from collections.abc import Iterator

    from llmd_render.manifest import Tree


def _check(tree: Tree) -> Iterator[TreeViolation]:
    for route, class_name in gke_routes(tree):
        for path, rule in route_rules(route):
            if not rule.get("timeouts"):
                continue
            violation = Violation(
                (*path, "timeouts"),
                f"a rule has timeouts, and {class_name} refuses a route that has any, even 0s",
                "remove timeouts, and set spec.default.timeoutSec in a GCPBackendPolicy instead",
                key=True,
            )
            yield TreeViolation(route, violation)


RULE = TreeRule(
    "gke-route-has-timeouts",
    Severity.ERROR,
    _check,
    acknowledgeable=True,
    covered_by=("route-timeouts-refused-by-gke",),
)
