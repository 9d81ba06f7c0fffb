r"""The proxy-only subnet is in the region and the network of the cluster.

The load balancer of a regional Gateway is where the cluster is, and takes its addresses from the
proxy-only subnet of that region and network. With one elsewhere it gets none.

Source: https://cloud.google.com/load-balancing/docs/proxy-only-subnets (2026)

Passes:

    create.sh: |
      gcloud compute networks subnets create proxy-only --network=default --region=europe-west4 \
        --range=192.168.0.0/23 --purpose=REGIONAL_MANAGED_PROXY --role=ACTIVE
      gcloud container clusters create llmd --zone=europe-west4-a --gateway-api=standard

Fails:

    create.sh: |
      gcloud compute networks subnets create proxy-only --network=default --region=europe-west1 \
        --range=192.168.0.0/23 --purpose=REGIONAL_MANAGED_PROXY --role=ACTIVE
      gcloud container clusters create llmd --zone=europe-west4-a --gateway-api=standard
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from llmd_render.diagnostics import Severity

from .rule import TreeRule, TreeViolation
from .subjects.clusters import cluster_calls
from .subjects.deployments import are_near
from .subjects.google_places import find_region
from .subjects.scripts import violate
from .subjects.subnets import proxy_only_subnets

if TYPE_CHECKING:
    from collections.abc import Iterator

    from llmd_render.command_line import Invocation
    from llmd_render.manifest import Tree

    from .subjects.clusters import ClusterCall


def _check(tree: Tree) -> Iterator[TreeViolation]:
    subnets = proxy_only_subnets(tree)
    made = [item for item in cluster_calls(tree) if item.creates] if subnets else []
    for subnet in subnets:
        near = [item for item in made if are_near(item.file, subnet.call.file)]
        # With several clusters or subnets each may be for another.
        if len(near) == 1 and not _has_right_one(near[0], subnets):
            yield from _compare(subnet, near[0])


def _has_right_one(cluster: ClusterCall, subnets: tuple[Invocation, ...]) -> bool:
    return any(not any(_list_differences(item, cluster)) for item in subnets)


def _compare(subnet: Invocation, cluster: ClusterCall) -> Iterator[TreeViolation]:
    for option, here, there in _list_differences(subnet, cluster):
        given, source = subnet.find(option), cluster.call.call.location
        yield violate(
            given.word if given else subnet.call,
            subnet,
            f"the proxy-only subnet is in the {option[2:]} {here}, and the cluster {cluster.name} "
            f"of {source.file}:{source.line} in {there}",
            f"write {option}={there}",
        )
        return


def _list_differences(subnet: Invocation, cluster: ClusterCall) -> Iterator[tuple[str, str, str]]:
    """List the options whose values do not fit the cluster: name, value here, value there."""
    region = find_region(cluster.place) or cluster.place
    if region and subnet.text("--region") not in {"", region, cluster.place}:
        yield "--region", subnet.text("--region"), region
    network, own = subnet.text("--network"), cluster.call.text("--network")
    if not cluster.call.has("--network", "--subnetwork", "--create-subnetwork"):
        own = "default"
    if network and own and _last(network) != _last(own):
        yield "--network", network, own


def _last(network: str) -> str:
    return network.rpartition("/")[2]


RULE = TreeRule("proxy-only-subnet-elsewhere", Severity.WARNING, _check, acknowledgeable=True)
