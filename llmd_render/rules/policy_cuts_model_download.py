"""NetworkPolicies let the Pods of a service download its model.

KServe downloads from Hugging Face or S3 in an init container of the model server's own Pod, over
HTTPS. An address on the internet is no Pod: a selector of namespaces or Pods, even an empty one,
does not admit it, and only a range of addresses does, or a rule without `to`.

Source: https://kubernetes.io/docs/concepts/services-networking/network-policies/ (2026)

Passes:

    apiVersion: serving.kserve.io/v1alpha1
    kind: LLMInferenceService
    metadata: {name: qwen, namespace: llm}
    spec:
      model: {uri: "hf://Qwen/Qwen3-4B", name: Qwen/Qwen3-4B}
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

Fails:

    apiVersion: serving.kserve.io/v1alpha1
    kind: LLMInferenceService
    metadata: {name: qwen, namespace: llm}
    spec:
      model: {uri: "hf://Qwen/Qwen3-4B", name: Qwen/Qwen3-4B}
    ---
    apiVersion: networking.k8s.io/v1
    kind: NetworkPolicy
    metadata: {name: out, namespace: llm}
    spec:
      podSelector: {}
      policyTypes: [Egress]
      egress:
        - ports: [{port: 53, protocol: UDP}, {port: 53}]
        - to: [{namespaceSelector: {}}]
          ports: [{port: 443}, {port: 8000}]
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from llmd_render.diagnostics import Severity, Violation
from llmd_render.lookup import text_at

from .rule import TreeRule, TreeViolation
from .subjects.cut_paths import AT, each_service_once, isolated_pods, reaches_addresses
from .subjects.objects import items_at, name_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from llmd_render.manifest import Tree

    from .subjects.cut_paths import Isolated

_PORT = 443
_SCHEMES = ("hf://", "s3://")


def _check(tree: Tree) -> Iterator[TreeViolation]:
    for item in each_service_once(isolated_pods(tree, "Egress"), _is_cut_off):
        uri = text_at(item.service.data, "spec", "model", "uri")
        yield TreeViolation(
            item.first,
            Violation(
                AT,
                f"{item.cutting} the model servers of {name_of(item.service)}, and no policy lets "
                f"them reach port {_PORT} outside the cluster, where {uri} is",
                f"add a NetworkPolicy with egress to TCP port {_PORT} of ipBlock 0.0.0.0/0",
                key=True,
            ),
        )


def _is_cut_off(item: Isolated) -> bool:
    data = item.service.data
    if item.pods.more or item.pods.labels.get("kserve.io/component") != "workload":
        return False
    if not text_at(data, "spec", "model", "uri").startswith(_SCHEMES):
        return False
    # Behind a proxy, or from a mirror, it goes elsewhere.
    for _, container in items_at(data, "spec", "template", "initContainers"):
        if container.get("env"):
            return False
    return not reaches_addresses(item, _PORT, public=True)


RULE = TreeRule("policy-cuts-model-download", Severity.WARNING, _check, acknowledgeable=True)
