"""A policy of GKE names the InferencePool of the group that GKE serves.

GKE's controller looks for pools of inference.networking.k8s.io. A HealthCheckPolicy or
GCPBackendPolicy for a pool of inference.networking.x-k8s.io, the group of the previews, is for
nothing: the load balancer probes /, and cuts answers off after 30 seconds.

Source: https://cloud.google.com/kubernetes-engine/docs/how-to/deploy-gke-inference-gateway (2026)

Passes:

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

    apiVersion: networking.gke.io/v1
    kind: HealthCheckPolicy
    metadata: {name: qwen, namespace: llm}
    spec:
      default:
        config:
          type: HTTP
          httpHealthCheck: {portSpecification: USE_FIXED_PORT, port: 8000, requestPath: /health}
      targetRef: {group: inference.networking.x-k8s.io, kind: InferencePool, name: qwen}
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from llmd_render.diagnostics import Severity, Violation
from llmd_render.lookup import text_at

from .rule import TreeRule, TreeViolation
from .subjects.objects import GKE, INFERENCE, OLD_INFERENCE, mapping_at, objects

if TYPE_CHECKING:
    from collections.abc import Iterator

    from llmd_render.manifest import Tree


def _check(tree: Tree) -> Iterator[TreeViolation]:
    for policy in objects(tree, GKE, "HealthCheckPolicy", "GCPBackendPolicy"):
        target = mapping_at(policy.data, "spec", "targetRef")
        if target.get("group") != OLD_INFERENCE or target.get("kind") != "InferencePool":
            continue
        violation = Violation(
            ("spec", "targetRef", "group"),
            f"the {policy.kind} is for the InferencePool {text_at(target, 'name')} of "
            f"{OLD_INFERENCE}, and GKE looks for pools of {INFERENCE}",
            f"write {INFERENCE}; the InferencePool has to be of that group, too",
        )
        yield TreeViolation(policy, violation)


RULE = TreeRule("gke-policy-pool-group-outdated", Severity.WARNING, _check, acknowledgeable=True)
