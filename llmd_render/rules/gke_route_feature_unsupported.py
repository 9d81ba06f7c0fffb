"""An HTTPRoute on a Gateway of GKE uses only what GKE says it supports.

GKE's own conformance reports list CORS, filters of single backends, several mirrors and redirects
other than 301 and 302 as unsupported, and until 1.34 also query parameters, which it supports from
1.35.2-gke.1751000 on. retry and sessionPersistence are experimental. Whether such a route is
refused, or the field has no effect, is not known of each.

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
        - matches: [{queryParams: [{name: model, value: qwen}]}]
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

_OF_RULES = ("retry", "sessionPersistence")
_WHOLE = (*_OF_RULES, "filters", "queryParams")
_STATUS_CODES = (301, 302)
_PARAMETERS_SINCE = "1.35.2-gke.1751000"


def _check(tree: Tree) -> Iterator[TreeViolation]:
    for route, class_name in gke_routes(tree):
        for path, rule in route_rules(route):
            uses = [*_fields(rule), *_parameters(tree, rule), *_filters(rule)]
            for place, what in uses:
                before = f" before GKE {_PARAMETERS_SINCE}" if place[-1] == "queryParams" else ""
                violation = Violation(
                    (*path, *place),
                    f"the rule has {what}, which {class_name} does not support{before}",
                    "remove it, or see that the route is accepted and does what it says",
                    key=place[-1] in _WHOLE,
                )
                yield TreeViolation(route, violation)


def _fields(rule: dict[str, Any]) -> Iterator[tuple[DataPath, str]]:
    for field in _OF_RULES:
        if rule.get(field) is not None:
            yield (field,), field
    for place, backend in items_at(rule, "backendRefs"):
        if backend.get("filters"):
            yield (*place, "filters"), "filters of a single backend"


def _parameters(tree: Tree, rule: dict[str, Any]) -> Iterator[tuple[DataPath, str]]:
    if tree.target.has("gke", _PARAMETERS_SINCE):
        return
    for place, match in items_at(rule, "matches"):
        if match.get("queryParams"):
            yield (*place, "queryParams"), "a match by query parameters"


def _filters(rule: dict[str, Any]) -> Iterator[tuple[DataPath, str]]:
    mirrors = 0
    for place, item in items_at(rule, "filters"):
        kind = text_at(item, "type")
        mirrors += kind == "RequestMirror"
        code = value_at(item, "requestRedirect", "statusCode")
        if kind == "CORS":
            yield (*place, "type"), "a CORS filter"
        elif kind == "RequestMirror" and mirrors > 1:
            yield (*place, "type"), "more than one RequestMirror filter"
        elif code is not None and code not in _STATUS_CODES:
            yield (*place, "requestRedirect", "statusCode"), f"a redirect with status code {code}"


RULE = TreeRule("gke-route-feature-unsupported", Severity.WARNING, _check, acknowledgeable=True)
