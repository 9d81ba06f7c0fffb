"""An HTTPRoute behind a Gateway of GKE names InferencePools by their group of today.

GKE's Gateways send to InferencePools of inference.networking.k8s.io. Of a backend of the older
group inference.networking.x-k8s.io the route says that its kind is invalid, and answers 500. The
route that KServe makes starts with the older group and is corrected by KServe itself.

Source: https://github.com/kubernetes-sigs/gateway-api-inference-extension/issues/1602 (2025-09)

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
      parentRefs: [{name: inference-gateway}]
      rules:
        - backendRefs:
            - {group: inference.networking.k8s.io, kind: InferencePool, name: qwen}

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
      parentRefs: [{name: inference-gateway}]
      rules:
        - backendRefs:
            - {group: inference.networking.x-k8s.io, kind: InferencePool, name: qwen}
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from llmd_render.diagnostics import Severity, Violation
from llmd_render.lookup import text_at

from .rule import TreeRule, TreeViolation
from .subjects.gateways import gke_routes, route_rules
from .subjects.objects import INFERENCE, OLD_INFERENCE, items_at

if TYPE_CHECKING:
    from collections.abc import Iterator

    from llmd_render.manifest import Tree


def _check(tree: Tree) -> Iterator[TreeViolation]:
    for route, class_name in gke_routes(tree):
        if route.kind != "HTTPRoute":
            continue
        for path, rule in route_rules(route):
            for place, backend in items_at(rule, "backendRefs"):
                if text_at(backend, "group") != OLD_INFERENCE:
                    continue
                yield TreeViolation(
                    route,
                    Violation(
                        (*path, *place, "group"),
                        f"{class_name} sends to no {text_at(backend, 'kind')} of {OLD_INFERENCE}",
                        f"write {INFERENCE}; the InferencePool has to be of that group, too",
                    ),
                )


RULE = TreeRule("gke-route-pool-group-outdated", Severity.WARNING, _check, acknowledgeable=True)
