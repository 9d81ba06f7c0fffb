"""A cluster for a Gateway of GKE is created with --gateway-api=standard.

`clusters create` leaves the Gateway API off unless it is told, whatever the version of GKE. Then no
GatewayClass exists, and a Gateway is never programmed. It is asked for only where the tree has a
Gateway of a class gke-l7-…, one script alone creates clusters, and none switches it on later.
Autopilot clusters have it.

Source: https://cloud.google.com/kubernetes-engine/docs/how-to/deploying-gateways (2026)

Passes:

    create.sh: |
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

from .gateways import gke_class_in
from .rule import TreeRule, TreeViolation
from .scripts import gcloud_calls, violate

if TYPE_CHECKING:
    from collections.abc import Iterator

    from llmd_render.manifest import Tree


def _check(tree: Tree) -> Iterator[TreeViolation]:
    class_name = gke_class_in(tree)
    updates = gcloud_calls(tree, "container clusters update")
    if not class_name or any(call.is_open or call.has("--gateway-api") for call in updates):
        return
    creating = list(gcloud_calls(tree, "container clusters create"))
    if len({call.call.file for call in creating}) > 1:
        return  # which of the clusters the Gateway is for, nobody can tell
    for call in creating:
        if call.lacks("--gateway-api") or call.text("--gateway-api") == "disabled":
            yield violate(
                call.call,
                call,
                f"the cluster has no Gateway API, which the Gateway of class {class_name} needs",
                "add --gateway-api=standard",
            )


RULE = TreeRule("cluster-without-gateway-api", Severity.WARNING, _check, acknowledgeable=True)
