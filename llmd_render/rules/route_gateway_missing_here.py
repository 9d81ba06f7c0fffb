"""A route names a Gateway that is there, in the namespace in which it is.

A reference without a namespace means the route's own. One that leads to no Gateway is no error: the
route has no status, no parent, and never gets a request.

Source: https://gateway-api.sigs.k8s.io/api-types/httproute/ (2026)

Passes:

    apiVersion: gateway.networking.k8s.io/v1
    kind: Gateway
    metadata: {name: inference-gateway, namespace: llm}
    spec:
      gatewayClassName: gke-l7-rilb
      listeners:
        - {name: http, protocol: HTTP, port: 80}
    ---
    apiVersion: gateway.networking.k8s.io/v1
    kind: HTTPRoute
    metadata: {name: qwen, namespace: llm}
    spec:
      parentRefs: [{name: inference-gateway, namespace: llm}]
      rules:
        - backendRefs: [{name: qwen, port: 8000}]

Fails:

    apiVersion: gateway.networking.k8s.io/v1
    kind: Gateway
    metadata: {name: inference-gateway, namespace: llm}
    spec:
      gatewayClassName: gke-l7-rilb
      listeners:
        - {name: http, protocol: HTTP, port: 80}
    ---
    apiVersion: gateway.networking.k8s.io/v1
    kind: HTTPRoute
    metadata: {name: qwen, namespace: llm}
    spec:
      parentRefs: [{name: inference-gatway, namespace: llm}]
      rules:
        - backendRefs: [{name: qwen, port: 8000}]
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from llmd_render.diagnostics import Severity, Violation
from llmd_render.lookup import text_at

from .rule import TreeRule, TreeViolation
from .subjects.gateways import whole_objects
from .subjects.objects import GATEWAY_API, KSERVE, items_at, name_of, namespace_of
from .subjects.whole_tree import Register, find_misspelt, is_settled

if TYPE_CHECKING:
    from collections.abc import Iterator

    from llmd_render.diagnostics import DataPath
    from llmd_render.manifest import Manifest, Tree

_HINT = "set the namespace of the reference to {}"
_REFS: DataPath = ("spec", "router", "gateway", "refs")


def _check(tree: Tree) -> Iterator[TreeViolation]:
    gateways = whole_objects(tree, GATEWAY_API, "Gateway")
    if not gateways or not is_settled(tree):
        return
    register = Register(tree, GATEWAY_API, "Gateway")
    # Of a namespace in which the tree has nothing, it need not have the Gateway either.
    ours = {namespace_of(item) for item in tree.manifests if item.is_object}
    for route, path, reference in _references(tree):
        name = text_at(reference, "name")
        namespace = text_at(reference, "namespace") or namespace_of(route)
        places = {namespace_of(item) for item in gateways if name_of(item) == name}
        if not name or not namespace or namespace not in ours or {namespace, ""} & places:
            continue
        if _is_filled_in(name, namespace, *places):
            continue
        # Of a service, another rule finds a name that is missing beside others.
        known = register.instead_of(name, namespace) if route.kind == "HTTPRoute" else []
        begin = f"there is no Gateway {name} in the namespace {namespace} here"
        if len(places) == 1:
            there = places.pop()
            violation = Violation((*path, "name"), f"{begin}, but in {there}", _HINT.format(there))
            yield TreeViolation(route, violation)
        elif not places and find_misspelt(name, known):
            message = f"{begin}, only {', '.join(known)}"
            hint = f"write {find_misspelt(name, known)}"
            yield TreeViolation(route, Violation((*path, "name"), message, hint))


def _is_filled_in(*words: str) -> bool:
    """Whether some word is a placeholder of whatever makes manifests of these."""
    return any("$" in word or "{" in word for word in words)


def _references(tree: Tree) -> Iterator[tuple[Manifest, DataPath, dict[str, Any]]]:
    for route in whole_objects(tree, GATEWAY_API, "HTTPRoute"):
        for path, reference in items_at(route.data, "spec", "parentRefs"):
            kind, group = reference.get("kind", "Gateway"), reference.get("group", GATEWAY_API)
            if (kind, group) == ("Gateway", GATEWAY_API):
                yield route, path, reference
    for service in whole_objects(tree, KSERVE, "LLMInferenceService"):
        for path, reference in items_at(service.data, *_REFS):
            if text_at(reference, "namespace"):
                yield service, path, reference


RULE = TreeRule("route-gateway-missing-here", Severity.WARNING, _check, acknowledgeable=True)
