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
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from llmd_render.diagnostics import Severity, Violation
from llmd_render.lookup import text_at

from .gateways import PoolBackend, gke_routes, is_pool, pool_backends, pool_made_for
from .objects import GKE, INFERENCE, KSERVE, OLD_INFERENCE, has, mapping_at, namespace_of, objects
from .rule import TreeRule, TreeViolation

if TYPE_CHECKING:
    from collections.abc import Iterator

    from llmd_render.manifest import Tree


def _check(tree: Tree) -> Iterator[TreeViolation]:
    seen: set[tuple[str, str]] = set()
    for route, class_name in gke_routes(tree):
        for backend in pool_backends(route):
            pool = (backend.namespace, backend.name)
            if pool in seen or not _is_in(tree, backend) or _is_checked(tree, backend):
                continue
            seen.add(pool)
            violation = Violation(
                backend.path,
                f"no HealthCheckPolicy here is for InferencePool {backend.name}: {class_name} then "
                "probes /, which vLLM answers with 404",
                "add a HealthCheckPolicy for /health whose targetRef names the InferencePool",
            )
            yield TreeViolation(route, violation)


def _is_in(tree: Tree, pool: PoolBackend) -> bool:
    if any(
        has(tree, group, "InferencePool", pool.name, pool.namespace)
        for group in (INFERENCE, OLD_INFERENCE)
    ):
        return True
    return any(
        pool_made_for(service) == pool.name and _agree(namespace_of(service), pool.namespace)
        for service in objects(tree, KSERVE, "LLMInferenceService")
    )


def _is_checked(tree: Tree, pool: PoolBackend) -> bool:
    for policy in objects(tree, GKE, "HealthCheckPolicy"):
        target = mapping_at(policy.data, "spec", "targetRef")
        name = text_at(target, "name")
        # A Service that GKE made for the pool is another mistake, with a rule of its own.
        generated = name.startswith(f"{pool.name}-ip-")
        meant = generated or (name == pool.name and is_pool(target))
        if meant and _agree(namespace_of(policy), pool.namespace):
            return True
    return False


def _agree(one: str, other: str) -> bool:
    return not one or not other or one == other


RULE = TreeRule(
    "gke-pool-without-health-check",
    Severity.WARNING,
    _check,
    acknowledgeable=True,
    covered_by=("gateway-health-check-missing",),
)
