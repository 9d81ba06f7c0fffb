"""A listener admits routes of the namespace that the route is in.

Without allowedRoutes a listener admits only routes of its Gateway's namespace. A route that no
listener admits is not attached.

Source: https://gateway-api.sigs.k8s.io/reference/spec/#allowedroutes (2026)

Passes:

    apiVersion: gateway.networking.k8s.io/v1
    kind: Gateway
    metadata: {name: inference-gateway, namespace: gateways}
    spec:
      gatewayClassName: gke-l7-rilb
      listeners:
        - {name: http, protocol: HTTP, port: 80, allowedRoutes: {namespaces: {from: All}}}
    ---
    apiVersion: gateway.networking.k8s.io/v1
    kind: HTTPRoute
    metadata: {name: qwen, namespace: llm}
    spec:
      parentRefs: [{name: inference-gateway, namespace: gateways}]
      rules:
        - backendRefs: [{name: qwen, port: 8000}]

Fails:

    apiVersion: gateway.networking.k8s.io/v1
    kind: Gateway
    metadata: {name: inference-gateway, namespace: gateways}
    spec:
      gatewayClassName: gke-l7-rilb
      listeners:
        - {name: http, protocol: HTTP, port: 80}
    ---
    apiVersion: gateway.networking.k8s.io/v1
    kind: HTTPRoute
    metadata: {name: qwen, namespace: llm}
    spec:
      parentRefs: [{name: inference-gateway, namespace: gateways}]
      rules:
        - backendRefs: [{name: qwen, port: 8000}]
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from llmd_render.diagnostics import Severity, Violation
from llmd_render.lookup import text_at, value_at

from .rule import TreeRule, TreeViolation
from .subjects.gateways import attachments
from .subjects.objects import items_at, mapping_at, namespace_of
from .subjects.whole_tree import sets_namespaces

if TYPE_CHECKING:
    from collections.abc import Iterator

    from llmd_render.manifest import Manifest, Tree

_NAME = "kubernetes.io/metadata.name"


def _check(tree: Tree) -> Iterator[TreeViolation]:
    if sets_namespaces(tree):
        return
    for attachment in attachments(tree):
        namespace = namespace_of(attachment.route)
        listeners = attachment.listeners()
        if not listeners or not namespace:
            continue
        if any(_may_admit(gateway, item, namespace) for gateway, item in listeners):
            continue
        violation = Violation(
            attachment.path,
            f"no listener that this names on Gateway {attachment.gateway_name} admits routes of "
            f"namespace {namespace}",
            "let allowedRoutes.namespaces of the listener select the namespace, with from: Selector"
            f" and the label {_NAME}: {namespace}",
        )
        yield TreeViolation(attachment.route, violation)


def _may_admit(gateway: Manifest, listener: dict[str, Any], namespace: str) -> bool:
    where = mapping_at(listener, "allowedRoutes", "namespaces")
    source = where.get("from", "Same")
    if source == "Same":
        return not namespace_of(gateway) or namespace_of(gateway) == namespace
    return source != "Selector" or _may_select(where, namespace)


def _may_select(where: dict[str, Any], namespace: str) -> bool:
    # Other labels than the name may come from anywhere.
    wanted = text_at(where, "selector", "matchLabels", _NAME)
    if wanted and wanted != namespace:
        return False
    for _, expression in items_at(where, "selector", "matchExpressions"):
        values = value_at(expression, "values")
        if expression.get("key") != _NAME or not isinstance(values, list):
            continue
        # Operators that list no values, Exists among them, take every namespace.
        admits = {"In": namespace in values, "NotIn": namespace not in values}
        if not admits.get(text_at(expression, "operator"), True):
            return False
    return True


RULE = TreeRule("route-namespace-not-admitted", Severity.ERROR, _check, acknowledgeable=True)
