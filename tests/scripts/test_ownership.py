"""What somebody else made: no script changes or deletes it, and each says whose it is."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from scripts.life import BY_PATH, TREE, existing_tree, world_before
from scripts.stand_ins import Run, run_script
from scripts.world import Answer, World

Change = Callable[[World], Any]
AT = "--zone=europe-west4-a --project=my-project"
POOL = "tpu-v6e-pool"
POOL_SCRIPTS = [
    "cluster/create-tpu-node-pool.sh",
    "cluster/update-tpu-node-pool.sh",
    "cluster/scale-to-zero.sh",
    "cluster/scale-up.sh",
]
NOTHING_AT_ALL = {"WAIT_FACTOR": "0"}


def pool_of_others(**labels: str) -> Change:
    """Let the cluster have a TPU pool of the same name with nodes at work."""

    def change(world: World) -> None:
        (cluster,) = world.state["clusters"].values()
        pools = [pool for pool in cluster["nodePools"] if pool["name"] != POOL]
        pool = {
            "name": POOL,
            "status": "RUNNING",
            "config": {"machineType": "ct6e-standard-4t", "resourceLabels": labels},
            "autoscaling": {"enabled": True, "maxNodeCount": 9},
            "instanceGroupUrls": [f"https://compute/{cluster['name']}/{POOL}"],
        }
        cluster["nodePools"] = [*pools, pool]
        cluster["sizes"][POOL] = 5

    return change


def run_existing(path: str, change: Change, *args: str) -> tuple[Run, World]:
    """Run a script for the existing cluster in the world before it, with one thing changed."""
    world = world_before(BY_PATH[path], existing_tree())
    change(world)
    run = run_script(existing_tree() / path, *args, world=world, environment=NOTHING_AT_ALL)
    return run, world


@pytest.mark.parametrize("path", POOL_SCRIPTS)
@pytest.mark.parametrize("owner", ["", "other"])
def test_a_pool_of_somebody_else_is_neither_used_nor_changed(path: str, owner: str) -> None:
    change = pool_of_others(**({"llmd-profile": owner} if owner else {}))
    before = world_before(BY_PATH[path], existing_tree())
    change(before)
    run, world = run_existing(path, change, "--yes")
    assert run.code == 1
    assert world.picture() == before.picture()
    assert run.err.splitlines()[0] == (
        f"error: node pool {POOL} of shared-cluster was not made for this profile: its label"
        f" llmd-profile is '{owner}', not 'existing'. Name another in cluster.tpuPool.name of the"
        " profile and render again; if it is yours, mark it, which makes its nodes anew: gcloud"
        f" container node-pools update {POOL} --cluster=shared-cluster {AT}"
        " --labels=managed-by=llmd-render,llmd-profile=existing"
    )


@pytest.mark.parametrize("path", ["cluster/preflight.sh", "cluster/verify-cluster.sh"])
def test_checks_name_the_owner_of_the_pool(path: str) -> None:
    run, _ = run_existing(path, pool_of_others(**{"llmd-profile": "other"}))
    assert run.code == 1
    assert (
        f"PROBLEM  {POOL}, made for profile: other, and the profile says existing; no script will"
        " change it: name another in cluster.tpuPool.name and render again\n"
    ) in run.out


def test_a_pool_without_a_service_is_not_emptied_without_asking() -> None:
    path = "cluster/scale-to-zero.sh"
    world = world_before(BY_PATH[path])
    key = "LLMInferenceService|llm-d-inference-scheduling|qwen2-3b-pattern1"
    del world.state["objects"][key]
    before = world.picture()
    run = run_script(TREE / path, world=world)
    assert run.code == 1
    assert run.err.startswith(
        "error: This stops llm-d-inference-scheduling/qwen2-3b-pattern1, where it runs, and takes"
        f" away all nodes of node pool {POOL}: clients get errors until scale-up.sh has run."
        " Without a terminal to confirm it on, add --yes.\n"
    )
    assert world.picture() == before


def test_what_is_stopped_and_empty_already_needs_no_answer() -> None:
    path = "cluster/scale-to-zero.sh"
    world = world_before(BY_PATH["cluster/scale-up.sh"])
    before = world.picture()
    run = run_script(TREE / path, world=world)
    assert (run.code, run.err) == (0, "")
    assert world.picture() == before


def test_nodes_go_also_where_kserve_is_not_installed() -> None:
    path = "cluster/scale-to-zero.sh"
    world = world_before(BY_PATH["cluster/verify-cluster.sh"])
    for name in ("LLMInferenceService", "llminferenceservices.serving.kserve.io"):
        objects = world.state["objects"]
        world.state["objects"] = {key: row for key, row in objects.items() if name not in key}
    run = run_script(TREE / path, "--yes", world=world)
    assert (run.code, run.err) == (0, "")
    assert "it is not deployed\n" in run.out
    (cluster,) = world.state["clusters"].values()
    assert cluster["sizes"][POOL] == 0


def test_an_answer_that_is_an_error_is_not_taken_for_no_service() -> None:
    path = "cluster/scale-to-zero.sh"
    world = world_before(BY_PATH[path])
    refusal = 'Error from server (Forbidden): llminferenceservices "x" is forbidden'
    world.answers = [Answer(" get llminferenceservices", refusal, 1)]
    before = world.picture()
    run = run_script(TREE / path, "--yes", world=world)
    assert run.code == 1
    assert run.err.startswith(refusal)
    assert world.picture() == before


@pytest.mark.parametrize("status", ["RUNNING_WITH_ERROR", "ERROR"])
@pytest.mark.parametrize("later", [False, True], ids=["before", "after"])
def test_a_pool_that_came_up_badly_is_shown_with_what_google_says(status: str, later: bool) -> None:
    path = "cluster/create-tpu-node-pool.sh"
    world = world_before(BY_PATH["cluster/verify-cluster.sh"])
    (cluster,) = world.state["clusters"].values()
    pool = cluster["nodePools"][1]
    pool["status"] = status
    pool["conditions"] = [{"code": "GCE_STOCKOUT", "message": "no TPUs in this zone"}]
    # It may also turn out bad only while the script waits.
    world.pending["pool"] = 3 if later else 0
    run = run_script(TREE / path, "--yes", world=world)
    assert run.code == 1
    message = (
        f"error: node pool {POOL} is {status}; GKE says: no TPUs in this zone. When it was a"
        " stock-out (GCE_STOCKOUT) or a quota: wait, or choose another zone or kind of capacity."
        " Then delete the pool and run this again: gcloud container node-pools delete"
        f" {POOL} --cluster=llmd-gke-native-tpu-pattern1"
        " --zone=europe-west4-a --project=ecoeng-llmd"
    )
    assert run.err.splitlines()[0] == message


def test_a_pool_that_is_being_deleted_is_waited_for_by_the_operator() -> None:
    path = "cluster/create-tpu-node-pool.sh"
    world = world_before(BY_PATH["cluster/verify-cluster.sh"])
    (cluster,) = world.state["clusters"].values()
    cluster["nodePools"][1]["status"] = "STOPPING"
    run = run_script(TREE / path, "--yes", world=world)
    assert run.code == 1
    assert run.err.splitlines()[0] == (
        f"error: node pool {POOL} is being deleted: run this again when it is gone"
    )


OURS = "llmd-gke-native-tpu-pattern1"
HERE = "--zone=europe-west4-a --project=ecoeng-llmd"
MARK = (
    f"if it is yours, mark it: gcloud container clusters update {OURS} {HERE}"
    " --update-labels=managed-by=llmd-render,llmd-profile=qwen-3b-v6e"
)


@pytest.mark.parametrize("owner", ["", "other"])
@pytest.mark.parametrize(
    ("path", "hint", "args"),
    [
        (
            "cluster/create-cluster.sh",
            (
                "Name another in cluster.name of the profile, or set cluster.existing to true to"
                " use it"
            ),
            (),
        ),
        (
            "cluster/delete-cluster.sh",
            (f"Delete it yourself, if it shall go: gcloud container clusters delete {OURS} {HERE}"),
            ("--force",),
        ),
        (
            "cluster/delete-cluster.sh",
            (f"Delete it yourself, if it shall go: gcloud container clusters delete {OURS} {HERE}"),
            (),
        ),
    ],
)
def test_a_cluster_of_somebody_else_is_neither_used_nor_deleted(
    path: str, hint: str, args: tuple[str, ...], owner: str
) -> None:
    world = world_before(BY_PATH["cluster/delete-cluster.sh"])
    labels = {"llmd-profile": owner} if owner else {}
    world.state["clusters"][OURS]["resourceLabels"] = labels
    before = world.picture()
    run = run_script(TREE / path, "--yes", *args, world=world)
    assert run.code == 1
    assert run.err.splitlines()[0] == (
        f"error: cluster {OURS} was not made for this profile: its label llmd-profile is"
        f" '{owner}', not 'qwen-3b-v6e'. {hint}; {MARK}"
    )
    assert world.picture() == before


def test_verify_names_the_owner_of_the_cluster() -> None:
    world = world_before(BY_PATH["cluster/verify-cluster.sh"])
    world.state["clusters"][OURS]["resourceLabels"] = {"llmd-profile": "other"}
    run = run_script(TREE / "cluster/verify-cluster.sh", world=world)
    assert run.code == 1
    assert (
        "PROBLEM  made for profile: other, and the profile says qwen-3b-v6e;"
        " cluster/create-cluster.sh says what to do\n"
    ) in run.out


@pytest.mark.parametrize("args", [(), ("--force",)])
def test_only_the_answer_that_there_is_no_cluster_counts_as_none(args: tuple[str, ...]) -> None:
    path = "cluster/delete-cluster.sh"
    world = world_before(BY_PATH[path])
    trouble = "ERROR: (gcloud) ResponseError: code=503, message=The service is unavailable."
    # What a list answers when a zone does not: nothing, and success.
    world.answers = [
        Answer("clusters list", ""),
        Answer("clusters describe", trouble, 1),
    ]
    before = world.picture()
    run = run_script(TREE / path, "--yes", *args, world=world)
    assert run.code == 1
    assert run.err.startswith(
        f"{trouble}\nerror: no answer whether cluster {OURS} is there: nothing was changed\n"
    )
    assert world.picture() == before


def test_a_cluster_that_google_loses_sight_of_is_not_taken_for_deleted() -> None:
    path = "cluster/delete-cluster.sh"
    world = world_before(BY_PATH[path])
    world.state["clusters"][OURS]["status"] = "STOPPING"
    world.answers = [Answer("clusters list", "")]
    run = run_script(TREE / path, "--yes", world=world, environment=NOTHING_AT_ALL)
    assert run.code == 1
    assert list(world.state["subnets"]) == ["default", "proxy-only-subnet"]
