"""What the scripts refuse to do, or leave as it is, because somebody else needs it."""

from __future__ import annotations

import pytest
from scripts.life import BY_PATH, TREE, full_tree, world_before
from scripts.stand_ins import run_script
from scripts.test_checks import VERIFY, Change, subnet


def refused(path: str, change: Change, *args: str) -> str:
    """Run a script that has to refuse; give its message, once it is sure that nothing changed."""
    world = world_before(BY_PATH[path])
    change(world)
    before = world.picture()
    run = run_script(TREE / path, "--yes", *args, world=world, environment={"WAIT_FACTOR": "0"})
    assert run.code == 1
    assert world.picture() == before
    return run.err.splitlines()[0]


def put(kind: str, name: str) -> Change:
    item = {"kind": kind, "metadata": {"name": name}}
    return lambda world: world.state["objects"].update({f"{kind}||{name}": item})


def test_a_cluster_with_a_gateway_or_a_volume_is_not_deleted() -> None:
    path = "cluster/delete-cluster.sh"
    assert refused(path, put("Gateway", "theirs")) == (
        "error: still there: gateways.gateway.networking.k8s.io/theirs"
        " - run scripts/undeploy.sh first, or add --force"
    )
    assert refused(path, put("PersistentVolume", "pvc-1")).startswith(
        "error: still there: persistentvolumes/pvc-1 - look what is on them"
    )


def test_with_force_it_is_deleted_also_when_it_does_not_answer() -> None:
    world = world_before(BY_PATH["cluster/delete-cluster.sh"])
    put("Gateway", "theirs")(world)
    world.state["contexts"] = []
    run = run_script(TREE / "cluster/delete-cluster.sh", "--force", "--yes", world=world)
    assert (run.code, run.err) == (0, "")
    assert world.state["clusters"] == {}


def test_a_proxy_only_subnet_that_somebody_else_made_stays() -> None:
    world = world_before(BY_PATH["cluster/delete-cluster.sh"])
    world.state["subnets"]["proxy-only-subnet"]["description"] = "ours"
    run = run_script(TREE / "cluster/delete-cluster.sh", "--yes", world=world)
    assert run.code == 0
    assert list(world.state["subnets"]) == ["default", "proxy-only-subnet"]


def test_another_proxy_only_subnet_is_named_and_none_is_made() -> None:
    row = {"purpose": "REGIONAL_MANAGED_PROXY", "role": "ACTIVE"}
    change = subnet("px", "europe-west4", "172.16.0.0/23", **row)
    assert refused("cluster/create-proxy-only-subnet.sh", change) == (
        "error: there already is px with 172.16.0.0/23. NetworkPolicies admit the profile's range"
        " only: set gateway.proxyOnlySubnet.range to 172.16.0.0/23 and render again"
    )


def test_nothing_starts_for_a_service_that_is_not_deployed() -> None:
    gone = "LLMInferenceService|llm-d-inference-scheduling|qwen2-3b-pattern1"
    assert refused("cluster/scale-up.sh", lambda world: world.state["objects"].pop(gone)) == (
        "error: it is not deployed, and without it nodes would be idle: run scripts/deploy.sh"
    )


def test_scaling_to_zero_what_is_not_there_changes_nothing() -> None:
    world = world_before(BY_PATH["cluster/create-tpu-node-pool.sh"])
    before = world.picture()
    run = run_script(TREE / "cluster/scale-to-zero.sh", "--yes", world=world)
    assert (run.code, run.err) == (0, "")
    assert world.picture() == before


def test_limits_of_a_pool_that_is_not_there_are_not_updated() -> None:
    path = "cluster/update-tpu-node-pool.sh"
    without = VERIFY[-2][1]
    assert refused(path, without) == (
        "error: there is no such pool: run cluster/create-tpu-node-pool.sh"
    )


def test_a_deployment_that_was_scaled_to_zero_is_not_applied_over() -> None:
    world = world_before(BY_PATH["cluster/scale-up.sh"])
    run = run_script(TREE / "scripts/deploy.sh", world=world)
    assert run.code == 1
    assert run.err.startswith(
        "error: qwen2-3b-pattern1 is scaled to zero: run cluster/scale-up.sh first\n"
    )


@pytest.mark.parametrize(
    ("name", "hint"),
    [
        ("redhat-pull-secret", "run secrets/create-pull-secret.sh"),
        ("hf-token", "run secrets/create-hf-token.sh"),
    ],
)
def test_a_missing_secret_is_named_with_the_script_that_makes_it(name: str, hint: str) -> None:
    world = world_before(BY_PATH["scripts/deploy.sh"])
    del world.state["objects"][f"Secret|llm-d-inference-scheduling|{name}"]
    run = run_script(TREE / "scripts/deploy.sh", world=world)
    assert run.code == 1
    assert run.err.startswith(f"error: secret {name} is missing: {hint}\n")


def test_a_time_out_of_the_deployment_shows_what_there_is() -> None:
    world = world_before(BY_PATH["scripts/deploy.sh"])
    world.pending["classes"] = 0
    run = run_script(TREE / "scripts/deploy.sh", world=world, environment={"WAIT_FACTOR": "0"})
    assert run.code == 1
    assert [call.argv[2] for call in run.calls[-5:]] == ["describe"] * 2 + ["get"] * 2 + ["logs"]
    assert run.err.splitlines()[-2:] == [
        (
            "error: the Gateway is not Programmed; the troubleshooting table of README.md names the"
            " usual causes"
        ),
        "stopped in step 5 of 10, Gateway; run it again to go on",
    ]


def test_a_security_policy_in_use_gets_the_ranges_of_the_profile() -> None:
    tree = full_tree()
    world = world_before(BY_PATH["cluster/create-cluster.sh"], tree)
    policy = world.state["security_policies"]["full-clients"]
    assert sorted(
        (rule["priority"], rule["action"], sorted(rule["match"]["config"]["srcIpRanges"]))
        for rule in policy["rules"]
    ) == [
        (1000, "allow", ["198.51.100.0/24", "203.0.113.0/24"]),
        (2147483647, "deny(403)", ["*"]),
    ]
    policy["rules"][0]["match"]["config"]["srcIpRanges"] = ["192.0.2.0/24"]
    run = run_script(tree / "cluster/create-security-policy.sh", world=world)
    assert run.code == 0
    assert [call.argv[2:4] for call in run.calls if call.changed] == [("rules", "update")]


def test_a_network_without_the_subnet_of_the_profile_is_left_as_it_is() -> None:
    world = world_before(BY_PATH["cluster/create-network.sh"])
    world.state["networks"]["default"] = {"name": "default"}
    before = world.picture()
    run = run_script(
        TREE / "cluster/create-network.sh", world=world, environment={"WAIT_FACTOR": "0"}
    )
    assert run.code == 1
    assert world.picture() == before
    assert run.err.splitlines()[-2:] == [
        (
            "error: network default has no such subnet: name another in cluster.subnetwork of the"
            " profile"
        ),
        "stopped in step 2 of 2, its subnet default in europe-west4; run it again to go on",
    ]
