"""A policy of GKE targets the InferencePool and not the Service that GKE makes for it.

The Service ends in a hash that GKE chooses, which is another one in the next cluster. A policy for
it reports that no Gateway is found, and has no effect.

Source: gateway-api-inference-extension@v1.0.1 config/manifests/gateway/gke/healthcheck.yaml (2025)

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
      targetRef: {group: "", kind: Service, name: qwen-inference-pool-ip-30172fd8}
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from llmd_render.diagnostics import Severity, Violation
from llmd_render.lookup import text_at

from .rule import TreeRule, TreeViolation
from .subjects.objects import GKE, has, namespace_of, objects

if TYPE_CHECKING:
    from collections.abc import Iterator

    from llmd_render.manifest import Tree

_GENERATED = re.compile(r"(.+)-ip-[0-9a-f]{8}")


def _check(tree: Tree) -> Iterator[TreeViolation]:
    for policy in objects(tree, GKE, "HealthCheckPolicy", "GCPBackendPolicy"):
        name = text_at(policy.data, "spec", "targetRef", "name")
        match = _GENERATED.fullmatch(name)
        if not match or text_at(policy.data, "spec", "targetRef", "kind") != "Service":
            continue
        if has(tree, "", "Service", name, namespace_of(policy)):
            continue
        violation = Violation(
            ("spec", "targetRef", "name"),
            f"the policy is for Service {name}, whose name GKE makes up for an InferencePool",
            "name the InferencePool: group inference.networking.k8s.io, kind InferencePool, name "
            f"{match.group(1)}",
        )
        yield TreeViolation(policy, violation)


RULE = TreeRule(
    "gke-policy-targets-generated-service", Severity.ERROR, _check, acknowledgeable=True
)
