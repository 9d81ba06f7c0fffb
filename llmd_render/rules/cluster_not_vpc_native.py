r"""A cluster with Gateways of GKE is VPC-native.

GKE's Gateways send requests straight to Pods, whose addresses the network has to know. A cluster
that is created with --no-enable-ip-alias routes them over nodes, and no Gateway gets a backend.

Source: https://cloud.google.com/kubernetes-engine/docs/how-to/deploying-gateways (2026)

Passes:

    create.sh: |
      gcloud container clusters create llmd --zone=europe-west4-a --enable-ip-alias \
        --gateway-api=standard

Fails:

    create.sh: |
      gcloud container clusters create llmd --zone=europe-west4-a --no-enable-ip-alias \
        --gateway-api=standard
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

_OPTION = "--enable-ip-alias"


def _check(tree: Tree) -> Iterator[TreeViolation]:
    for call in gcloud_calls(tree, "container clusters create"):
        given = call.find(_OPTION)
        if given is None or call.is_on(_OPTION):
            continue
        near = (item for item in gke_gateways(tree) if are_near(item.file, call.call.file))
        gateway = next(near, None)
        if gateway is not None:
            who = f"the Gateway of class {class_of(gateway)}"
        elif call.text("--gateway-api") == "standard":
            who = "a Gateway, as --gateway-api=standard allows them,"
        else:
            continue
        message = f"with {given.written} the cluster is not VPC-native, which {who} needs"
        yield violate(given.word, call, message, f"write {_OPTION}")


RULE = TreeRule("cluster-not-vpc-native", Severity.ERROR, _check, acknowledgeable=True)
