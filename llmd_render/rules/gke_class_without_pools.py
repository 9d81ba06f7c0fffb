"""A Gateway that routes to an InferencePool is of a class that can.

Behind another class the Gateway gets its address and reports itself programmed, and its backends
never become healthy. An LLMInferenceService with a scheduler is reached through an InferencePool.

Source: https://cloud.google.com/kubernetes-engine/docs/how-to/gatewayclass-capabilities (2026)

Passes:

    apiVersion: gateway.networking.k8s.io/v1
    kind: Gateway
    metadata: {name: inference-gateway, namespace: llm}
    spec:
      gatewayClassName: gke-l7-regional-external-managed
      listeners:
        - {name: http, protocol: HTTP, port: 80}
    ---
    apiVersion: gateway.networking.k8s.io/v1
    kind: HTTPRoute
    metadata: {name: qwen, namespace: llm}
    spec:
      parentRefs: [{name: inference-gateway}]
      rules:
        - backendRefs: [{name: qwen, port: 8000}]

Fails:

    apiVersion: gateway.networking.k8s.io/v1
    kind: Gateway
    metadata: {name: inference-gateway, namespace: llm}
    spec:
      gatewayClassName: gke-l7-global-external-managed
      listeners:
        - {name: http, protocol: HTTP, port: 80}
    ---
    apiVersion: gateway.networking.k8s.io/v1
    kind: HTTPRoute
    metadata: {name: qwen, namespace: llm}
    spec:
      parentRefs: [{name: inference-gateway}]
      rules:
        - backendRefs: [{group: inference.networking.k8s.io, kind: InferencePool, name: qwen}]
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from llmd_render.diagnostics import Severity, Violation

from .rule import TreeRule, TreeViolation
from .subjects.gateways import class_of, find_class, gateways_of_pools
from .subjects.objects import name_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from llmd_render.manifest import Tree


def _check(tree: Tree) -> Iterator[TreeViolation]:
    for gateway, route, pool in gateways_of_pools(tree):
        name = class_of(gateway)
        known = find_class(name)
        if known is not None and known.inference_pool in {"unsupported", "multi-cluster"}:
            violation = Violation(
                ("spec", "gatewayClassName"),
                f"{name} cannot route to an InferencePool, and the {route.kind} {name_of(route)} "
                f"sends to {pool}",
                "use gke-l7-regional-external-managed or gke-l7-rilb",
            )
            yield TreeViolation(gateway, violation)


RULE = TreeRule(
    "gke-class-without-pools",
    Severity.ERROR,
    _check,
    acknowledgeable=True,
    covered_by=("gateway-class-without-inference-pool",),
)
