"""A regional cluster: every call names the region, nodes are counted by zone, TPUs have one."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from scripts.life import REGIONAL, SCRIPTS, regional_tree, render_tree, world_before
from scripts.stand_ins import run_script
from support import files_of

if TYPE_CHECKING:
    from scripts.world import World

BY_PATH = {script.path: script for script in SCRIPTS}
AT = "--region=europe-west4 --project=my-project"


def calls_of(path: str) -> list[str]:
    """Run a script for the first time; give its calls of gcloud that are about GKE."""
    world = world_before(BY_PATH[path], regional_tree())
    run = run_script(regional_tree() / path, "--yes", world=world)
    assert (run.code, run.err) == (0, "")
    return [" ".join(call.argv) for call in run.calls if call.argv[0] == "container"]


def test_the_cluster_is_made_in_the_region_with_its_nodes_in_the_zones_that_are_named() -> None:
    (create,) = (call for call in calls_of("cluster/create-cluster.sh") if " create " in call)
    assert " --region=europe-west4 --node-locations=europe-west4-b,europe-west4-c " in create
    assert " --num-nodes=1 --enable-autoscaling --min-nodes=1 --max-nodes=3 " in create
    world = world_before(BY_PATH["cluster/get-credentials.sh"], regional_tree())
    assert world.state["clusters"]["llmd-regional"]["sizes"] == {"default-pool": 2}
    run = run_script(regional_tree() / "cluster/get-credentials.sh", world=world)
    assert "waiting for 2 CPU node(s): at most 300 s" in run.out


def test_without_zones_the_nodes_are_where_the_tpus_are_and_so_many_as_the_profile_says() -> None:
    text = REGIONAL.replace(", zones: [europe-west4-c, europe-west4-b]", "")
    script = files_of(render_tree(text))["cluster/create-cluster.sh"].decode()
    assert ('    --region="$REGION" \\\n    --node-locations=europe-west4-a \\\n') in script


def test_the_tpu_pool_is_in_the_one_zone_that_has_the_tpus() -> None:
    (create,) = (call for call in calls_of("cluster/create-tpu-node-pool.sh") if " create " in call)
    assert " --region=europe-west4 --node-locations=europe-west4-a " in create
    assert " --num-nodes=1 --enable-autoscaling --min-nodes=0 --max-nodes=3 " in create


def test_no_script_looks_for_the_cluster_in_a_zone() -> None:
    for path, content in files_of(regional_tree()).items():
        if path.endswith(".sh"):
            text = content.decode().replace("\\\n", " ")
            lines = [line for line in text.splitlines() if "--zone" in line]
            assert [line for line in lines if not re.search("machine-types|disks", line)] == []
    common = (regional_tree() / "lib/common.sh").read_text()
    assert "CONTEXT=gke_my-project_europe-west4_llmd-regional\n" in common


def test_the_runbook_says_region() -> None:
    text = (regional_tree() / "README.md").read_text()
    assert (
        "| Cluster | llmd-regional, regional in europe-west4, GKE 1.34, channel regular |" in text
    )
    assert "--region=europe-west4 --project=my-project --format" in text
    assert "| CPU nodes | 2 × n1-standard-4, " in text


def problems(path: str, world: World) -> list[str]:
    run = run_script(regional_tree() / path, world=world)
    assert run.code == 1
    return [line for line in run.out.splitlines() if line.startswith("PROBLEM")]


@pytest.mark.parametrize(
    ("number", "zones", "line"),
    [
        (
            0,
            ["europe-west4-b"],
            (
                "default-pool, zones: europe-west4-b, and the profile says"
                " europe-west4-b,europe-west4-c; gcloud container node-pools update"
                f" --cluster=llmd-regional {AT} default-pool"
                " --node-locations=europe-west4-b,europe-west4-c"
            ),
        ),
        (
            1,
            ["europe-west4-b", "europe-west4-a"],
            (
                "tpu-v6e-pool, zones: europe-west4-a,europe-west4-b, and the profile says"
                " europe-west4-a; only a new pool can have another"
            ),
        ),
    ],
)
def test_verify_finds_a_pool_in_other_zones(number: int, zones: list[str], line: str) -> None:
    world = world_before(BY_PATH["cluster/verify-cluster.sh"], regional_tree())
    world.state["clusters"]["llmd-regional"]["nodePools"][number]["locations"] = zones
    assert problems("cluster/verify-cluster.sh", world) == [f"PROBLEM  {line}"]


def test_preflight_looks_for_the_cpu_machine_in_each_of_its_zones() -> None:
    world = world_before(BY_PATH["cluster/preflight.sh"], regional_tree())
    world.state["absent"] = {"europe-west4-a": ["n1-standard-4"]}
    assert run_script(regional_tree() / "cluster/preflight.sh", world=world).code == 0
    world.state["absent"] = {"europe-west4-c": ["n1-standard-4"]}
    assert problems("cluster/preflight.sh", world) == [
        "PROBLEM  europe-west4-c does not have n1-standard-4"
    ]


def test_preflight_asks_for_the_versions_of_the_region() -> None:
    world = world_before(BY_PATH["cluster/preflight.sh"], regional_tree())
    world.state["versions"] = []
    assert problems("cluster/preflight.sh", world) == [
        "PROBLEM  GKE 1.34 is not offered in channel regular in europe-west4"
    ]


def test_an_existing_cluster_can_be_regional_too() -> None:
    text = REGIONAL.replace(
        "  cpuPool: {minNodes: 1, maxNodes: 3, zones: [europe-west4-c, europe-west4-b]}\n",
        "  existing: true\n  name: shared\n",
    )
    tree = render_tree(text)
    world = world_before(BY_PATH["cluster/preflight.sh"], regional_tree())
    run = run_script(tree / "cluster/preflight.sh", world=world)
    assert run.code == 1
    assert (
        "PROBLEM  there is no cluster shared in europe-west4: name the one that is there in"
        " cluster.name, or set cluster.existing to false, and render again\n"
    ) in run.out
