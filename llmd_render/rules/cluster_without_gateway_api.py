"""A cluster for a Gateway of GKE is created with --gateway-api=standard.

`clusters create` leaves the Gateway API off unless it is told, whatever the version of GKE. Then no
GatewayClass exists, and a Gateway is never programmed. It is asked for only where the tree has a
Gateway of a class gke-l7-…, one script alone creates clusters, near it, and none switches it on
later. Autopilot clusters have it.

Source: https://cloud.google.com/kubernetes-engine/docs/how-to/deploying-gateways (2026)

Passes:

    create.sh: |
      # A proxy-only subnet is there.
      gcloud container clusters create llmd --zone=europe-west4-a --gateway-api=standard
    gateway.yaml: |
      apiVersion: gateway.networking.k8s.io/v1
      kind: Gateway
      metadata: {name: inference-gateway, namespace: llm}
      spec:
        gatewayClassName: gke-l7-rilb
        listeners: [{name: http, protocol: HTTP, port: 80}]

Fails:

    create.sh: |
      # A proxy-only subnet is there.
      gcloud container clusters create llmd --zone=europe-west4-a
    gateway.yaml: |
      apiVersion: gateway.networking.k8s.io/v1
      kind: Gateway
      metadata: {name: inference-gateway, namespace: llm}
      spec:
        gatewayClassName: gke-l7-rilb
        listeners: [{name: http, protocol: HTTP, port: 80}]
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from llmd_render.diagnostics import Severity

from .rule import TreeRule, TreeViolation
from .subjects.deployments import are_near
from .subjects.gateways import class_of, gke_gateways
from .subjects.scripts import gcloud_calls, violate

if TYPE_CHECKING:
    from collections.abc import Iterator

    from llmd_render.manifest import Tree


def _check(tree: Tree) -> Iterator[TreeViolation]:
    updates = gcloud_calls(tree, "container clusters update")
    creating = list(gcloud_calls(tree, "container clusters create"))
    # Of several clusters nobody can tell which one the Gateway is for.
    if len({call.call.file for call in creating}) != 1:
        return
    near = (item for item in gke_gateways(tree) if are_near(item.file, creating[0].call.file))
    gateway = next(near, None)
    if gateway is None or any(call.is_open or call.has("--gateway-api") for call in updates):
        return
    for call in creating:
        if call.lacks("--gateway-api") or call.text("--gateway-api") == "disabled":
            yield violate(
                call.call,
                call,
                "the cluster has no Gateway API, which the Gateway of class "
                f"{class_of(gateway)} needs",
                "add --gateway-api=standard",
            )


RULE = TreeRule("cluster-without-gateway-api", Severity.WARNING, _check, acknowledgeable=True)
