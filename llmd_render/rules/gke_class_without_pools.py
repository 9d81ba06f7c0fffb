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
from .subjects.gateways import attachments, class_of, pool_backends
from .subjects.objects import name_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from llmd_render.manifest import Tree


def _check(tree: Tree) -> Iterator[TreeViolation]:
    seen: set[int] = set()
    for attachment in attachments(tree):
        pools = [item.name for item in pool_backends(attachment.route)]
        if not attachment.gke_class or not pools:
            continue
        for gateway in attachment.gateways:
            name = class_of(gateway)
            if id(gateway) in seen or not _lacks_pools(name):
                continue
            seen.add(id(gateway))
            violation = Violation(
                ("spec", "gatewayClassName"),
                f"{name} cannot route to an InferencePool, and the {attachment.route.kind} "
                f"{name_of(attachment.route)} sends to {pools[0]}",
                "use gke-l7-regional-external-managed or gke-l7-rilb",
            )
            yield TreeViolation(gateway, violation)


def _lacks_pools(name: str) -> bool:
    from llmd_render.catalog import load_catalog  # noqa: PLC0415 - only trees with such Gateways

    known = load_catalog().gateway_classes.get(name)
    return known is not None and known.inference_pool in {"unsupported", "multi-cluster"}


RULE = TreeRule(
    "gke-class-without-pools",
    Severity.ERROR,
    _check,
    acknowledgeable=True,
    covered_by=("gateway-class-without-inference-pool",),
)
