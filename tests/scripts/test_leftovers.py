"""What is billed on: found again by a second run, and left where somebody else needs it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from scripts.controllers import part_of, put
from scripts.life import BY_PATH, TREE, existing_tree, full_tree, trees, world_before
from scripts.releases import make
from scripts.stand_ins import Call, Fault, Run, run_script
from scripts.world import Answer, World

Change = Callable[[World], Any]
UNDEPLOY = "scripts/undeploy.sh"
DELETE_POOL = "cluster/delete-tpu-node-pool.sh"
DELETE_CLUSTER = "cluster/delete-cluster.sh"
GATEWAY = make("Gateway", "inference-gateway", "opendatahub")
PART = part_of(GATEWAY)
MEMORY = "llmd-render.opendatahub/inference-gateway"
NAMESPACE = "Namespace||llm-d-inference-scheduling"
AT_ONCE = {"WAIT_FACTOR": "0"}


def route_of_others() -> dict[str, Any]:
    parent = {"name": "inference-gateway", "namespace": "opendatahub"}
    return make("HTTPRoute", "theirs", "team-a", spec={"parentRefs": [parent]})


def keep(world: World, part: str = PART, *tables: str) -> None:
    """Let Google keep parts of a load balancer, whatever becomes of its Gateway."""
    for table in tables or ("forwarding_rules", "gateway_addresses"):
        world.state[table][part] = {"name": part}


def run_in(
    world: World, path: str, *args: str, tree: Path = TREE, fault: Fault | None = None
) -> Run:
    return run_script(tree / path, "--yes", *args, world=world, environment=AT_ONCE, fault=fault)


def test_a_gateway_that_other_routes_need_stays() -> None:
    world = world_before(BY_PATH[UNDEPLOY])
    put(world, route_of_others())
    run = run_in(world, UNDEPLOY)
    assert run.code == 0
    assert run.err == (
        "warning: Gateway opendatahub/inference-gateway stays, and its load balancer is billed on:"
        " other routes need it: team-a/theirs\n"
    )
    assert "Gateway|opendatahub|inference-gateway" in world.state["objects"]
    assert list(world.state["forwarding_rules"]) == [PART]
    kinds = {row["kind"] for row in world.state["objects"].values()}
    assert "LLMInferenceService" not in kinds


@pytest.mark.parametrize(
    "parent",
    [
        {"name": "inference-gateway"},
        {"name": "another", "namespace": "opendatahub"},
        {"name": "inference-gateway", "namespace": "opendatahub", "kind": "Service"},
    ],
)
def test_a_route_to_something_else_does_not_keep_the_gateway(parent: dict[str, str]) -> None:
    world = world_before(BY_PATH[UNDEPLOY])
    put(world, make("HTTPRoute", "theirs", "team-a", spec={"parentRefs": [parent]}))
    run = run_in(world, UNDEPLOY)
    assert (run.code, run.err) == (0, "")
    assert world.state["forwarding_rules"] == {}


def test_a_route_that_kserve_made_for_this_service_does_not_keep_the_gateway() -> None:
    world = world_before(BY_PATH[UNDEPLOY])
    route = route_of_others()
    route["metadata"]["namespace"] = "llm-d-inference-scheduling"
    owner = {"kind": "LLMInferenceService", "name": "qwen2-3b-pattern1"}
    route["metadata"]["ownerReferences"] = [owner]
    put(world, route)
    run = run_in(world, UNDEPLOY)
    assert (run.code, run.err) == (0, "")
    assert world.state["forwarding_rules"] == {}


def test_while_routes_cannot_be_listed_the_gateway_stays() -> None:
    world = world_before(BY_PATH[UNDEPLOY])
    world.answers = [Answer(" get httproutes", "Error from server (Forbidden): no", 1)]
    run = run_in(world, UNDEPLOY)
    assert run.code == 1
    assert ("error: the routes of the cluster cannot be listed, and one may need it\n") in run.err
    assert list(world.state["forwarding_rules"]) == [PART]


@pytest.mark.parametrize("kind", ["forwarding-rules", "addresses"])
def test_what_is_left_of_the_load_balancer_fails_every_run_until_it_is_gone(
    kind: str,
) -> None:
    world = world_before(BY_PATH[UNDEPLOY])
    left = Answer(f"compute {kind} list", f"{PART}\n")
    world.answers = [left]
    message = (
        f"error: parts of the load balancer are left, and cost money: {kind}/{PART}. Run this again"
        " later, or delete them: gcloud compute KIND delete NAME --region=europe-west4"
        " --project=ecoeng-llmd\n"
    )
    for _ in range(3):
        run = run_in(world, UNDEPLOY)
        assert run.code == 1
        assert message in run.err
    assert MEMORY in world.state["objects"][NAMESPACE]["metadata"]["annotations"]
    world.answers = []
    run = run_in(world, UNDEPLOY)
    assert (run.code, run.err) == (0, "")
    assert "annotations" not in world.state["objects"][NAMESPACE]["metadata"]


def test_a_run_killed_after_the_gateway_went_is_taken_up_where_it_was() -> None:
    world = world_before(BY_PATH[UNDEPLOY])
    calls = run_in(world.copy(), UNDEPLOY).calls
    at = next(number for number, call in enumerate(calls) if deletes_gateway(call))
    run = run_in(world, UNDEPLOY, fault=Fault(at, "kill-after"))
    assert run.code == -9
    keep(world)
    run = run_in(world, UNDEPLOY)
    assert run.code == 1
    assert f"cost money: forwarding-rules/{PART} addresses/{PART}. Run this" in run.err


def deletes_gateway(call: Call) -> bool:
    return "delete" in call.argv and call.argv[-2].endswith("/gateway")


def test_parts_of_the_same_name_whose_gateway_nobody_knows_are_a_warning() -> None:
    world = world_before(BY_PATH[DELETE_CLUSTER])
    other = part_of(GATEWAY, "zz99")
    keep(world, other, "forwarding_rules")
    keep(world, "gkegw1-ab12-others-gateway-of-others-0123456789ab")
    run = run_in(world, UNDEPLOY)
    assert run.code == 0
    assert run.err == (
        "warning: parts of a load balancer with the name of this Gateway are there, and billed:"
        f" forwarding-rules/{other}. They are left from it, or belong to a Gateway of this name in"
        " another cluster of ecoeng-llmd: look before you delete one with gcloud compute KIND"
        " delete NAME --region=europe-west4\n"
    )


def test_without_its_namespace_the_load_balancer_goes_all_the_same() -> None:
    world = world_before(BY_PATH[UNDEPLOY])
    del world.state["objects"][NAMESPACE]
    run = run_in(world, UNDEPLOY)
    assert (run.code, run.err) == (0, "")
    assert world.state["forwarding_rules"] == {}


def test_a_static_address_that_somebody_reserved_is_not_waited_for() -> None:
    world = world_before(BY_PATH[UNDEPLOY])
    meta = world.state["objects"]["Gateway|opendatahub|inference-gateway"]["metadata"]
    meta["annotations"]["networking.gke.io/addresses"] = "/projects/p/addresses/reserved"
    world.state["gateway_addresses"] = {"reserved": {"name": "reserved"}}
    run = run_in(world, UNDEPLOY)
    assert (run.code, run.err) == (0, "")


def test_the_pool_can_go_while_others_need_the_gateway() -> None:
    world = world_before(BY_PATH[UNDEPLOY], existing_tree())
    put(world, route_of_others())
    refused = run_in(world, DELETE_POOL, tree=existing_tree())
    assert refused.err.splitlines()[0] == (
        "error: still there: llminferenceservices.serving.kserve.io/existing"
        " - run scripts/undeploy.sh first, or add --force"
    )
    assert run_in(world, UNDEPLOY, tree=existing_tree()).code == 0
    run = run_in(world, DELETE_POOL, tree=existing_tree())
    assert (run.code, run.err) == (0, "")
    assert "the Gateway stays: other routes need it: team-a/theirs\n" in run.out
    names = [pool["name"] for pool in world.state["clusters"]["shared-cluster"]["nodePools"]]
    assert names == ["pool-of-others"]


def test_with_force_the_claim_of_the_cache_goes_too() -> None:
    world = world_before(BY_PATH[UNDEPLOY], existing_tree())
    run = run_in(world, DELETE_POOL, "--force", tree=existing_tree())
    assert (run.code, run.err) == (0, "")
    kinds = {row["kind"] for row in world.state["objects"].values()}
    assert not kinds & {"PersistentVolumeClaim", "PersistentVolume"}


def test_with_force_a_claim_that_cannot_be_deleted_is_named() -> None:
    world = world_before(BY_PATH[UNDEPLOY], existing_tree())
    world.answers = [Answer(" delete persistentvolumeclaims", "timed out waiting", 1)]
    run = run_in(world, DELETE_POOL, "--force", tree=existing_tree())
    assert run.code == 0
    assert run.err == (
        "timed out waiting\n"
        "warning: claim llm-d-inference-scheduling/existing-compile-cache may be left, and its"
        " volume is billed on: kubectl --context gke_my-project_europe-west4-a_shared-cluster"
        " delete persistentvolumeclaims existing-compile-cache --namespace"
        " llm-d-inference-scheduling\n"
    )


@pytest.mark.parametrize("path", [DELETE_POOL, DELETE_CLUSTER])
def test_a_claim_in_use_is_not_waited_for_without_end(path: str) -> None:
    tree = existing_tree() if path == DELETE_POOL else full_tree()
    world = world_before(BY_PATH[path], tree)
    world.answers = [Answer(" delete persistentvolumeclaims", "timed out waiting", 1)]
    run = run_script(tree / path, "--yes", world=world)
    assert run.code == 1
    assert "does not go, as long as a pod uses it: run scripts/undeploy.sh first" in run.err
    (line,) = (line for line in run.lines if "delete persistentvolumeclaims" in line)
    assert line.endswith(" --ignore-not-found --timeout=300s")
    assert world.state["clusters"]


def test_everything_that_may_be_left_and_billed_is_listed() -> None:
    world = world_before(BY_PATH[DELETE_CLUSTER], full_tree())
    keep(world)
    world.state["filestore"]["x"] = {"name": "projects/p/locations/z/instances/pvc-1"}
    run = run_in(world, DELETE_CLUSTER, "--force", tree=full_tree())
    assert (run.code, run.err) == (0, "")
    listed = run.out.partition("what GKE may have left behind\n")[2]
    assert listed.startswith(f"{PART}\n{PART}\nprojects/p/locations/z/instances/pvc-1\n")


def test_filestore_that_cannot_be_listed_is_said_and_stops_nothing() -> None:
    world = world_before(BY_PATH[DELETE_CLUSTER], full_tree())
    world.answers = [Answer("filestore instances list", "API [file.googleapis.com] not enabled", 1)]
    run = run_in(world, DELETE_CLUSTER, tree=full_tree())
    assert run.code == 0
    assert "warning: the Filestore instances of my-project cannot be listed" in run.err


@pytest.mark.parametrize(
    ("tree", "path"),
    [
        ("full", "cluster/delete-cluster.sh"),
        ("existing", "cluster/delete-tpu-node-pool.sh"),
        ("regional", "cluster/delete-cluster.sh"),
    ],
)
@pytest.mark.parametrize(
    ("kind", "named"),
    [("security-policies", "security policy "), ("networks subnets", "proxy-only subnet ")],
)
def test_what_is_still_in_use_does_not_hide_the_list_of_what_is_billed(
    tree: str, path: str, kind: str, named: str
) -> None:
    folder = trees()[tree]
    world = world_before(BY_PATH[path], folder)
    world.answers.append(Answer(f"^gcloud compute {kind} delete ", "it is in use", 1))
    run = run_script(folder / path, "--yes", "--force", world=world)
    if tree == "regional" and kind == "security-policies":
        assert run.code == 0  # that profile has none
        return
    assert run.code == 1
    listed = [line for line in run.lines if line.startswith("gcloud compute forwarding-rules list")]
    assert listed
    assert f"error: still in use, and left: {named}" in run.err


def test_a_cluster_of_this_name_elsewhere_is_not_taken_for_gone() -> None:
    path = "cluster/delete-cluster.sh"
    said = (
        "ERROR: (gcloud) ResponseError: code=404, message=Not found: projects/p/clusters/c.\n"
        "Could not find [c] in [europe-west4-a]. Did you mean [c] in [europe-west4]?"
    )
    for script in (path, "cluster/create-cluster.sh"):
        world = world_before(BY_PATH[script])
        world.answers.append(Answer("^gcloud container clusters describe ", said, 1))
        before = world.picture()
        run = run_script(
            TREE / script, "--yes", "--force" if script == path else "--yes", world=world
        )
        assert run.code == 1
        assert "Did you mean [c] in [europe-west4]?" in run.err
        assert "nothing was changed" in run.err
        assert world.picture() == before


def test_a_service_that_cannot_be_asked_is_not_taken_for_running() -> None:
    path = "scripts/deploy.sh"
    world = world_before(BY_PATH[path])
    answer = Answer(" get llminferenceservices.* --output jsonpath", "TLS handshake timeout", 1)
    world.answers.append(answer)
    before = world.picture()
    run = run_script(TREE / path, "--yes", world=world)
    assert run.code == 1
    assert world.picture() == before
