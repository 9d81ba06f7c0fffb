"""No route behind a Gateway of GKE sends plain HTTP to the Service that KServe makes.

KServe 0.15 gives its Service the `appProtocol` https, and puts it back when somebody changes it.
GKE then speaks TLS to the Pods. To a vLLM that serves plain HTTP such a request fails, as do
/health and /v1/models by the preset's route. From 0.17 on this can be switched, so that there, and
where an LLMInferenceService is v1alpha2, nothing is said.

Source: https://github.com/opendatahub-io/kserve release-v0.15, pkg/controller/llmisvc (2026-03-20)

Passes:

    apiVersion: gateway.networking.k8s.io/v1
    kind: Gateway
    metadata: {name: example, namespace: gateways}
    spec:
      gatewayClassName: gke-l7-rilb
      listeners: [{name: http, port: 80, protocol: HTTP, allowedRoutes: {namespaces: {from: All}}}]
    ---
    apiVersion: serving.kserve.io/v1alpha1
    kind: LLMInferenceService
    metadata: {name: qwen, namespace: example}
    spec:
      model: {uri: hf://Qwen/Qwen3-4B}
      router: {route: {http: {refs: [{name: qwen}]}}}
      template:
        containers:
          - name: main
            command: [vllm]
            args: [serve, /mnt/models]
            livenessProbe: {httpGet: {path: /health, port: 8000, scheme: HTTP}}
            readinessProbe: {httpGet: {path: /health, port: 8000, scheme: HTTP}}
    ---
    apiVersion: gateway.networking.k8s.io/v1
    kind: HTTPRoute
    metadata: {name: qwen, namespace: example}
    spec:
      parentRefs: [{name: example, namespace: gateways}]
      rules: [{backendRefs: [{name: a-service-of-your-own, port: 8000}]}]

Fails:

    apiVersion: gateway.networking.k8s.io/v1
    kind: Gateway
    metadata: {name: example, namespace: gateways}
    spec:
      gatewayClassName: gke-l7-rilb
      listeners: [{name: http, port: 80, protocol: HTTP, allowedRoutes: {namespaces: {from: All}}}]
    ---
    apiVersion: serving.kserve.io/v1alpha1
    kind: LLMInferenceService
    metadata: {name: qwen, namespace: example}
    spec:
      model: {uri: hf://Qwen/Qwen3-4B}
      router: {route: {http: {refs: [{name: qwen}]}}}
      template:
        containers:
          - name: main
            command: [vllm]
            args: [serve, /mnt/models]
            livenessProbe: {httpGet: {path: /health, port: 8000, scheme: HTTP}}
            readinessProbe: {httpGet: {path: /health, port: 8000, scheme: HTTP}}
    ---
    apiVersion: gateway.networking.k8s.io/v1
    kind: HTTPRoute
    metadata: {name: qwen, namespace: example}
    spec:
      parentRefs: [{name: example, namespace: gateways}]
      rules: [{backendRefs: [{name: qwen-kserve-workload-svc, port: 8000}]}]
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from llmd_render.diagnostics import Severity, Violation
from llmd_render.lookup import text_at

from .rule import TreeRule, TreeViolation
from .subjects.kserve_services import (
    ROUTE,
    find_gke_gateway,
    gke_gateway_of_managed_route,
    meets_later_kserve,
    route_rules,
    serves_plain_http,
    services,
)
from .subjects.objects import GATEWAY_API, agree, items_at, name_of, namespace_of, objects

if TYPE_CHECKING:
    from collections.abc import Iterator

    from llmd_render.diagnostics import DataPath
    from llmd_render.manifest import Manifest, Tree

_ENDING = "-kserve-workload-svc"
_HINT = (
    "send these requests to the InferencePool as well, or to a Service of your own with "
    "appProtocol http"
)


def _check(tree: Tree) -> Iterator[TreeViolation]:
    for service in services(tree):
        if not meets_later_kserve(tree, service) and serves_plain_http(service):
            yield from _check_managed_route(tree, service)
            yield from _check_declared_routes(tree, service)


def _check_managed_route(tree: Tree, service: Manifest) -> Iterator[TreeViolation]:
    if gke_gateway_of_managed_route(tree, service) is None:
        return
    source, rules = route_rules(tree, service)
    if source is None:
        yield TreeViolation(
            service,
            Violation(
                ROUTE,
                f"KServe's preset for the route sends all but completions to the Service "
                f"{name_of(service)}{_ENDING}, which says https, and this vLLM speaks plain HTTP",
                "write rules that send everything to the InferencePool",
                key=True,
            ),
        )
    elif source is service:
        yield from _check_rules(service, rules, service)


def _check_declared_routes(tree: Tree, service: Manifest) -> Iterator[TreeViolation]:
    for route in objects(tree, GATEWAY_API, "HTTPRoute"):
        refs = [
            (text_at(ref, "name"), text_at(ref, "namespace") or namespace_of(route))
            for _, ref in items_at(route.data, "spec", "parentRefs")
        ]
        if find_gke_gateway(tree, refs):
            rules = [path for path, _ in items_at(route.data, "spec", "rules")]
            yield from _check_rules(route, rules, service)


def _check_rules(
    source: Manifest, rules: list[DataPath], service: Manifest
) -> Iterator[TreeViolation]:
    name = f"{name_of(service)}{_ENDING}"
    for rule in rules:
        for path, backend in items_at(source.data, *rule, "backendRefs"):
            namespace = text_at(backend, "namespace") or namespace_of(source)
            if (
                text_at(backend, "kind") in {"", "Service"}
                and text_at(backend, "name") == name
                and agree(namespace, namespace_of(service))
            ):
                message = f"the Service {name} says https, and the vLLM behind it speaks plain HTTP"
                yield TreeViolation(source, Violation((*path, "name"), message, _HINT))


RULE = TreeRule(
    "workload-service-expects-tls",
    Severity.WARNING,
    _check,
    acknowledgeable=True,
    covered_by=("route-timeouts-refused-by-gke",),
)
