"""What preflight and verify find, each with the one thing that is wrong."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from scripts.life import BY_PATH, TREE, full_tree, world_before
from scripts.stand_ins import Run, run_script
from scripts.world import World

Change = Callable[[World], Any]
NAME = "llmd-gke-native-tpu-pattern1"
AT = "--zone=europe-west4-a --project=ecoeng-llmd"


def problems(run: Run) -> list[str]:
    return [line for line in run.out.splitlines() if line.startswith("PROBLEM")]


def subnet(name: str, region: str, range_: str, **more: Any) -> Change:
    row: dict[str, Any] = {"name": name, "region": f"https://compute/regions/{region}"}
    row["ipCidrRange"] = range_
    return lambda world: world.state["subnets"].update(
        {name: {**row, "network": "default", **more}}
    )


PREFLIGHT: list[tuple[str, Change, str]] = [
    (
        "an API is off",
        lambda world: world.state["apis"].remove("networkservices.googleapis.com"),
        (
            "PROBLEM  off: networkservices.googleapis.com - run cluster/enable-apis.sh, then this"
            " again"
        ),
    ),
    (
        "a subnet overlaps",
        subnet("other", "us-east1", "192.168.1.0/24"),
        (
            "PROBLEM  range 192.168.0.0/23 overlaps 192.168.1.0/24 of other in us-east1:"
            " set gateway.proxyOnlySubnet.range to a free one"
        ),
    ),
    (
        "a range of pods overlaps",
        subnet(
            "p", "us-east1", "10.0.0.0/20", secondaryIpRanges=[{"ipCidrRange": "192.168.0.0/16"}]
        ),
        (
            "PROBLEM  range 192.168.0.0/23 overlaps 192.168.0.0/16 of p in us-east1:"
            " set gateway.proxyOnlySubnet.range to a free one"
        ),
    ),
    (
        "another proxy-only subnet",
        subnet(
            "px", "europe-west4", "172.16.0.0/23", purpose="REGIONAL_MANAGED_PROXY", role="ACTIVE"
        ),
        (
            "PROBLEM  europe-west4 already has a proxy-only subnet with 172.16.0.0/23 (px), not"
            " 192.168.0.0/23: set gateway.proxyOnlySubnet.range to it and render again"
        ),
    ),
    (
        "no address",
        lambda world: world.state["addresses"].update(usage=8.0),
        "PROBLEM  no address is left in europe-west4 (quota IN_USE_ADDRESSES)",
    ),
    (
        "no quota",
        lambda world: world.state["quota"].update(value="3"),
        (
            "PROBLEM  quota TPUS-PER-TPU-FAMILY-per-project-region tpu_family=CT6E in europe-west4:"
            " 3 chips, 4 needed; ask in the console"
        ),
    ),
    (
        "no such version",
        lambda world: world.state.update(versions=["1.33.4-gke.1", "1.340.0-gke.1"]),
        "PROBLEM  GKE 1.34 is not offered in channel regular in europe-west4-a",
    ),
    (
        "no such machine",
        lambda world: world.state["machines"].remove("ct6e-standard-4t"),
        "PROBLEM  europe-west4-a does not have ct6e-standard-4t",
    ),
    (
        "no login",
        lambda world: world.state["accounts"].clear(),
        "PROBLEM  no active account: gcloud auth login",
    ),
    (
        "no subnet for nodes",
        lambda world: world.state["subnets"].clear(),
        (
            "PROBLEM  network default has no subnet default in europe-west4:"
            " run cluster/create-network.sh, or name others in cluster.network and"
            " cluster.subnetwork of the profile"
        ),
    ),
]


@pytest.mark.parametrize(
    ("change", "line"), [pytest.param(*row[1:], id=row[0]) for row in PREFLIGHT]
)
def test_preflight_finds_the_one_thing_that_is_wrong(change: Change, line: str) -> None:
    world = world_before(BY_PATH["cluster/preflight.sh"])
    change(world)
    run = run_script(TREE / "cluster/preflight.sh", world=world)
    assert run.code == 1
    assert problems(run) == [line]
    assert "error: 1 problem(s), each marked PROBLEM above\n" in run.err


@pytest.mark.parametrize(
    "change",
    [
        subnet("near", "us-east1", "192.168.2.0/24"),
        subnet("below", "us-east1", "192.167.255.0/24"),
        subnet("px", "us-east1", "172.16.0.0/23", purpose="REGIONAL_MANAGED_PROXY", role="ACTIVE"),
        subnet(
            "px", "europe-west4", "192.168.0.0/23", purpose="REGIONAL_MANAGED_PROXY", role="ACTIVE"
        ),
    ],
)
def test_preflight_passes_what_stands_in_nobodys_way(change: Change) -> None:
    world = world_before(BY_PATH["cluster/preflight.sh"])
    change(world)
    run = run_script(TREE / "cluster/preflight.sh", world=world)
    assert (run.code, problems(run)) == (0, [])


def test_preflight_of_an_empty_project_names_the_apis() -> None:
    run = run_script(TREE / "cluster/preflight.sh")
    assert problems(run) == [
        (
            "PROBLEM  off: compute.googleapis.com container.googleapis.com"
            " networkservices.googleapis.com - run cluster/enable-apis.sh, then this again"
        )
    ]


def cluster(**changes: Any) -> Change:
    return lambda world: world.state["clusters"][NAME].update(changes)


def pool(number: int, **changes: Any) -> Change:
    return lambda world: world.state["clusters"][NAME]["nodePools"][number].update(changes)


UPDATE = f"gcloud container clusters update {NAME} {AT}"
VERIFY: list[tuple[str, Change, str]] = [
    ("status", cluster(status="RECONCILING"), "status: RECONCILING, and the profile says RUNNING"),
    ("network", cluster(network="x"), "network: x, and the profile says default"),
    ("subnet", cluster(subnetwork="x"), "subnet: x, and the profile says default"),
    (
        "channel",
        cluster(releaseChannel={}),
        "release channel: nothing, and the profile says regular",
    ),
    ("routes", cluster(ipAllocationPolicy={}), "VPC-native: off, and the profile says on"),
    (
        "Gateway API",
        cluster(networkConfig={"gatewayApiConfig": {"channel": "CHANNEL_DISABLED"}}),
        (
            "Gateway API: CHANNEL_DISABLED, and the profile says CHANNEL_STANDARD;"
            f" {UPDATE} --gateway-api=standard"
        ),
    ),
    (
        "load balancing",
        cluster(addonsConfig={"httpLoadBalancing": {"disabled": True}}),
        (
            "HTTP load balancing: off, and the profile says on;"
            f" {UPDATE} --update-addons=HttpLoadBalancing=ENABLED"
        ),
    ),
    ("policy", cluster(networkPolicy={}), "network policy: off, and the profile says on"),
    ("identity", cluster(workloadIdentityConfig={}), "workload identity: nothing, and the profile"),
    (
        "version",
        cluster(currentMasterVersion="1.33.9-gke.1"),
        "GKE '1.33.9-gke.1' is older than 1.34",
    ),
    ("CPU machine", pool(0, config={"machineType": "e2"}), "default-pool, machine type: e2, and"),
    ("CPU limits", pool(0, autoscaling={}), "default-pool, autoscaling: off, and the profile says"),
    ("TPU status", pool(1, status="ERROR"), "tpu-v6e-pool, status: ERROR, and the profile says"),
    (
        "TPU limits",
        pool(1, autoscaling={"enabled": True, "minNodeCount": 1, "maxNodeCount": 3}),
        (
            "tpu-v6e-pool, autoscaling: 1 to 3 nodes, and the profile says 0 to 3 nodes;"
            " run cluster/update-tpu-node-pool.sh"
        ),
    ),
    (
        "TPU capacity",
        pool(
            1,
            config={
                "machineType": "ct6e-standard-4t",
                "resourceLabels": {"llmd-profile": "qwen-3b-v6e"},
                "spot": True,
                "workloadMetadataConfig": {"mode": "GKE_METADATA"},
            },
        ),
        "tpu-v6e-pool, capacity: spot, and the profile says on-demand",
    ),
    (
        "no TPU pool",
        lambda world: world.state["clusters"][NAME]["nodePools"].pop(),
        "node pool tpu-v6e-pool is not there: run cluster/create-tpu-node-pool.sh",
    ),
    (
        "no pools of inference",
        lambda world: world.state["objects"].pop(
            "CustomResourceDefinition||inferencepools.inference.networking.k8s.io"
        ),
        "CRD inferencepools.inference.networking.k8s.io is not there",
    ),
]


@pytest.mark.parametrize(("change", "line"), [pytest.param(*row[1:], id=row[0]) for row in VERIFY])
def test_verify_finds_the_one_thing_that_differs(change: Change, line: str) -> None:
    world = world_before(BY_PATH["cluster/verify-cluster.sh"])
    change(world)
    run = run_script(TREE / "cluster/verify-cluster.sh", world=world)
    assert run.code == 1
    (found,) = problems(run)
    assert found.startswith(f"PROBLEM  {line}")


@pytest.mark.parametrize(
    "change",
    [
        cluster(currentMasterVersion="1.35.2-gke.1842000"),
        cluster(
            networkPolicy={},
            networkConfig={
                "gatewayApiConfig": {"channel": "CHANNEL_STANDARD"},
                "datapathProvider": "ADVANCED_DATAPATH",
            },
        ),
        lambda world: world.state["clusters"][NAME]["sizes"].update({"tpu-v6e-pool": 0}),
    ],
)
def test_verify_passes_what_is_as_good(change: Change) -> None:
    world = world_before(BY_PATH["cluster/verify-cluster.sh"])
    change(world)
    run = run_script(TREE / "cluster/verify-cluster.sh", world=world)
    assert (run.code, problems(run)) == (0, [])


def test_helm_is_asked_for_only_where_an_operator_is_installed_with_it() -> None:
    path = "cluster/preflight.sh"
    asked = {}
    for tree in (TREE, full_tree()):
        run = run_script(tree / path, world=world_before(BY_PATH[path], tree))
        assert run.code == 0
        asked[tree] = "helm" in {call.tool for call in run.calls}
        text = (tree / "lib/preflight.sh").read_text()
        assert (" helmfile " in text, " make; do" in text) == (asked[tree], asked[tree])
    assert asked == {TREE: True, full_tree(): False}
