"""An InferencePool has one policy of GKE of each kind.

Of two policies for one target GKE takes the older and leaves the other aside, whatever is in it.
Which of them is older is decided when they are applied, and is in no file.

Source: https://cloud.google.com/kubernetes-engine/docs/how-to/configure-gateway-resources (2026)

Passes:

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

Fails:

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
    kind: HealthCheckPolicy
    metadata: {name: qwen-fast, namespace: llm}
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
from llmd_render.lookup import text_at

from .rule import TreeRule, TreeViolation
from .subjects.gateways import whole_objects
from .subjects.objects import GKE, mapping_at, name_of, namespace_of
from .subjects.whole_tree import is_settled

if TYPE_CHECKING:
    from collections.abc import Iterator

    from llmd_render.manifest import Manifest, Tree

_KINDS = ("HealthCheckPolicy", "GCPBackendPolicy", "GCPGatewayPolicy")


def _check(tree: Tree) -> Iterator[TreeViolation]:
    policies = whole_objects(tree, GKE, *_KINDS)
    if not policies or not is_settled(tree):
        return
    first: dict[tuple[str, ...], Manifest] = {}
    for policy in policies:
        target = mapping_at(policy.data, "spec", "targetRef")
        group, kind, name = (text_at(target, field) for field in ("group", "kind", "name"))
        if not name or not namespace_of(policy):
            continue
        key = (policy.kind, namespace_of(policy), group, kind, name)
        other = first.setdefault(key, policy)
        # The same object in two files is one of them, chosen by whoever applies it.
        if name_of(other) != name_of(policy):
            yield TreeViolation(
                policy,
                Violation(
                    ("spec", "targetRef", "name"),
                    f"the {policy.kind} {name_of(policy)} and the {policy.kind} "
                    f"{name_of(other)} are both for {kind} {name}, and only the older counts",
                    "put both into one policy",
                ),
            )


RULE = TreeRule("gke-policies-share-target", Severity.WARNING, _check, acknowledgeable=True)
