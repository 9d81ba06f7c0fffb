r"""A cluster is created with a version of GKE that has what the tree needs.

Gateways of GKE send to InferencePools from GKE 1.32.3 on, and each generation of TPUs has a first
version, too. An older one creates the cluster and leaves the Gateway or the node pool without.

Source: https://llm-d.ai/docs/guide/Infrastructure/gateway/gke (2026)

Passes:

    create.sh: |
      # Beside a proxy-only subnet, and with networkservices on.
      gcloud container clusters create llmd --zone=europe-west4-a --gateway-api=standard \
        --cluster-version=1.34
    objects.yaml: |
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
              - {group: inference.networking.k8s.io, kind: InferencePool, name: qwen-inference-pool}
      ---
      apiVersion: serving.kserve.io/v1alpha1
      kind: LLMInferenceService
      metadata: {name: qwen, namespace: llm}
      spec:
        model: {uri: "hf://Qwen/Qwen3-4B", name: Qwen/Qwen3-4B}
        router: {scheduler: {}}
      ---
      apiVersion: networking.gke.io/v1
      kind: HealthCheckPolicy
      metadata: {name: qwen, namespace: llm}
      spec:
        default:
          config:
            type: HTTP
            httpHealthCheck: {portSpecification: USE_FIXED_PORT, port: 8000, requestPath: /health}
        targetRef:
          {group: inference.networking.k8s.io, kind: InferencePool, name: qwen-inference-pool}
      ---
      apiVersion: networking.gke.io/v1
      kind: GCPBackendPolicy
      metadata: {name: qwen, namespace: llm}
      spec:
        default: {timeoutSec: 3600}
        targetRef:
          {group: inference.networking.k8s.io, kind: InferencePool, name: qwen-inference-pool}

Fails:

    create.sh: |
      # Beside a proxy-only subnet, and with networkservices on.
      gcloud container clusters create llmd --zone=europe-west4-a --gateway-api=standard \
        --cluster-version=1.31
    objects.yaml: |
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
              - {group: inference.networking.k8s.io, kind: InferencePool, name: qwen-inference-pool}
      ---
      apiVersion: serving.kserve.io/v1alpha1
      kind: LLMInferenceService
      metadata: {name: qwen, namespace: llm}
      spec:
        model: {uri: "hf://Qwen/Qwen3-4B", name: Qwen/Qwen3-4B}
        router: {scheduler: {}}
      ---
      apiVersion: networking.gke.io/v1
      kind: HealthCheckPolicy
      metadata: {name: qwen, namespace: llm}
      spec:
        default:
          config:
            type: HTTP
            httpHealthCheck: {portSpecification: USE_FIXED_PORT, port: 8000, requestPath: /health}
        targetRef:
          {group: inference.networking.k8s.io, kind: InferencePool, name: qwen-inference-pool}
      ---
      apiVersion: networking.gke.io/v1
      kind: GCPBackendPolicy
      metadata: {name: qwen, namespace: llm}
      spec:
        default: {timeoutSec: 3600}
        targetRef:
          {group: inference.networking.k8s.io, kind: InferencePool, name: qwen-inference-pool}
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from llmd_render.diagnostics import Severity
from llmd_render.versions import is_older

from .rule import TreeRule, TreeViolation
from .subjects.gke_pools import routed_pools
from .subjects.scripts import CREATE_CLUSTER, gcloud_calls, violate
from .subjects.tpu_pods import tpu_pods

if TYPE_CHECKING:
    from collections.abc import Iterator

    from llmd_render.manifest import Tree


def _check(tree: Tree) -> Iterator[TreeViolation]:
    for call in gcloud_calls(tree, *CREATE_CLUSTER):
        found = call.find("--cluster-version")
        version = found.text if found else ""
        # `latest` and `-` are names of versions, too.
        if not found or not version[:1].isdigit():
            continue
        what = least = ""
        for need, minimum in _list_needs(tree):
            if is_older(least or version, minimum):
                what, least = need, minimum
        if least:
            message = f"the cluster gets GKE {version}, and {what} needs {least} or later"
            yield violate(found.word, call, message, f"set --cluster-version to {least}")


def _list_needs(tree: Tree) -> Iterator[tuple[str, str]]:
    from llmd_render.catalog import load_catalog  # noqa: PLC0415 - only trees with scripts need it

    catalog = load_catalog()
    pools, first = routed_pools(tree), catalog.gke_features["inference-gateway"].minimum
    if pools and first:
        yield f"the route to InferencePool {pools[0].backend.name}", first
    labels = {pod.accelerator for pod in tpu_pods(tree)}
    for row in catalog.accelerators.values():
        if row.gke_accelerator in labels and row.gke_min_version:
            yield f"a node with {row.gke_accelerator}", row.gke_min_version


RULE = TreeRule(
    "cluster-version-too-old",
    Severity.WARNING,
    _check,
    acknowledgeable=True,
    covered_by=("gke-version-unsupported",),
)
