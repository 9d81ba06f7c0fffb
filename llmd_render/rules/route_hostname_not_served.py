"""A route has a hostname that a listener of its Gateway serves.

Where the listener and the route both name hosts, only those that they share count. With none in
common the route is not attached.

Source: https://gateway-api.sigs.k8s.io/reference/spec/#httproutespec (2026)

Passes:

    apiVersion: gateway.networking.k8s.io/v1
    kind: Gateway
    metadata: {name: inference-gateway, namespace: llm}
    spec:
      gatewayClassName: gke-l7-rilb
      listeners:
        - {name: http, protocol: HTTP, port: 80, hostname: "*.example.com"}
    ---
    apiVersion: gateway.networking.k8s.io/v1
    kind: HTTPRoute
    metadata: {name: qwen, namespace: llm}
    spec:
      parentRefs: [{name: inference-gateway}]
      hostnames: [llm.example.com]
      rules:
        - backendRefs: [{name: qwen, port: 8000}]

Fails:

    apiVersion: gateway.networking.k8s.io/v1
    kind: Gateway
    metadata: {name: inference-gateway, namespace: llm}
    spec:
      gatewayClassName: gke-l7-rilb
      listeners:
        - {name: http, protocol: HTTP, port: 80, hostname: "*.example.com"}
    ---
    apiVersion: gateway.networking.k8s.io/v1
    kind: HTTPRoute
    metadata: {name: qwen, namespace: llm}
    spec:
      parentRefs: [{name: inference-gateway}]
      hostnames: [llm.example.org]
      rules:
        - backendRefs: [{name: qwen, port: 8000}]
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from llmd_render.diagnostics import Severity, Violation
from llmd_render.lookup import text_at, value_at

from .rule import TreeRule, TreeViolation
from .subjects.gateways import attachments

if TYPE_CHECKING:
    from collections.abc import Iterator

    from llmd_render.manifest import Tree


def _check(tree: Tree) -> Iterator[TreeViolation]:
    for attachment in attachments(tree):
        hostnames = value_at(attachment.route.data, "spec", "hostnames")
        listeners = attachment.listeners()
        if not isinstance(hostnames, list) or not hostnames or not listeners:
            continue
        served = {text_at(item, "hostname") for _, item in listeners}
        wanted = [item for item in hostnames if isinstance(item, str)]
        if not wanted or any(
            not theirs or _share(own, theirs) for own in wanted for theirs in served
        ):
            continue
        violation = Violation(
            ("spec", "hostnames"),
            f"the route is for {', '.join(wanted)}, and the listeners that it names on Gateway "
            f"{attachment.gateway_name} serve {', '.join(sorted(served))}",
            "name a host that both have, or remove hostname from the listener",
            key=True,
        )
        yield TreeViolation(attachment.route, violation)


def _share(one: str, other: str) -> bool:
    return one == other or _covers(one, other) or _covers(other, one)


def _covers(pattern: str, name: str) -> bool:
    # The asterisk stands for one label or more, so the dot after it belongs to the suffix.
    return pattern.startswith("*.") and name.endswith(pattern[1:])


RULE = TreeRule("route-hostname-not-served", Severity.ERROR, _check, acknowledgeable=True)
