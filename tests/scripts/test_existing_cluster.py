"""A cluster and a network that somebody else made: used, judged, and left alone."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from scripts.life import EXISTING, SCRIPTS, existing_tree, render_tree, world_before
from scripts.stand_ins import Run, run_script
from scripts.world import World
from support import files_of

BY_PATH = {script.path: script for script in SCRIPTS}
Change = Callable[[World], Any]
CLUSTER = "shared-cluster"
AT = "--zone=europe-west4-a --project=my-project"
UPDATE = f"gcloud container clusters update {CLUSTER} {AT}"
VERIFY = "cluster/verify-cluster.sh"
DELETE = "cluster/delete-tpu-node-pool.sh"


def run_changed(path: str, change: Change, *args: str) -> tuple[Run, World]:
    """Run a script in the world before it, with one thing changed."""
    world = world_before(BY_PATH[path], existing_tree())
    change(world)
    return run_script(existing_tree() / path, "--yes", *args, world=world), world


def cluster(**changes: Any) -> Change:
    return lambda world: world.state["clusters"][CLUSTER].update(changes)


LACKS: list[tuple[str, Change, str]] = [
    (
        "Gateway API",
        cluster(networkConfig={"datapathProvider": "ADVANCED_DATAPATH"}),
        (
            "Gateway API: nothing, and the profile says CHANNEL_STANDARD;"
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
    (
        "policies",
        cluster(networkConfig={"gatewayApiConfig": {"channel": "CHANNEL_STANDARD"}}),
        (
            "network policy: off, and the profile says on;"
            f" {UPDATE} --update-addons=NetworkPolicy=ENABLED, then the same with"
            " --enable-network-policy"
        ),
    ),
    (
        "identity",
        cluster(workloadIdentityConfig={}),
        (
            "workload identity: nothing, and the profile says my-project.svc.id.goog;"
            f" {UPDATE} --workload-pool=my-project.svc.id.goog"
        ),
    ),
    (
        "version",
        cluster(currentMasterVersion="1.33.9-gke.1"),
        (
            "GKE '1.33.9-gke.1' is older than 1.34; gcloud container clusters upgrade"
            f" {CLUSTER} {AT} --master --cluster-version=1.34"
        ),
    ),
    (
        "Autopilot",
        cluster(autopilot={"enabled": True}),
        (
            "mode: Autopilot, and the profile says Standard; an Autopilot cluster takes no TPU node"
            " pool: name another in cluster.name"
        ),
    ),
    (
        "network",
        cluster(network="default"),
        (
            "network: default, and the profile says prod; set cluster.network of the profile to it"
            " and render again"
        ),
    ),
]


@pytest.mark.parametrize("path", ["cluster/preflight.sh", VERIFY])
@pytest.mark.parametrize(("change", "line"), [pytest.param(*row[1:], id=row[0]) for row in LACKS])
def test_what_the_cluster_lacks_is_said_with_the_command_that_mends_it(
    path: str, change: Change, line: str
) -> None:
    run, _ = run_changed(path, change)
    assert run.code == 1
    assert [line for line in run.out.splitlines() if line.startswith("PROBLEM")] == [
        f"PROBLEM  {line}"
    ]


def test_a_cluster_that_is_not_there_is_found_before_anything_is_made() -> None:
    run, _ = run_changed("cluster/preflight.sh", lambda world: world.state["clusters"].clear())
    assert run.code == 1
    assert (
        "PROBLEM  there is no cluster shared-cluster in europe-west4-a: name the one that is there"
        " in cluster.name, or set cluster.existing to false, and render again\n"
    ) in run.out


def test_nodes_that_are_only_tpus_do_not_carry_kserve() -> None:
    run, _ = run_changed(
        VERIFY, lambda world: world.state["clusters"][CLUSTER]["sizes"].pop("pool-of-others")
    )
    assert run.code == 1
    assert (
        "PROBLEM  no node without TPUs is Ready: KServe, cert-manager and the endpoint picker need"
        " one\n"
    ) in run.out


def test_no_script_creates_changes_or_deletes_the_cluster_or_its_network() -> None:
    files = files_of(existing_tree())
    assert "cluster/create-cluster.sh" not in files
    assert "cluster/delete-cluster.sh" not in files
    assert "cluster/create-network.sh" not in files
    text = "\n".join(files[path].decode() for path in files if path.endswith(".sh"))
    # What is said to the operator begins in quotes.
    call = r"^\s*gcloud (?:container clusters|compute networks) ([\w-]+)"
    calls = re.findall(call, text, re.MULTILINE)
    assert set(calls) == {"describe", "get-credentials", "resize", "subnets"}


def test_of_the_cluster_and_the_network_all_is_left_that_was_there() -> None:
    first = world_before(BY_PATH["cluster/enable-apis.sh"], existing_tree())
    run, world = run_changed(DELETE, lambda _: None)
    assert (run.code, run.err) == (0, "")
    for what in ("clusters", "networks", "subnets", "security_policies"):
        assert world.state[what] == first.state[what]
    assert "Gateway|others|gateway-of-others" in world.state["objects"]
    assert not [key for key in world.state["objects"] if key.startswith("PersistentVolume|")]


def test_a_pool_that_somebody_else_made_stays() -> None:
    def relabel(world: World) -> None:
        config = world.state["clusters"][CLUSTER]["nodePools"][1]["config"]
        config["resourceLabels"]["llmd-profile"] = "other"

    run, world = run_changed(DELETE, relabel)
    assert run.code == 0
    assert (
        "these scripts did not make it: it has no label llmd-profile=existing, and stays\n"
    ) in run.out
    names = [pool["name"] for pool in world.state["clusters"][CLUSTER]["nodePools"]]
    assert names == ["pool-of-others", "tpu-v6e-pool"]


def test_a_policy_or_a_subnet_that_somebody_else_made_stays() -> None:
    def redescribe(world: World) -> None:
        for what, name in (
            ("security_policies", "existing-clients"),
            ("subnets", "proxy-only-subnet"),
        ):
            world.state[what][name]["description"] = "made by llmd-render profile other"

    run, world = run_changed(DELETE, redescribe)
    assert (run.code, run.err) == (0, "")
    assert run.out.count("none that these scripts made: nothing deleted\n") == 2
    assert list(world.state["security_policies"]) == ["existing-clients"]
    assert "proxy-only-subnet" in world.state["subnets"]


def test_the_pool_stays_while_the_gateway_is_there() -> None:
    def put(world: World) -> None:
        key = "Gateway|opendatahub|inference-gateway"
        meta = {"name": "inference-gateway", "namespace": "opendatahub"}
        world.state["objects"][key] = {"kind": "Gateway", "metadata": meta}

    run, world = run_changed(DELETE, put)
    assert run.code == 1
    assert run.err.startswith(
        "error: still there: gateways.gateway.networking.k8s.io/inference-gateway"
        " - run scripts/undeploy.sh first, or add --force\n"
    )
    assert len(world.state["clusters"][CLUSTER]["nodePools"]) == 2
    forced, world = run_changed(DELETE, put, "--force")
    assert (forced.code, forced.err) == (0, "")
    assert len(world.state["clusters"][CLUSTER]["nodePools"]) == 1


def test_it_asks_before_it_deletes_the_pool() -> None:
    world = world_before(BY_PATH[DELETE], existing_tree())
    before = world.picture()
    run = run_script(existing_tree() / DELETE, world=world)
    assert run.code == 1
    assert "Without a terminal to confirm it on, add --yes." in run.err
    assert world.picture() == before


NEW_CLUSTER = EXISTING.replace("existing: true, ", "")


def test_a_new_cluster_goes_into_an_existing_subnetwork_that_no_script_makes_or_deletes() -> None:
    tree = render_tree(NEW_CLUSTER)
    files = files_of(tree)
    assert "cluster/create-network.sh" not in files
    text = "\n".join(files[path].decode() for path in files if path.endswith(".sh"))
    assert "networks create" not in text
    assert "networks delete" not in text
    assert "    --subnetwork=prod-nodes \\\n" in files["cluster/create-cluster.sh"].decode()
    world = world_before(BY_PATH["cluster/preflight.sh"], existing_tree())
    world.state["clusters"], world.state["objects"] = {}, {}
    for path in (
        "cluster/preflight.sh",
        "cluster/create-proxy-only-subnet.sh",
        "cluster/create-cluster.sh",
        "cluster/get-credentials.sh",
        "cluster/delete-cluster.sh",
    ):
        run = run_script(tree / path, "--yes", world=world)
        assert (run.code, run.err) == (0, ""), path
    assert sorted(world.state["subnets"]) == ["prod-nodes"]
    assert sorted(world.state["networks"]) == ["prod"]


def test_a_missing_subnetwork_is_said_before_anything_is_made() -> None:
    run, _ = run_changed("cluster/preflight.sh", lambda world: world.state["subnets"].clear())
    assert run.code == 1
    assert (
        "PROBLEM  network prod has no subnet prod-nodes in europe-west4: make one, or name others"
        " in cluster.network and cluster.subnetwork of the profile\n"
    ) in run.out
