"""An HTTPS listener of a Gateway of GKE has a certificate.

It comes from a Secret in certificateRefs, from an option of the listener or, with global classes
alone, from the annotation networking.gke.io/certmap. Without any the listener is refused.

Source: https://cloud.google.com/kubernetes-engine/docs/how-to/secure-gateway (2026)

Passes:

    apiVersion: gateway.networking.k8s.io/v1
    kind: Gateway
    metadata: {name: inference-gateway, namespace: llm}
    spec:
      gatewayClassName: gke-l7-rilb
      listeners:
        - {name: https, protocol: HTTPS, port: 443, tls: {certificateRefs: [{name: llm}]}}

Fails:

    apiVersion: gateway.networking.k8s.io/v1
    kind: Gateway
    metadata: {name: inference-gateway, namespace: llm}
    spec:
      gatewayClassName: gke-l7-rilb
      listeners:
        - {name: https, protocol: HTTPS, port: 443}
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from llmd_render.diagnostics import Severity, Violation
from llmd_render.lookup import value_at

from .rule import TreeRule, TreeViolation
from .subjects.gateways import class_of, is_gke_class, tls_ways, whole_objects
from .subjects.objects import GATEWAY_API, items_at, mapping_at

if TYPE_CHECKING:
    from collections.abc import Iterator

    from llmd_render.manifest import Tree

_MAP = "networking.gke.io/certmap"


def _check(tree: Tree) -> Iterator[TreeViolation]:
    for gateway in whole_objects(tree, GATEWAY_API, "Gateway"):
        name = class_of(gateway)
        mapped = _MAP in mapping_at(gateway.data, "metadata", "annotations")
        bare = [
            path for path, item in items_at(gateway.data, "spec", "listeners") if _is_bare(item)
        ]
        if not bare or not is_gke_class(name):
            continue
        ways = tls_ways(name)
        if not ways or (mapped and "certmap" in ways):
            continue
        but = f", and {name} does not read the annotation {_MAP}" if mapped else ""
        option = "cert-manager-certs" if "cert-manager-certs" in ways else "pre-shared-certs"
        for path in bare:
            violation = Violation(
                path,
                f"the HTTPS listener has no certificate{but}",
                f"set tls.certificateRefs, or the option networking.gke.io/{option} in tls.options",
            )
            yield TreeViolation(gateway, violation)


def _is_bare(listener: dict[str, Any]) -> bool:
    given = value_at(listener, "tls", "certificateRefs") or value_at(listener, "tls", "options")
    return listener.get("protocol") == "HTTPS" and not given


RULE = TreeRule("gke-listener-without-certificate", Severity.ERROR, _check, acknowledgeable=True)
