"""A route that KServe makes for a Gateway of GKE carries no time-outs.

KServe's own route preset puts `timeouts` on every rule. GKE's controller refuses such a route as a
whole (GWCER104), and KServe undoes a correction of the HTTPRoute by hand.

Source: https://github.com/kserve/kserve/issues/5311 (2026-03)

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
      router:
        gateway: {refs: [{name: example, namespace: gateways}]}
        route: {http: {refs: [{name: elsewhere}]}}

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
      router:
        gateway: {refs: [{name: example, namespace: gateways}]}
        route: {}
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from llmd_render.diagnostics import Severity, Violation

from .kserve_services import ROUTE, gke_gateway_of_managed_route, route_rules, services
from .objects import name_of, text_at, value_at
from .rule import TreeRule, TreeViolation

if TYPE_CHECKING:
    from collections.abc import Iterator

    from llmd_render.diagnostics import DataPath
    from llmd_render.manifest import Manifest, Tree


def _check(tree: Tree) -> Iterator[TreeViolation]:
    said: set[tuple[str, int, DataPath]] = set()
    for service in services(tree):
        gateway = gke_gateway_of_managed_route(tree, service)
        if gateway is None:
            continue
        source, rules = route_rules(tree, service)
        if source is None:
            yield _report_preset(service, gateway)
            continue
        for path in rules:
            place = (source.file, source.index, (*source.within, *path))
            if value_at(source.data, *path, "timeouts") and place not in said:
                said.add(place)
                yield _report_rule(source, path, gateway)


def _report_preset(service: Manifest, gateway: Manifest) -> TreeViolation:
    return TreeViolation(
        service,
        Violation(
            ROUTE,
            "KServe's preset for the route has time-outs, and the Gateway "
            f"{_describe(gateway)} refuses a route that has any",
            "list an HTTPRoute of your own in route.http.refs, or put an LLMInferenceServiceConfig "
            "kserve-config-llm-router-route without timeouts into the service's namespace",
            key=True,
        ),
    )


def _report_rule(source: Manifest, path: DataPath, gateway: Manifest) -> TreeViolation:
    return TreeViolation(
        source,
        Violation(
            (*path, "timeouts"),
            f"the Gateway {_describe(gateway)} refuses a route that has time-outs",
            "remove timeouts, and set timeoutSec in a GCPBackendPolicy instead",
            key=True,
        ),
    )


def _describe(gateway: Manifest) -> str:
    return f"{name_of(gateway)} of class {text_at(gateway.data, 'spec', 'gatewayClassName')}"


RULE = TreeRule(
    "managed-route-has-timeouts",
    Severity.ERROR,
    _check,
    acknowledgeable=True,
    covered_by=("route-timeouts-refused-by-gke",),
)
