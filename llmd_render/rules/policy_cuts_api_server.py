"""NetworkPolicies let the Endpoint Picker reach the API server.

It learns from the API server which Pods its InferencePool has. On GKE that is no Pod of the
cluster: a selector of namespaces or Pods, such as component: apiserver, does not admit it, and only
a range of addresses does, or a rule without `to`.

Source: https://kubernetes.io/docs/concepts/services-networking/network-policies/ (2026)

Passes:

    apiVersion: serving.kserve.io/v1alpha1
    kind: LLMInferenceService
    metadata: {name: qwen, namespace: llm}
    spec:
      model: {uri: "pvc://models/qwen", name: Qwen/Qwen3-4B}
      router: {scheduler: {}}
    ---
    apiVersion: networking.k8s.io/v1
    kind: NetworkPolicy
    metadata: {name: out, namespace: llm}
    spec:
      podSelector: {}
      policyTypes: [Egress]
      egress:
        - ports: [{port: 53, protocol: UDP}, {port: 53}]
        - to: [{ipBlock: {cidr: 0.0.0.0/0}}]
          ports: [{port: 443}]
        - ports: [{port: 8000}]

Fails:

    apiVersion: serving.kserve.io/v1alpha1
    kind: LLMInferenceService
    metadata: {name: qwen, namespace: llm}
    spec:
      model: {uri: "pvc://models/qwen", name: Qwen/Qwen3-4B}
      router: {scheduler: {}}
    ---
    apiVersion: networking.k8s.io/v1
    kind: NetworkPolicy
    metadata: {name: out, namespace: llm}
    spec:
      podSelector: {}
      policyTypes: [Egress]
      egress:
        - ports: [{port: 53, protocol: UDP}, {port: 53}]
        - ports: [{port: 8000}]
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from llmd_render.diagnostics import Severity, Violation

from .rule import TreeRule, TreeViolation
from .subjects.cut_paths import (
    AT,
    each_service_once,
    is_scheduler,
    isolated_pods,
    reaches_addresses,
)
from .subjects.objects import name_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from llmd_render.manifest import Tree

    from .subjects.cut_paths import Isolated

_PORT = 443


def _check(tree: Tree) -> Iterator[TreeViolation]:
    for item in each_service_once(isolated_pods(tree, "Egress"), _is_cut_off):
        yield TreeViolation(
            item.first,
            Violation(
                AT,
                f"{item.cutting} the Endpoint Picker of {name_of(item.service)}, and no policy "
                f"lets it reach port {_PORT} of the API server",
                f"add a NetworkPolicy with egress to TCP port {_PORT} of the API server",
                key=True,
            ),
        )


def _is_cut_off(item: Isolated) -> bool:
    return is_scheduler(item) and not item.pods.more and not reaches_addresses(item, _PORT)


RULE = TreeRule("policy-cuts-api-server", Severity.WARNING, _check, acknowledgeable=True)
