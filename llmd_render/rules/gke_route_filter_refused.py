"""Filters of an HTTPRoute on a Gateway of GKE rewrite prefixes only, and redirect to no port.

GKE rewrites a path with ReplacePrefixMatch; ReplaceFullPath makes it refuse the route (GWCER104).
A redirect may change scheme, host and path, and not the port.

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
        - matches: [{path: {type: PathPrefix, value: /qwen}}]
          filters:
            - type: URLRewrite
              urlRewrite: {path: {type: ReplacePrefixMatch, replacePrefixMatch: /}}
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
        - matches: [{path: {type: PathPrefix, value: /qwen}}]
          filters:
            - type: URLRewrite
              urlRewrite: {path: {type: ReplaceFullPath, replaceFullPath: /v1/completions}}
          backendRefs: [{name: qwen, port: 8000}]
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from llmd_render.diagnostics import Severity, Violation
from llmd_render.lookup import text_at, value_at

from .rule import TreeRule, TreeViolation
from .subjects.gateways import gke_routes, route_rules
from .subjects.objects import items_at

if TYPE_CHECKING:
    from collections.abc import Iterator

    from llmd_render.diagnostics import DataPath
    from llmd_render.manifest import Tree


def _check(tree: Tree) -> Iterator[TreeViolation]:
    for route, class_name in gke_routes(tree):
        for path, rule in route_rules(route):
            for place, item in items_at(rule, "filters"):
                for violation in _judge((*path, *place), item, class_name):
                    yield TreeViolation(route, violation)


def _judge(path: DataPath, item: dict[str, Any], class_name: str) -> Iterator[Violation]:
    if text_at(item, "urlRewrite", "path", "type") == "ReplaceFullPath":
        yield Violation(
            (*path, "urlRewrite", "path", "type"),
            f"the path is rewritten by ReplaceFullPath, which {class_name} refuses",
            "match one PathPrefix in the rule and use ReplacePrefixMatch",
        )
    port = value_at(item, "requestRedirect", "port")
    if port is not None:
        yield Violation(
            (*path, "requestRedirect", "port"),
            f"the redirect names port {port}, and {class_name} refuses a redirect to a port",
            "remove port; scheme alone leads from HTTP to HTTPS",
            key=True,
        )


RULE = TreeRule("gke-route-filter-refused", Severity.ERROR, _check, acknowledgeable=True)
