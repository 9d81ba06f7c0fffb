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
        - backendRefs: [{name: qwen, port: 8000}]

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
        - backendRefs: [{name: qwen, port: 8000}]
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from llmd_render.diagnostics import Severity, Violation, did_you_mean
from llmd_render.lookup import text_at

from .gateways import whole_objects
from .objects import GATEWAY_API, KSERVE, items_at, namespace_of
from .rule import TreeRule, TreeViolation
from .whole_tree import Register, is_settled

if TYPE_CHECKING:
    from collections.abc import Iterator

    from llmd_render.manifest import Tree


def _check(tree: Tree) -> Iterator[TreeViolation]:
    services = whole_objects(tree, KSERVE, "LLMInferenceService")
    if not services or not is_settled(tree):
        return
    routes = Register(tree, GATEWAY_API, "HTTPRoute")
    for service in services:
        namespace = namespace_of(service)
        for path, reference in items_at(service.data, "spec", "router", "route", "http", "refs"):
            name = text_at(reference, "name")
            known = routes.instead_of(name, namespace) if namespace else []
            if known:
                message = f"there is no HTTPRoute {name} in the namespace {namespace} here, only "
                hint = did_you_mean(name, known, "write the name of an HTTPRoute that exists")
                violation = Violation((*path, "name"), message + ", ".join(known), hint)
                yield TreeViolation(service, violation)


RULE = TreeRule("service-route-reference-missing", Severity.WARNING, _check, acknowledgeable=True)
