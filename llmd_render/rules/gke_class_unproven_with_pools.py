"""A Gateway that routes to an InferencePool is of a class that was seen to.

Google names gke-l7-regional-external-managed and gke-l7-rilb. Of the classes for several clusters
no source says that they send to an InferencePool of one cluster.

Source: https://llm-d.ai/docs/guide/Infrastructure/gateway/gke (2026)

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
      gatewayClassName: gke-l7-rilb-mc
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
        if known is not None and known.inference_pool == "unverified":
            violation = Violation(
                ("spec", "gatewayClassName"),
                f"no source says whether {name} can route to an InferencePool, and the "
                f"{route.kind} {name_of(route)} sends to {pool}",
                "use gke-l7-regional-external-managed or gke-l7-rilb",
            )
            yield TreeViolation(gateway, violation)


RULE = TreeRule(
    "gke-class-unproven-with-pools",
    Severity.WARNING,
    _check,
    acknowledgeable=True,
    covered_by=("gateway-class-unproven-with-inference-pool",),
)
