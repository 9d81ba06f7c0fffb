"""The InferencePool that a policy of GKE is for exists in the namespace of the policy.

A HealthCheckPolicy or GCPBackendPolicy counts only for a target beside it. One that names no
InferencePool there has no effect, and nothing says so but its status. KServe makes a pool only for
a service with `spec.router.scheduler`.

Source: https://cloud.google.com/kubernetes-engine/docs/how-to/configure-gateway-resources (2026)

Passes:

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
      targetRef: {group: inference.networking.k8s.io, kind: InferencePool, name: qwen-pool}
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from llmd_render.diagnostics import Severity, Violation, did_you_mean
from llmd_render.lookup import text_at

from .rule import TreeRule, TreeViolation
from .subjects.gateways import is_pool, pool_made_for
from .subjects.objects import (
    GKE,
    INFERENCE,
    KSERVE,
    OLD_INFERENCE,
    mapping_at,
    name_of,
    namespace_of,
    objects,
)
from .subjects.route_targets import explain_unmade_pool, lacks_scheduler, route_backends
from .subjects.whole_tree import sets_namespaces

if TYPE_CHECKING:
    from collections.abc import Iterator

    from llmd_render.manifest import Tree

_PATH = ("spec", "targetRef", "name")


def _check(tree: Tree) -> Iterator[TreeViolation]:
    policies = list(objects(tree, GKE, "HealthCheckPolicy", "GCPBackendPolicy"))
    if not policies or sets_namespaces(tree):
        return
    pools = _pools(tree)
    # What a route is told of a pool is not said of its policies.
    told = {explain_unmade_pool(tree, item.name, item.namespace) for item in route_backends(tree)}
    for policy in policies:
        target = mapping_at(policy.data, "spec", "targetRef")
        name, namespace = text_at(target, "name"), namespace_of(policy)
        near = [pool for there, pool in pools if not there or not namespace or there == namespace]
        elsewhere = [there for there, pool in pools if pool == name]
        if not is_pool(target) or not name or name in near:
            continue
        unmade = explain_unmade_pool(tree, name, namespace)
        if unmade and unmade not in told:
            told.add(unmade)
            yield TreeViolation(policy, Violation(_PATH, *unmade))
        if unmade or not (near or elsewhere):
            continue
        violation = Violation(
            _PATH,
            f"there is no InferencePool {name} in namespace {namespace or 'of the policy'}"
            + (f", but in {elsewhere[0]}" if elsewhere else ""),
            "put the policy into the namespace of the InferencePool"
            if elsewhere
            else did_you_mean(name, near, f"name one that exists: {', '.join(near)}"),
        )
        yield TreeViolation(policy, violation)


def _pools(tree: Tree) -> list[tuple[str, str]]:
    found = [
        (namespace_of(pool), name_of(pool))
        for group in (INFERENCE, OLD_INFERENCE)
        for pool in objects(tree, group, "InferencePool")
    ]
    made = [
        (namespace_of(service), pool_made_for(service))
        for service in objects(tree, KSERVE, "LLMInferenceService")
        if not lacks_scheduler(tree, service)
    ]
    return found + made


RULE = TreeRule("gke-policy-target-missing", Severity.WARNING, _check, acknowledgeable=True)
