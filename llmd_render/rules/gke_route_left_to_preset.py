"""An LLMInferenceService behind a Gateway of GKE does not leave its route to KServe's preset.

The preset kserve-config-llm-router-route puts timeouts on every rule, in every release of KServe so
far, and GKE's controller refuses such a route as a whole (GWCER104).

Source: https://github.com/kserve/kserve/issues/5311 (2026-03)

Passes:

    apiVersion: gateway.networking.k8s.io/v1
    kind: Gateway
    metadata: {name: inference-gateway, namespace: llm}
    spec:
      gatewayClassName: gke-l7-rilb
      listeners:
        - {name: http, protocol: HTTP, port: 80}
    ---
    apiVersion: serving.kserve.io/v1alpha1
    kind: LLMInferenceService
    metadata: {name: qwen, namespace: llm}
    spec:
      model: {uri: "hf://Qwen/Qwen3-4B"}
      router:
        gateway: {refs: [{name: inference-gateway}]}
        route: {http: {refs: [{name: qwen}]}}

Fails:

    apiVersion: gateway.networking.k8s.io/v1
    kind: Gateway
    metadata: {name: inference-gateway, namespace: llm}
    spec:
      gatewayClassName: gke-l7-rilb
      listeners:
        - {name: http, protocol: HTTP, port: 80}
    ---
    apiVersion: serving.kserve.io/v1alpha1
    kind: LLMInferenceService
    metadata: {name: qwen, namespace: llm}
    spec:
      model: {uri: "hf://Qwen/Qwen3-4B"}
      router:
        gateway: {refs: [{name: inference-gateway}]}
        route: {}
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from llmd_render.diagnostics import Severity, Violation

from .rule import TreeRule, TreeViolation
from .subjects.gateways import ROUTE_PRESET, attachments, is_left_to_preset

if TYPE_CHECKING:
    from collections.abc import Iterator

    from llmd_render.manifest import Tree


def _check(tree: Tree) -> Iterator[TreeViolation]:
    # A script may take the timeouts out of the preset.
    if any(ROUTE_PRESET in text for path, text in tree.files.items() if path.endswith(".sh")):
        return
    seen: set[int] = set()
    for attachment in attachments(tree):
        service = attachment.route
        if id(service) in seen or not attachment.gke_class or not is_left_to_preset(tree, service):
            continue
        seen.add(id(service))
        violation = Violation(
            ("spec", "router", "route"),
            f"the route is left to {ROUTE_PRESET}, whose rules have timeouts, and "
            f"{attachment.gke_class} refuses a route that has any",
            "name an HTTPRoute of your own in spec.router.route.http.refs, or write "
            f"an LLMInferenceServiceConfig {ROUTE_PRESET} without timeouts beside the service",
            key=True,
        )
        yield TreeViolation(service, violation)


RULE = TreeRule(
    "gke-route-left-to-preset",
    Severity.WARNING,
    _check,
    acknowledgeable=True,
    covered_by=("route-timeouts-refused-by-gke",),
)
