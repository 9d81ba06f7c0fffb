"""A Gateway that is meant for GKE names a GatewayClass that GKE has.

No controller looks at a Gateway of a class that does not exist: it never gets an address, and
nothing says why. Names that begin with gke- are GKE's own; of gce, the class of an Ingress, this
speaks only beside policies of GKE.

Source: https://cloud.google.com/kubernetes-engine/docs/how-to/gatewayclass-capabilities (2026)

Passes:

    apiVersion: gateway.networking.k8s.io/v1
    kind: Gateway
    metadata: {name: gate, namespace: llm}
    spec:
      gatewayClassName: gke-l7-regional-external-managed
      listeners: [{name: http, port: 80, protocol: HTTP}]

Fails:

    apiVersion: gateway.networking.k8s.io/v1
    kind: Gateway
    metadata: {name: gate, namespace: llm}
    spec:
      gatewayClassName: gke-l7-regional-external-manged
      listeners: [{name: http, port: 80, protocol: HTTP}]
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from llmd_render.diagnostics import Severity, Violation, did_you_mean
from llmd_render.placeholders import has_placeholder

from .rule import TreeRule, TreeViolation
from .subjects.gateways import class_of, find_class, whole_objects
from .subjects.objects import GATEWAY_API, GKE, has, name_of, objects

if TYPE_CHECKING:
    from collections.abc import Iterator

    from llmd_render.catalog import GatewayClass
    from llmd_render.manifest import Tree

_POLICIES = ("HealthCheckPolicy", "GCPBackendPolicy", "GCPGatewayPolicy")
_OPPOSITE = {"internal": "external", "external": "internal"}


def _check(tree: Tree) -> Iterator[TreeViolation]:
    for gateway in whole_objects(tree, GATEWAY_API, "Gateway"):
        name = class_of(gateway)
        if not _is_meant_for_gke(tree, name) or has_placeholder(name) or find_class(name):
            continue
        if has(tree, GATEWAY_API, "GatewayClass", name):
            continue
        violation = Violation(
            ("spec", "gatewayClassName"),
            f"the Gateway {name_of(gateway)} is of the class {name}, which GKE does not have as "
            "far as is known",
            _suggest(name),
        )
        yield TreeViolation(gateway, violation)


def _is_meant_for_gke(tree: Tree, name: str) -> bool:
    beside_policies = name.startswith("gce") and any(objects(tree, GKE, *_POLICIES))
    return name.startswith("gke-") or beside_policies


def _suggest(name: str) -> str:
    """Name the class that is meant: none that the internet reaches for an internal one."""
    classes = _list_single_cluster_classes()
    for word, opposite in _OPPOSITE.items():
        if word in name:
            classes = [item for item in classes if item.exposure != opposite]
    ready = [item.name for item in classes if item.inference_pool == "supported"]
    return did_you_mean(name, [item.name for item in classes], f"use {' or '.join(ready)}")


def _list_single_cluster_classes() -> list[GatewayClass]:
    """List the classes by which GKE makes layer-7 load balancers for one cluster."""
    from llmd_render.catalog import load_catalog  # noqa: PLC0415 - only where one is looked for

    return [
        item
        for item in load_catalog().gateway_classes.values()
        if item.name.startswith("gke-l7-") and not item.multi_cluster
    ]


RULE = TreeRule(
    "gateway-class-not-of-gke",
    Severity.WARNING,
    _check,
    acknowledgeable=True,
    covered_by=("gateway-class-unknown-to-catalog",),
)
