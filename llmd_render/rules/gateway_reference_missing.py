"""A service names a Gateway that is there.

KServe stops at a Gateway that does not exist: the service never becomes ready. The Gateway may be
on the cluster already, so this is a warning, and only where the tree holds other Gateways in the
namespace that the service names.

Source: opendatahub-io/kserve@release-v0.15 pkg/controller/llmisvc (2026-03)

Passes:

    apiVersion: gateway.networking.k8s.io/v1
    kind: Gateway
    metadata: {name: inference-gateway, namespace: opendatahub}
    spec:
      gatewayClassName: example
      listeners: [{name: http, port: 80, protocol: HTTP}]
    ---
    apiVersion: serving.kserve.io/v1alpha1
    kind: LLMInferenceService
    metadata: {name: model, namespace: llm}
    spec:
      model: {uri: "hf://Qwen/Qwen3-4B"}
      router: {gateway: {refs: [{name: inference-gateway, namespace: opendatahub}]}}

Fails:

    apiVersion: gateway.networking.k8s.io/v1
    kind: Gateway
    metadata: {name: inference-gateway, namespace: opendatahub}
    spec:
      gatewayClassName: example
      listeners: [{name: http, port: 80, protocol: HTTP}]
    ---
    apiVersion: serving.kserve.io/v1alpha1
    kind: LLMInferenceService
    metadata: {name: model, namespace: llm}
    spec:
      model: {uri: "hf://Qwen/Qwen3-4B"}
      router: {gateway: {refs: [{name: gateway, namespace: opendatahub}]}}
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from llmd_render.diagnostics import Severity, Violation, did_you_mean
from llmd_render.lookup import text_at

from .rule import TreeRule, TreeViolation
from .subjects.objects import GATEWAY_API, KSERVE, items_at, objects
from .subjects.whole_tree import Register, is_settled

if TYPE_CHECKING:
    from collections.abc import Iterator

    from llmd_render.manifest import Tree


def _check(tree: Tree) -> Iterator[TreeViolation]:
    if not is_settled(tree):
        return
    gateways = Register(tree, GATEWAY_API, "Gateway")
    for service in objects(tree, KSERVE, "LLMInferenceService", "LLMInferenceServiceConfig"):
        for path, reference in items_at(service.data, "spec", "router", "gateway", "refs"):
            name, namespace = text_at(reference, "name"), text_at(reference, "namespace")
            known = gateways.instead_of(name, namespace)
            if not namespace or not known:
                continue
            listed = ", ".join(known)
            yield TreeViolation(
                service,
                Violation(
                    (*path, "name"),
                    f"there is no Gateway {name} in the namespace {namespace} here, only {listed}",
                    did_you_mean(name, known, "write the name of a Gateway that exists"),
                ),
            )


RULE = TreeRule("gateway-reference-missing", Severity.WARNING, _check, acknowledgeable=True)
