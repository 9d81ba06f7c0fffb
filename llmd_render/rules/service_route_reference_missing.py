"""An LLMInferenceService that brings its own route names an HTTPRoute that is there.

KServe looks for the routes of spec.router.route.http.refs in the namespace of the service, makes
none itself, and the service does not get ready while one is missing.

Source: https://github.com/opendatahub-io/kserve/tree/release-v0.15/pkg/controller/llmisvc (2026-03)

Passes:

    apiVersion: serving.kserve.io/v1alpha1
    kind: LLMInferenceService
    metadata: {name: qwen, namespace: llm}
    spec:
      model: {uri: "hf://Qwen/Qwen3-4B", name: Qwen/Qwen3-4B}
      router: {route: {http: {refs: [{name: qwen}]}}, scheduler: {}}
    ---
    apiVersion: gateway.networking.k8s.io/v1
    kind: HTTPRoute
    metadata: {name: qwen, namespace: llm}
    spec:
      parentRefs: [{name: inference-gateway}]
      rules:
        - backendRefs:
            - group: inference.networking.k8s.io
              kind: InferencePool
              name: qwen-inference-pool

Fails:

    apiVersion: serving.kserve.io/v1alpha1
    kind: LLMInferenceService
    metadata: {name: qwen, namespace: llm}
    spec:
      model: {uri: "hf://Qwen/Qwen3-4B", name: Qwen/Qwen3-4B}
      router: {route: {http: {refs: [{name: qwen-route}]}}, scheduler: {}}
    ---
    apiVersion: gateway.networking.k8s.io/v1
    kind: HTTPRoute
    metadata: {name: qwen, namespace: llm}
    spec:
      parentRefs: [{name: inference-gateway}]
      rules:
        - backendRefs:
            - group: inference.networking.k8s.io
              kind: InferencePool
              name: qwen-inference-pool
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from llmd_render.diagnostics import Severity, Violation
from llmd_render.lookup import text_at

from .rule import TreeRule, TreeViolation
from .subjects.gateways import pool_backends, pool_made_for, whole_objects
from .subjects.objects import GATEWAY_API, KSERVE, items_at, name_of, namespace_of
from .subjects.whole_tree import Register, is_settled

if TYPE_CHECKING:
    from collections.abc import Iterator

    from llmd_render.manifest import Manifest, Tree


def _check(tree: Tree) -> Iterator[TreeViolation]:
    services = whole_objects(tree, KSERVE, "LLMInferenceService")
    if not services or not is_settled(tree):
        return
    register = Register(tree, GATEWAY_API, "HTTPRoute")
    for service in services:
        namespace = namespace_of(service)
        meant = _list_routes_to(tree, service) if namespace else []
        for path, reference in items_at(service.data, "spec", "router", "route", "http", "refs"):
            name = text_at(reference, "name")
            if meant and register.instead_of(name, namespace):
                message = (
                    f"there is no HTTPRoute {name} in the namespace {namespace} here, and "
                    f"{meant[0]} sends to the InferencePool of this service"
                )
                yield TreeViolation(
                    service, Violation((*path, "name"), message, f"write {meant[0]}")
                )


def _list_routes_to(tree: Tree, service: Manifest) -> list[str]:
    """List the HTTPRoutes beside a service that send to its InferencePool."""
    pool, namespace = pool_made_for(service), namespace_of(service)
    return [
        name_of(route)
        for route in whole_objects(tree, GATEWAY_API, "HTTPRoute")
        if namespace_of(route) == namespace
        and any((item.name, item.namespace) == (pool, namespace) for item in pool_backends(route))
    ]


RULE = TreeRule("service-route-reference-missing", Severity.WARNING, _check, acknowledgeable=True)
