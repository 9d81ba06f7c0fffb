"""An InferencePool behind a Gateway of GKE has a HealthCheckPolicy.

Without one Google's load balancer probes /, vLLM answers that with 404, and every request gets
"no healthy upstream". The probes of the Pods do not reach the load balancer.

Source: https://cloud.google.com/kubernetes-engine/docs/how-to/configure-gateway-resources (2026)

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
        - backendRefs: [{group: inference.networking.k8s.io, kind: InferencePool, name: qwen}]
    ---
    apiVersion: inference.networking.k8s.io/v1
    kind: InferencePool
    metadata: {name: qwen, namespace: llm}
    spec:
      selector: {matchLabels: {app: qwen}}
      targetPorts: [{number: 8000}]
      endpointPickerRef: {name: qwen-epp, port: {number: 9002}}
    ---
    apiVersion: networking.gke.io/v1
    kind: HealthCheckPolicy
    metadata: {name: qwen, namespace: llm}
    spec:
      default:
        config:
          type: HTTP
          httpHealthCheck: {portSpecification: USE_FIXED_PORT, port: 8000, requestPath: /health}
      targetRef: {group: inference.networking.k8s.io, kind: InferencePool, name: qwen}
    ---
    apiVersion: networking.gke.io/v1
    kind: GCPBackendPolicy
    metadata: {name: qwen, namespace: llm}
    spec:
      default: {timeoutSec: 3600}
      targetRef: {group: inference.networking.k8s.io, kind: InferencePool, name: qwen}

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
        - backendRefs: [{group: inference.networking.k8s.io, kind: InferencePool, name: qwen}]
    ---
    apiVersion: inference.networking.k8s.io/v1
    kind: InferencePool
    metadata: {name: qwen, namespace: llm}
    spec:
      selector: {matchLabels: {app: qwen}}
      targetPorts: [{number: 8000}]
      endpointPickerRef: {name: qwen-epp, port: {number: 9002}}
    ---
    apiVersion: networking.gke.io/v1
    kind: GCPBackendPolicy
    metadata: {name: qwen, namespace: llm}
    spec:
      default: {timeoutSec: 3600}
      targetRef: {group: inference.networking.k8s.io, kind: InferencePool, name: qwen}
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from llmd_render.diagnostics import Severity, Violation

from .rule import TreeRule, TreeViolation
from .subjects.gke_pools import misses_pool, policies_for, routed_pools

if TYPE_CHECKING:
    from collections.abc import Iterator

    from llmd_render.manifest import Tree


def _check(tree: Tree) -> Iterator[TreeViolation]:
    for pool in routed_pools(tree):
        name, namespace = pool.backend.name, pool.backend.namespace
        checks = any(policies_for(tree, "HealthCheckPolicy", name, namespace))
        if checks or misses_pool(tree, "HealthCheckPolicy", pool.backend):
            continue
        violation = Violation(
            pool.backend.path,
            f"no HealthCheckPolicy here is for InferencePool {name}: "
            f"{pool.class_name} then probes /, which vLLM answers with 404",
            "add a HealthCheckPolicy for /health whose targetRef names the InferencePool",
        )
        yield TreeViolation(pool.route, violation)


RULE = TreeRule(
    "gke-pool-without-health-check",
    Severity.WARNING,
    _check,
    acknowledgeable=True,
    covered_by=("gateway-health-check-missing",),
)
