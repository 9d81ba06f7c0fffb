"""An InferencePool behind a Gateway of GKE gives its answers more than 30 seconds.

Google's load balancer ends a response after 30 seconds unless it is told otherwise, streamed or
not, and a language model often takes longer. An HTTPRoute cannot say so, as GKE refuses its
timeouts: a GCPBackendPolicy for the InferencePool does.

Source: https://cloud.google.com/load-balancing/docs/backend-service#timeout-setting (2026)

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
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from llmd_render.diagnostics import Severity, Violation
from llmd_render.lookup import value_at

from .rule import TreeRule, TreeViolation
from .subjects.gke_pools import misses_pool, policies_for, routed_pools
from .subjects.objects import name_of
from .subjects.whole_tree import is_patched

if TYPE_CHECKING:
    from collections.abc import Iterator

    from llmd_render.manifest import Tree

    from .subjects.gke_pools import RoutedPool

_DEFAULT = 30
_DEFAULTS = ("spec", "default")
_FIELD = (*_DEFAULTS, "timeoutSec")
_HINT = "in spec.default.timeoutSec, such as 3600 seconds for long answers"


def _check(tree: Tree) -> Iterator[TreeViolation]:
    for pool in routed_pools(tree):
        name, namespace = pool.backend.name, pool.backend.namespace
        policies = list(policies_for(tree, "GCPBackendPolicy", name, namespace))
        if not policies:
            if not misses_pool(tree, "GCPBackendPolicy", pool.backend):
                yield TreeViolation(pool.route, _find_missing(pool))
        elif not is_patched(tree) and not any(value_at(item.data, *_FIELD) for item in policies):
            message = (
                f"the GCPBackendPolicy {name_of(policies[0])} of InferencePool {name} has no "
                f"timeoutSec, and an answer is cut off after {_DEFAULT} seconds"
            )
            hint = f"say how long an answer may take, {_HINT}"
            yield TreeViolation(policies[0], Violation(_DEFAULTS, message, hint, key=True))
        for policy in policies:
            seconds = value_at(policy.data, *_FIELD)
            if isinstance(seconds, int) and 0 < seconds <= _DEFAULT:
                message = f"InferencePool {name} has {seconds} seconds for an answer"
                hint = f"allow more {_HINT}"
                yield TreeViolation(policy, Violation(_FIELD, message, hint))


def _find_missing(pool: RoutedPool) -> Violation:
    return Violation(
        pool.backend.path,
        f"no GCPBackendPolicy here is for InferencePool {pool.backend.name}: {pool.class_name} "
        f"then cuts off an answer after {_DEFAULT} seconds",
        "add a GCPBackendPolicy whose targetRef names the InferencePool, with the time that an "
        f"answer may take {_HINT}",
    )


RULE = TreeRule(
    "gke-pool-answers-cut-off",
    Severity.WARNING,
    _check,
    acknowledgeable=True,
    covered_by=("gateway-backend-timeout-short",),
)
