"""A route sends to a port that the Service has.

The Service is in the tree, so its ports are known. A route to any other port sends nothing: the
backend is not resolved, and requests are answered with 500.

Source: https://gateway-api.sigs.k8s.io/reference/spec/ (2026)

Passes:

    apiVersion: v1
    kind: Service
    metadata: {name: model, namespace: llm}
    spec: {ports: [{port: 8000}]}
    ---
    apiVersion: gateway.networking.k8s.io/v1
    kind: HTTPRoute
    metadata: {name: model, namespace: llm}
    spec: {rules: [{backendRefs: [{name: model, port: 8000}]}]}

Fails:

    apiVersion: v1
    kind: Service
    metadata: {name: model, namespace: llm}
    spec: {ports: [{port: 8000}]}
    ---
    apiVersion: gateway.networking.k8s.io/v1
    kind: HTTPRoute
    metadata: {name: model, namespace: llm}
    spec: {rules: [{backendRefs: [{name: model, port: 80}]}]}
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from llmd_render.diagnostics import Severity, Violation
from llmd_render.lookup import text_at

from .rule import TreeRule, TreeViolation
from .subjects.objects import items_at, namespace_of
from .subjects.whole_tree import Register, backends, is_settled

if TYPE_CHECKING:
    from collections.abc import Iterator

    from llmd_render.manifest import Manifest, Tree


def _check(tree: Tree) -> Iterator[TreeViolation]:
    if not is_settled(tree):
        return
    register = Register(tree, "", "Service")
    for manifest in tree.manifests:
        for path, backend in backends(manifest):
            if text_at(backend, "group") or backend.get("kind", "Service") != "Service":
                continue
            name, port = text_at(backend, "name"), backend.get("port")
            namespace = text_at(backend, "namespace") or namespace_of(manifest)
            services = register.at(namespace).get(name, [])
            if any(namespace_of(service) != namespace for service in services):
                continue
            ports = {number for service in services for number in _ports(service)}
            if type(port) is not int or not ports or port in ports:
                continue
            listed = " and ".join(map(str, sorted(ports)))
            yield TreeViolation(
                manifest,
                Violation(
                    (*path, "port"),
                    f"the route sends to port {port} of the Service {name}, which has {listed}",
                    f"write port {min(ports)}, or give the Service the port {port}",
                ),
            )


def _ports(service: Manifest) -> Iterator[int]:
    for _, item in items_at(service.data, "spec", "ports"):
        if type(item.get("port")) is int:
            yield item["port"]


RULE = TreeRule("route-backend-port-missing", Severity.ERROR, _check, acknowledgeable=True)
