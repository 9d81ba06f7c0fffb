r"""A TPU node pool of a region names the zone that its nodes are for.

In a cluster of a region --num-nodes counts for each zone, and so do the nodes that gcloud works out
from --tpu-topology. Without --node-locations one host becomes one in each zone of the cluster, as a
rule three: all of them are billed, or none is made, because not every zone has the TPU.

Source: Google Cloud SDK 528.0.0, googlecloudsdk/api_lib/container/api_adapter.py (2025-06)

Passes:

    pool.sh: |
      gcloud container node-pools create tpu --cluster=llmd --region=europe-west4 \
        --node-locations=europe-west4-a --machine-type=ct6e-standard-4t --num-nodes=1

Fails:

    pool.sh: |
      gcloud container node-pools create tpu --cluster=llmd --region=europe-west4 \
        --machine-type=ct6e-standard-4t --num-nodes=1
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from llmd_render.diagnostics import Severity

from .rule import TreeRule, TreeViolation
from .subjects.google_places import is_region
from .subjects.node_pools import CREATE, tpu_chips
from .subjects.scripts import CREATE_CLUSTER, gcloud_calls, is_hole, violate

if TYPE_CHECKING:
    from collections.abc import Iterator

    from llmd_render.command_line import Given, Invocation
    from llmd_render.manifest import Tree

_PLACES = ("--location", "--region", "--zone")


def _check(tree: Tree) -> Iterator[TreeViolation]:
    clusters = list(gcloud_calls(tree, *CREATE_CLUSTER))
    for call in gcloud_calls(tree, CREATE):
        if not _starts_tpu_hosts(call) or not call.lacks("--node-locations"):
            continue
        own = [item for item in clusters if _may_be_of(item, call)]
        if any(item.is_open or item.has("--node-locations") for item in own):
            continue  # a pool is made where its cluster has its nodes
        place = _find_region(call)
        if place is None and call.lacks(*_PLACES) and len(own) == 1:
            place = _find_region(own[0])
        if place is not None:
            yield violate(
                call.call,
                call,
                _describe(call, place),
                "add --node-locations=ZONE, the one zone that has the TPU",
            )


def _starts_tpu_hosts(call: Invocation) -> bool:
    """Whether it has TPU machines, and a number of them that is counted for each zone."""
    if not (tpu_chips(call) or call.has("--tpu-topology")):
        return False
    if call.text("--num-nodes") == "0":
        return call.is_on("--enable-autoscaling") and call.text("--min-nodes") not in {"", "0"}
    return call.has("--num-nodes", "--tpu-topology")  # without: tpu-pool-size-left-open


def _may_be_of(cluster: Invocation, pool: Invocation) -> bool:
    """Whether a call may create the cluster that a node pool is for."""
    name = cluster.arguments[0].text if cluster.arguments else ""
    wanted = pool.text("--cluster")
    return not (name and wanted) or is_hole(name) or name == wanted


def _find_region(call: Invocation) -> Given | None:
    """Find the region that a call is for; a zone may stand in any of the flags but --zone."""
    region, location = call.find("--region"), call.find("--location")
    if region and (not region.text or is_region(region.text)):
        return region
    return location if location and is_region(location.text) else None


def _describe(call: Invocation, place: Given) -> str:
    machine = call.text("--machine-type") or "TPU machines"
    count = call.text("--num-nodes")
    nodes = f"{count} node{'' if count == '1' else 's'}" if count not in {"", "0"} else "its nodes"
    where = place.text or "its region"
    message = f"the pool of {machine} gets {nodes} in each zone of {where} (three as a rule)"
    return f"{message}, as --node-locations is not there"


RULE = TreeRule("tpu-pool-in-every-zone", Severity.WARNING, _check, acknowledgeable=True)
