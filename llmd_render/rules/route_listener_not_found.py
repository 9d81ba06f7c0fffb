"""The listener that a route names exists on its Gateway.

A reference with sectionName or port attaches a route to those listeners alone. Where there is none
the route is not accepted.

Source: https://gateway-api.sigs.k8s.io/reference/spec/#parentreference (2026)

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
      parentRefs: [{name: inference-gateway, sectionName: http}]
      rules:
        - backendRefs: [{name: qwen, port: 8000}]

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
      parentRefs: [{name: inference-gateway, sectionName: web}]
      rules:
        - backendRefs: [{name: qwen, port: 8000}]
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from llmd_render.diagnostics import Severity, Violation, did_you_mean
from llmd_render.lookup import text_at

from .rule import TreeRule, TreeViolation
from .subjects.gateways import Attachment, attachments
from .subjects.objects import items_at

if TYPE_CHECKING:
    from collections.abc import Iterator

    from llmd_render.manifest import Tree


def _check(tree: Tree) -> Iterator[TreeViolation]:
    for attachment in attachments(tree):
        if attachment.listeners() == []:
            yield TreeViolation(attachment.route, _explain(attachment))


def _explain(attachment: Attachment) -> Violation:
    reference = attachment.reference
    section, port = text_at(reference, "sectionName"), reference.get("port")
    known = sorted(
        text_at(item, "name")
        for gateway in attachment.gateways
        for _, item in items_at(gateway.data, "spec", "listeners")
    )
    missing = section and section not in known
    wanted = [f"the name {section}"] if section else []
    if port and not missing:
        wanted.append(f"port {port}")
    return Violation(
        (*attachment.path, "sectionName" if missing or not port else "port"),
        f"Gateway {attachment.gateway_name} has no listener with {' and '.join(wanted)}",
        did_you_mean(
            section if missing else "", known, f"it has {', '.join(known)}; use one of these"
        ),
    )


RULE = TreeRule("route-listener-not-found", Severity.ERROR, _check, acknowledgeable=True)
