"""An HTTPRoute on a Gateway of GKE matches paths by prefix or as a whole, not by expression.

GKE's controller takes a RegularExpression for a path that does not begin with a slash, and refuses
the whole route (GWCER104).

Source: https://github.com/kserve/kserve/issues/5319 (2026-03)

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
        - matches: [{path: {type: RegularExpression, value: ^/v1/.*$}}]
          backendRefs: [{name: qwen, port: 8000}]
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from llmd_render.diagnostics import Severity, Violation
from llmd_render.lookup import text_at

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
                if text_at(match, "path", "type") != "RegularExpression":
                    continue
                violation = Violation(
                    (*path, *place, "path", "type"),
                    f"the path is a RegularExpression, which {class_name} refuses",
                    "use PathPrefix or Exact",
                )
                yield TreeViolation(route, violation)


RULE = TreeRule("gke-route-path-not-literal", Severity.ERROR, _check, acknowledgeable=True)
