r"""Scripts that create a cluster for a regional Gateway of GKE create its proxy-only subnet, too.

The load balancer of gke-l7-regional-external-managed and gke-l7-rilb takes its addresses from a
subnet of its own, and gets no address of its own without one. The network may have one already;
in a new project it has not.

Source: https://cloud.google.com/load-balancing/docs/proxy-only-subnets (2026)

Passes:

    create.sh: |
      gcloud compute networks subnets create proxy-only --network=default --region=europe-west4 \
        --range=192.168.0.0/23 --purpose=REGIONAL_MANAGED_PROXY --role=ACTIVE
      gcloud container clusters create llmd --zone=europe-west4-a --gateway-api=standard
    gateway.yaml: |
      apiVersion: gateway.networking.k8s.io/v1
      kind: Gateway
      metadata: {name: inference-gateway, namespace: llm}
      spec:
        gatewayClassName: gke-l7-rilb
        listeners:
          - {name: http, protocol: HTTP, port: 80}

Fails:

    create.sh: |
      gcloud container clusters create llmd --zone=europe-west4-a --gateway-api=standard
    gateway.yaml: |
      apiVersion: gateway.networking.k8s.io/v1
      kind: Gateway
      metadata: {name: inference-gateway, namespace: llm}
      spec:
        gatewayClassName: gke-l7-rilb
        listeners:
          - {name: http, protocol: HTTP, port: 80}
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from llmd_render.diagnostics import Severity

from .rule import TreeRule, TreeViolation
from .subjects.gateways import class_of, gke_gateways
from .subjects.scripts import CREATE_CLUSTER, gcloud_calls, violate

if TYPE_CHECKING:
    from collections.abc import Iterator

    from llmd_render.manifest import Tree

# In whatever words or language: a script, a text, a file of Terraform.
_SIGNS = ("managed_proxy", "managed-proxy", "proxy-only", "proxy only", "proxy_only")


def _check(tree: Tree) -> Iterator[TreeViolation]:
    purpose, class_name = _find_purpose(tree)
    creating = list(gcloud_calls(tree, *CREATE_CLUSTER)) if purpose else []
    if not creating or _is_spoken_of(tree):
        return
    yield violate(
        creating[0].call,
        creating[0],
        f"no script creates the proxy-only subnet that a Gateway of class {class_name} needs",
        f"create one before, with gcloud compute networks subnets create --purpose={purpose} "
        "--role=ACTIVE, or make sure that the network has one",
    )


def _find_purpose(tree: Tree) -> tuple[str, str]:
    gateways = gke_gateways(tree)
    if not gateways:
        return "", ""
    from llmd_render.catalog import load_catalog  # noqa: PLC0415 - only trees with such Gateways

    known = load_catalog().gateway_classes
    for gateway in gateways:
        row = known.get(class_of(gateway))
        if row and row.proxy_only_subnet:
            return row.proxy_only_subnet, row.name
    return "", ""


def _is_spoken_of(tree: Tree) -> bool:
    texts = (text.lower() for text in tree.files.values())
    return any(sign in text for text in texts for sign in _SIGNS)


RULE = TreeRule(
    "proxy-only-subnet-not-created",
    Severity.INFO,
    _check,
    acknowledgeable=True,
    covered_by=("proxy-only-subnet-unmanaged",),
)
