"""GKE is new enough for the InferencePools that its Gateways send to.

The GKE Inference Gateway needs 1.32.3, and GKE brings the definition of InferencePool v1 from
1.34.0-gke.1626000 on. On an older cluster somebody has to apply the definition first. Judged only
where `--target` or a profile says what runs.

Source: https://llm-d.ai/docs (2026)

Passes:

    # llmd-render lint --target gke=1.34
    apiVersion: gateway.networking.k8s.io/v1
    kind: Gateway
    metadata: {name: inference-gateway, namespace: llm}
    spec:
      gatewayClassName: gke-l7-rilb
      listeners: [{name: http, protocol: HTTP, port: 80}]
    ---
    apiVersion: gateway.networking.k8s.io/v1
    kind: HTTPRoute
    metadata: {name: qwen, namespace: llm}
    spec:
      parentRefs: [{name: inference-gateway}]
      rules:
        - backendRefs: [{group: inference.networking.k8s.io, kind: InferencePool, name: qwen}]

Fails:

    # llmd-render lint --target gke=1.33
    apiVersion: gateway.networking.k8s.io/v1
    kind: Gateway
    metadata: {name: inference-gateway, namespace: llm}
    spec:
      gatewayClassName: gke-l7-rilb
      listeners: [{name: http, protocol: HTTP, port: 80}]
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
from llmd_render.lookup import text_at

from .rule import TreeRule, TreeViolation
from .subjects.gateways import gke_routes, pool_backends
from .subjects.objects import INFERENCE, has

if TYPE_CHECKING:
    from collections.abc import Iterator

    from llmd_render.manifest import Tree

_DEFINITION = "inferencepools.inference.networking.k8s.io"


def _check(tree: Tree) -> Iterator[TreeViolation]:
    if not tree.target.gke:
        return
    for route, _ in gke_routes(tree):
        for backend in pool_backends(route):
            # Of the pool that KServe makes for a service, KServe brings the definition, too.
            named = text_at(route.data, *backend.path[:-1], "group") == INFERENCE
            found = _judge(tree, named=named)
            if found:
                yield TreeViolation(route, Violation(backend.path, *found))
                break


def _judge(tree: Tree, *, named: bool) -> tuple[str, str] | None:
    from llmd_render.catalog import load_catalog  # noqa: PLC0415 - only trees with such Gateways

    features = load_catalog().gke_features
    gateway, pools = features["inference-gateway"].minimum, features["inference-pool-v1"].minimum
    gke = tree.target.gke
    if gateway and tree.target.is_before("gke", gateway):
        return (
            f"GKE {gke} cannot route to an InferencePool; its Inference Gateway needs {gateway}",
            f"move the cluster to {pools or gateway}",
        )
    defined = has(tree, "apiextensions.k8s.io", "CustomResourceDefinition", _DEFINITION)
    if named and not defined and pools and tree.target.is_before("gke", pools):
        return (
            f"GKE {gke} does not bring the InferencePool definition; GKE does from {pools} on",
            f"move the cluster to {pools}, or apply the definition first",
        )
    return None


RULE = TreeRule(
    "gke-too-old-for-pools",
    Severity.WARNING,
    _check,
    acknowledgeable=True,
    covered_by=("gke-version-unsupported", "inference-pool-crd-not-bundled"),
)
