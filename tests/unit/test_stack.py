"""What follows from a profile, value by value."""

from __future__ import annotations

import json
from typing import Any

import pytest
from support import profile

from llmd_render.catalog import load_catalog
from llmd_render.stack import Stack, model_name, resolve, seconds
from llmd_render.stack.server import escape_go_template
from llmd_render.versions import kubernetes_minor


def stack(**changes: Any) -> Stack:
    return resolve(profile(**changes), load_catalog())


def test_names_follow_from_the_profiles_name_unless_given() -> None:
    made = stack()
    assert made.service.name == "example"
    assert made.cluster.name == "llmd-example"
    assert made.service.inference_pool == "example-inference-pool"
    assert made.cluster.context == "gke_my-project_europe-west4-a_llmd-example"
    assert stack(service={"name": "other"}).service.inference_pool == "other-inference-pool"


def test_the_served_name_is_one_everywhere() -> None:
    made = stack(service={"servedModelName": "chat"})
    assert "--served-model-name=chat" in made.server.args
    bodies = (made.requests.completion, made.requests.chat)
    assert {json.loads(body)["model"] for body in bodies} == {"chat"}
    assert stack().service.served_model_name == "Qwen/Qwen3-4B"


def test_requests_fit_into_the_context() -> None:
    made = stack().requests
    assert json.loads(made.chat)["max_tokens"] == 100
    assert made.cache_repeats == 54
    tight = stack(server={"maxModelLen": 128}).requests
    assert json.loads(tight.chat)["max_tokens"] == 32
    assert json.loads(tight.completion)["max_tokens"] == 32
    assert tight.cache_repeats == 3
    assert stack(server={"maxModelLen": 16}).requests.cache_repeats == 1


@pytest.mark.parametrize(
    ("server", "wanted"),
    [
        ({}, False),
        ({"prefixCaching": True}, True),
        ({"args": ["--enable-prefix-caching"]}, True),
        ({"prefixCaching": True, "args": ["--no-enable-prefix-caching"]}, False),
    ],
)
def test_the_prefix_cache_is_tested_where_vllm_is_told_to_keep_one(
    server: dict[str, Any], wanted: bool
) -> None:
    assert stack(server=server).server.prefix_caching is wanted


@pytest.mark.parametrize(
    ("uri", "name"),
    [
        ("hf://Qwen/Qwen3-4B", "Qwen/Qwen3-4B"),
        ("hf://Qwen/Qwen3-4B:main", "Qwen/Qwen3-4B"),
        ("pvc://claim/models/a/", "claim/models/a"),
        ("s3://bucket/a", "bucket/a"),
    ],
)
def test_the_models_name_is_taken_out_of_its_uri(uri: str, name: str) -> None:
    assert model_name(uri) == name


@pytest.mark.parametrize(
    ("tpu", "zone", "machine", "chips", "bounds"),
    [
        ({"type": "v6e", "topology": "1x1"}, "europe-west4-a", "ct6e-standard-1t", 1, "1,1,1"),
        ({"type": "v6e", "topology": "2x2"}, "europe-west4-a", "ct6e-standard-4t", 4, "2,2,1"),
        (
            {"type": "v6e", "topology": "2x4", "machineType": "ct6e-standard-8t"},
            "europe-west4-a",
            "ct6e-standard-8t",
            8,
            "2,4,1",
        ),
        ({"type": "v5p", "topology": "2x2x1"}, "us-east5-a", "ct5p-hightpu-4t", 4, "2,2,1"),
    ],
)
def test_a_topology_decides_machine_chips_and_bounds(
    tpu: dict[str, str], zone: str, machine: str, chips: int, bounds: str
) -> None:
    made = stack(tpu=tpu, zone=zone)
    assert (made.tpu.machine_type, made.tpu.chips, made.server.chips) == (
        machine,
        chips,
        str(chips),
    )
    environment = {item.name: item.value for item in made.server.env}
    assert environment["TPU_CHIPS_PER_HOST_BOUNDS"] == bounds
    assert f"--tensor-parallel-size={chips}" in made.server.args


def test_ironwood_counts_two_devices_a_chip() -> None:
    made = stack(tpu={"type": "tpu7x", "topology": "2x2x1"}, zone="us-central1-c")
    assert made.server.chips == "4"
    assert "--tensor-parallel-size=8" in made.server.args


def test_the_start_up_budget_drives_probe_and_wait() -> None:
    made = stack(server={"startupBudget": "1h"})
    assert made.server.startup.period * made.server.startup.failures == 3600
    assert made.waits.service == 3600 + 1200
    assert stack(server={"startupBudget": "95s"}).server.startup.failures == 10


@pytest.mark.parametrize(("text", "value"), [("90s", 90), ("45m", 2700), ("2h", 7200)])
def test_durations_are_seconds(text: str, value: int) -> None:
    assert seconds(text) == value


@pytest.mark.parametrize("version", ["1.34", "1.34.1", "1.34.1-gke.1829001"])
def test_a_gke_version_is_a_kubernetes_minor(version: str) -> None:
    assert kubernetes_minor(version) == "1.34"


def test_braces_of_a_user_survive_kserves_templates() -> None:
    made = stack(server={"args": ["--chat-template={{ x }}"], "env": {"A": "{{b}}"}})
    assert made.server.args[-1] == "--chat-template={{`{{`}} x }}"
    assert made.server.env[-1].value == "{{`{{`}}b}}"
    assert escape_go_template("a } b") == "a } b"


def test_routes_lead_to_v1_and_health_and_never_to_metrics() -> None:
    prefixes = [rule.prefix for rule in stack().route.rules]
    base = "/llm-d-inference-scheduling/example"
    assert prefixes == [f"{base}/v1", f"{base}/health"]


@pytest.mark.parametrize(
    ("routing", "managed", "declared", "shadow"),
    [
        ("declared", "shadow", True, False),
        ("managed", "shadow", False, True),
        ("managed", "preset", False, False),
    ],
)
def test_the_route_is_ours_or_kserves(
    routing: str, managed: str, declared: bool, shadow: bool
) -> None:
    route = stack(routing=routing, managedRoute=managed).route
    assert (route.declared, route.shadow) == (declared, shadow)


def test_the_policies_admit_the_proxy_only_subnet_and_googles_probes() -> None:
    made = stack(gateway={"proxyOnlySubnet": {"range": "172.20.0.0/24"}})
    assert made.network_policies is not None
    assert made.network_policies.load_balancer_ranges == (
        "172.20.0.0/24",
        "35.191.0.0/16",
        "130.211.0.0/22",
    )


def test_without_policies_there_is_no_kustomization_of_them() -> None:
    off = {"enabled": False}
    made = stack(
        networkPolicies=off,
        monitoring=off,
        gateway={"healthCheckPolicy": False, "backendPolicy": False},
    )
    assert not made.has_policies
    assert stack().has_policies


@pytest.mark.parametrize(
    ("capacity", "flags", "initial"),
    [
        ({"kind": "on-demand"}, (), 2),
        ({"kind": "spot"}, ("--spot",), 2),
        (
            {"kind": "reservation", "reservation": "mine"},
            ("--reservation-affinity=specific", "--reservation=mine"),
            2,
        ),
        (
            {"kind": "flex-start"},
            ("--flex-start", "--reservation-affinity=none", "--no-enable-autorepair"),
            0,
        ),
    ],
)
def test_capacity_decides_the_flags_of_the_pool(
    capacity: dict[str, str], flags: tuple[str, ...], initial: int
) -> None:
    tpu = stack(cluster={"capacity": capacity}, service={"replicas": 2}).tpu
    assert tpu.capacity_flags == flags
    assert tpu.initial_nodes == initial


@pytest.mark.parametrize(
    ("capacity", "quota"),
    [
        ({"kind": "on-demand"}, "TPUS-PER-TPU-FAMILY-per-project-region"),
        ({"kind": "spot"}, "PREEMPTIBLE-TPU-V6E-per-project-region"),
        ({"kind": "flex-start"}, "PREEMPTIBLE-TPU-V6E-per-project-region"),
        ({"kind": "reservation", "reservation": "mine"}, None),
    ],
)
def test_capacity_decides_which_quota_the_chips_count_against(
    capacity: dict[str, str], quota: str | None
) -> None:
    found = stack(cluster={"capacity": capacity}, service={"replicas": 3}).tpu.quota
    assert (found and (found.id, found.chips)) == (quota and (quota, 12))


def test_no_quota_is_named_for_spot_chips_whose_quota_nobody_wrote_down() -> None:
    tpu = {"type": "v5e", "topology": "2x2", "machineType": "ct5lp-hightpu-4t"}
    assert stack(tpu=tpu, zone="us-central1-a").tpu.quota is not None
    spot = {"capacity": {"kind": "spot"}}
    assert stack(tpu=tpu, zone="us-central1-a", cluster=spot).tpu.quota is None


def test_the_pod_asks_for_half_of_its_host_where_the_hosts_size_is_known() -> None:
    server = stack().server
    assert (server.cpu_request, server.memory_request) == ("90", "360Gi")
    v4 = stack(tpu={"type": "v4", "topology": "2x2x1"}, zone="us-central2-b").server
    assert (v4.cpu_request, v4.memory_request) == ("", "")


@pytest.mark.parametrize(("pool", "size"), [({}, ""), ({"bootDiskSize": 300}, "300")])
def test_a_boot_disk_has_the_size_of_the_profile_or_that_of_gke(
    pool: dict[str, int], size: str
) -> None:
    assert stack(cluster={"tpuPool": pool}).tpu.boot_disk_size == size


def test_costs_add_up_and_name_their_basis() -> None:
    costs = stack().costs
    hours = [float(row.per_hour.replace(",", "")) for row in costs.rows]
    assert costs.rows[0].per_day == "285.12"
    assert "$2.97 a chip-hour (on-demand list price, 2026-08)" in costs.rows[0].basis
    assert float(costs.running.per_hour) == pytest.approx(sum(hours), abs=0.02)
    assert float(costs.idle.per_hour) == pytest.approx(sum(hours[1:]), abs=0.02)


def test_nodes_of_a_regional_cluster_are_counted_and_paid_in_each_zone() -> None:
    made = stack(cluster={"location": "regional"})
    assert made.cluster.context == "gke_my-project_europe-west4_llmd-example"
    assert (made.cluster.zones, made.cluster.cpu_pool.locations) == ("europe-west4-a",) * 2
    assert made.cluster.cpu_pool.total_nodes == 2
    zones = ["europe-west4-c", "europe-west4-b", "europe-west4-c"]
    more = stack(cluster={"location": "regional", "cpuPool": {"zones": zones}})
    assert more.cluster.cpu_pool.locations == "europe-west4-b,europe-west4-c"
    assert more.cluster.zones == "europe-west4-a,europe-west4-b,europe-west4-c"
    assert more.cluster.cpu_pool.total_nodes == 4
    assert more.costs.rows[1].basis.startswith("4 × n1-standard-4, ")
    assert float(more.costs.rows[1].per_hour) == pytest.approx(
        2 * float(made.costs.rows[1].per_hour), abs=0.02
    )
    assert more.costs.rows[3].basis == "one regional cluster, which the free tier does not cover"
    assert stack().costs.rows[3].basis == "one cluster; a free tier may cover it"


def test_of_an_existing_cluster_only_what_is_added_is_counted() -> None:
    made = stack(cluster={"existing": True, "name": "shared"})
    assert [row.item for row in made.costs.rows] == ["TPU nodes", "Load balancer"]
    assert (made.costs.running.per_hour, made.costs.idle.per_hour) == ("11.91", "0.03")
    assert "The existing cluster and its CPU nodes are not counted." in made.costs.notes
    assert made.cluster.context == "gke_my-project_europe-west4-a_shared"


def test_a_network_is_made_where_its_subnet_has_its_name_and_the_cluster_is_new() -> None:
    assert stack().cluster.makes_network
    assert stack(cluster={"network": "a", "subnetwork": "a"}).cluster.makes_network
    assert not stack(cluster={"network": "a", "subnetwork": "b"}).cluster.makes_network
    assert not stack(cluster={"existing": True, "name": "shared"}).cluster.makes_network


def test_an_existing_cluster_needs_network_policies_only_where_they_are_rendered() -> None:
    off: dict[str, Any] = {"networkPolicies": {"enabled": False}}
    existing: dict[str, Any] = {"cluster": {"existing": True, "name": "shared"}}
    assert stack(**off).cluster.needs_network_policy
    assert stack(**existing).cluster.needs_network_policy
    assert not stack(**existing, **off).cluster.needs_network_policy


def test_own_prices_replace_list_prices() -> None:
    costs = stack(prices={"tpuChipHour": 1.0, "basis": "our contract"}).costs
    assert costs.rows[0].per_hour == "4.00"
    assert "our contract" in costs.rows[0].basis


def test_an_unknown_price_is_said_and_not_guessed() -> None:
    costs = stack(tpu={"type": "tpu7x", "topology": "2x2x1"}, zone="us-central1-c").costs
    assert costs.rows[0].per_day == "?"
    assert any("prices.tpuChipHour" in note for note in costs.notes)


@pytest.mark.parametrize(
    ("image", "changes", "name"),
    [
        ("registry.redhat.io/rhaiis/vllm-tpu-rhel9:3.2.5", {}, "redhat-pull-secret"),
        ("docker.io/vllm/vllm-tpu:v0.12.0", {}, None),
        ("vllm/vllm-tpu:v0.12.0", {}, None),
        ("example.com/a:1", {"pullSecret": "mine"}, "mine"),
    ],
)
def test_a_pull_secret_is_there_where_the_registry_needs_one(
    image: str, changes: dict[str, str], name: str | None
) -> None:
    made = stack(server={"image": image}, secrets=changes).pull_secret
    assert (made.name if made else None) == name


def test_the_compile_cache_uses_disks_that_the_tpu_attaches() -> None:
    cache = stack(server={"compileCache": {}}).server.cache
    assert cache is not None
    assert (cache.disk_type, cache.storage_class) == (
        "hyperdisk-balanced",
        "llmd-hyperdisk-balanced",
    )
    own = stack(server={"compileCache": {"storageClass": "filestore"}}).server.cache
    assert own is not None
    assert (own.disk_type, own.storage_class) == ("", "filestore")


def test_kserve_is_pinned_to_a_commit_and_the_scheduler_reads_metrics_over_http() -> None:
    made = stack().kserve
    assert made.overlay.endswith("?ref=9682be26da593e5dd52555848cfc39a0b9fef9cd")
    arguments = made.scheduler_args
    assert arguments[arguments.index("--model-server-metrics-scheme") + 1] == "http"
    assert arguments[arguments.index("--pool-name") + 1] == "example-inference-pool"


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, None),
        ({"source": "xks"}, None),
        ({"source": "upstream"}, ("v1.21.1", "")),
        (
            {"source": "upstream", "version": "v1.20.3", "sha256": "5e" * 32},
            ("v1.20.3", "5e" * 32),
        ),
    ],
)
def test_cert_manager_is_a_pinned_release_only_from_upstream(
    changes: dict[str, str], expected: tuple[str, str] | None
) -> None:
    made = stack(certManager=changes).cert_manager
    if expected is None:
        assert made is None
        return
    version, sha256 = expected
    base = "https://github.com/cert-manager/cert-manager/releases/download"
    assert made is not None
    assert (made.version, made.manifest, made.sha256) == (
        version,
        f"{base}/{version}/cert-manager.yaml",
        sha256,
    )


def test_a_profile_that_the_rules_refuse_is_not_resolved() -> None:
    with pytest.raises(ValueError, match="the rules refuse"):
        stack(tpu={"topology": "3x3"})
