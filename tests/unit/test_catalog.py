from __future__ import annotations

import os
import re
from collections.abc import Iterable, Mapping
from functools import cache
from importlib.resources import files
from math import prod
from pathlib import Path
from typing import Any

import pytest
import yaml
from pydantic import BaseModel, ValidationError

from llmd_render.catalog import (
    Catalog,
    Prices,
    cpu_price,
    find_topology,
    find_zone,
    gateway_api_bundle,
    machine_types_forming,
    region_of,
    topologies_of,
    tpu_price,
)
from llmd_render.catalog import load_catalog as trusting_catalog
from llmd_render.versions import parse_gke_version

ORACLE = Path(__file__).resolve().parents[3] / "shared" / "facts" / "catalog.yaml"
DATA = files("llmd_render") / "data" / "catalog"
SECTIONS = {
    "accelerators": {"accelerators"},
    "gateway_classes": {"gateway_classes"},
    "gke_versions": {"features", "gateway_api_bundles"},
    "images": {"images", "red_hat_versions", "support"},
    "kserve": {"releases", "infrastructure", "cert_manager"},
    "machine_types": {"machine_types", "not_on_gke", "unverified"},
    "models": {"models"},
    "prices": {"tpu", "cpu", "fees"},
    "quotas": {"quotas"},
    "sizing": {"sizing"},
    "topologies": {"topologies"},
    "vllm": {"environment", "flags"},
    "zones": {"zones", "machine_type_regions"},
}
SUBJECTS = tuple(
    name for name, attribute in vars(Catalog).items() if hasattr(attribute, "attrname")
)


def every_row(catalog: Catalog) -> Iterable[tuple[str, BaseModel]]:
    for subject in SUBJECTS:
        if subject == "sources":
            continue
        content = getattr(catalog, subject)
        if isinstance(content, Prices):
            rows: Iterable[BaseModel] = (*content.tpu, *content.cpu, *content.fees.values())
        elif isinstance(content, Mapping):
            rows = content.values()
        elif isinstance(content, BaseModel):
            rows = (content,)
        else:
            rows = content
        for row in rows:
            yield subject, row


@cache
def load_catalog() -> Catalog:
    """Open the shipped catalog with every row validated, which a run of the program skips."""
    return Catalog(DATA)


def raw(subject: str) -> Any:
    return yaml.safe_load((DATA / f"{subject}.yaml").read_text(encoding="utf-8"))


@cache
def oracle() -> Any:
    if ORACLE.is_file():
        return yaml.safe_load(ORACLE.read_text(encoding="utf-8"))
    reason = f"NOT COMPARED with the collected facts: {ORACLE} is not here"
    if os.environ.get("CI"):
        pytest.fail(reason)
    pytest.skip(reason)


def test_the_catalog_has_all_the_rows_it_should_have() -> None:
    catalog = load_catalog()
    counts = {
        "accelerators": 5,
        "machine_types": 13,
        "topologies": 52,
        "zones": 23,
        "machine_type_regions": 4,
        "gke_features": 8,
        "gateway_api_bundles": 8,
        "gateway_classes": 18,
        "quotas": 6,
        "sizing": 8,
        "models": 35,
        "images": 3,
        "red_hat_versions": 9,
        "vllm_environment": 37,
        "vllm_flags": 18,
    }
    assert {subject: len(getattr(catalog, subject)) for subject in counts} == counts
    prices = catalog.prices
    assert (len(prices.tpu), len(prices.cpu), len(prices.fees)) == (59, 20, 6)


def test_every_file_and_section_is_read_by_a_subject() -> None:
    names = {path.name.removesuffix(".yaml") for path in DATA.iterdir()}
    assert names == {*SECTIONS, "sources"}
    assert {name: set(raw(name)) for name in SECTIONS} == SECTIONS


def test_no_row_hides_another_under_the_same_key() -> None:
    catalog = load_catalog()
    keys = {
        "machine_types": "machine_types",
        "accelerators": "accelerators",
        "gateway_classes": "gateway_classes",
        "quotas": "quotas",
        "models": "models",
        "images": "images",
    }
    for file, section in keys.items():
        assert len(raw(file)[section]["rows"]) == len(getattr(catalog, section)), section
    assert len(raw("prices")["fees"]["rows"]) == len(catalog.prices.fees)
    assert len(raw("vllm")["flags"]["rows"]) == len(catalog.vllm_flags)
    assert len(raw("vllm")["environment"]["rows"]) == len(catalog.vllm_environment)
    pairs: list[list[tuple[Any, ...]]] = [
        [(row.machine_type, row.topology) for row in catalog.topologies],
        [(row.accelerator, row.zone) for row in catalog.zones],
        [(row.bundle, row.minimum) for row in catalog.gateway_api_bundles],
        [(row.machine_type, row.region) for row in catalog.prices.cpu],
        [(row.accelerator, row.region, row.kind, row.as_of) for row in catalog.prices.tpu],
    ]
    for rows in pairs:
        assert len(set(rows)) == len(rows)


def test_every_row_names_known_sources_and_every_source_is_used() -> None:
    catalog = load_catalog()
    used: set[str] = set()
    for subject, row in every_row(catalog):
        sources = row.model_dump()["sources"]
        assert set(sources) <= set(catalog.sources), (subject, row)
        assert list(sources) == sorted(set(sources)), (subject, row)
        used |= set(sources)
    assert used == set(catalog.sources)


def test_every_accelerator_and_machine_type_named_is_a_known_one() -> None:
    catalog = load_catalog()
    for subject, row in every_row(catalog):
        named = row.model_dump().get("accelerator")
        assert named is None or named in catalog.accelerators, (subject, row)
    assert {row.machine_type for row in catalog.topologies} <= set(catalog.machine_types)
    families = {row.family for row in catalog.machine_types.values()}
    assert set(catalog.machine_type_regions) <= families


def test_names_are_well_formed() -> None:
    catalog = load_catalog()
    slug = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
    names = (
        *catalog.accelerators,
        *catalog.machine_types,
        *catalog.gateway_classes,
        *catalog.quotas,
        *catalog.gke_features,
        *catalog.prices.fees,
        *catalog.sizing,
        *catalog.sources,
    )
    assert [name for name in names if not slug.fullmatch(name)] == []
    zone = re.compile(r"[a-z]+-[a-z]+\d+-[a-z0-9]+")
    assert [row.zone for row in catalog.zones if not zone.fullmatch(row.zone)] == []
    model = re.compile(r"[\w-]+/[\w.-]+")
    assert [name for name in catalog.models if not model.fullmatch(name)] == []


def test_lists_that_look_sorted_are_sorted() -> None:
    catalog = load_catalog()
    lists: dict[str, list[Any]] = {
        "classes": list(catalog.gateway_classes),
        "features": list(catalog.gke_features),
        "fees": list(catalog.prices.fees),
        "sizing": list(catalog.sizing),
        "environment": list(catalog.vllm_environment),
        "flags": list(catalog.vllm_flags),
        "sources": list(catalog.sources),
        "models": [name.lower() for name in catalog.models],
        "versions": [parse_gke_version(row.minimum) for row in catalog.gateway_api_bundles],
    }
    assert [name for name, values in lists.items() if values != sorted(values)] == []


def test_a_slice_is_whole_machines_in_the_dimensions_of_its_accelerator() -> None:
    catalog = load_catalog()
    for row in catalog.topologies:
        machine = catalog.machine_types[row.machine_type]
        assert row.chips == prod(row.shape) == row.hosts * machine.chips, row
        assert len(row.shape) == catalog.accelerators[row.accelerator].dimensions, row
        assert machine.multi_host or not row.multi_host, row


def test_chips_of_a_host_times_hosts_give_the_topology_in_every_dimension() -> None:
    for row in load_catalog().topologies:
        chips = [int(number) for number in row.chips_per_host_bounds.split(",")]
        hosts = [int(number) for number in row.host_bounds.split(",")]
        padded = (*row.shape, 1)[:3]
        assert tuple(c * h for c, h in zip(chips, hosts, strict=True)) == padded, row
        assert prod(hosts) == row.hosts, row


def test_tensor_parallelism_of_a_slice_counts_two_devices_on_a_tpu7x_chip() -> None:
    catalog = load_catalog()
    one = find_topology(catalog, "tpu7x-standard-4t", "2x2x1")
    other = find_topology(catalog, "ct6e-standard-4t", "2x2")
    assert one is not None
    assert other is not None
    assert (one.tensor_parallel, other.tensor_parallel) == (8, 4)
    assert find_topology(catalog, "ct6e-standard-4t", "2x2x1") is None


def test_gateway_class_words_fit_together() -> None:
    for row in load_catalog().gateway_classes.values():
        if row.proxy_only_subnet:
            scope = {"regional": "REGIONAL_MANAGED_PROXY", "cross-region": "GLOBAL_MANAGED_PROXY"}
            assert row.proxy_only_subnet == scope[row.scope], row
        assert row.layer7 or row.inference_pool == "unsupported", row
        assert row.layer7 == (row.httproute_timeouts is not None), row
        assert row.name.endswith("-mc") <= row.multi_cluster, row
        assert not ({"certmap", "cert-manager-certs"} <= set(row.tls)), row
    classes = load_catalog().gateway_classes
    supported = {name for name, row in classes.items() if row.inference_pool == "supported"}
    assert supported == {"gke-l7-regional-external-managed", "gke-l7-rilb", "istio"}


def test_listed_tensor_parallelism_is_what_the_heads_allow() -> None:
    for row in load_catalog().models.values():
        allowed = tuple(size for size in (1, 2, 4, 8, 16) if row.allows_tensor_parallel(size))
        assert row.tensor_parallel == allowed, row.id


def test_key_value_memory_follows_from_the_geometry() -> None:
    models = load_catalog().models
    assert models["Qwen/Qwen2.5-3B-Instruct"].kv_bytes_per_token == 36864
    assert models["google/gemma-4-31B-it"].kv_bytes_per_token == 901120
    assert models["Qwen/Qwen2.5-3B-Instruct"].kv_replicas(4) == 2
    assert models["Qwen/Qwen2.5-3B-Instruct"].kv_replicas(1) == 1


def test_only_the_research_licence_forbids_commercial_use() -> None:
    verdicts = {(row.licence, row.commercial_use) for row in load_catalog().models.values()}
    assert {licence for licence, allowed in verdicts if allowed is False} == {
        "Qwen Research License"
    }
    assert {licence for licence, allowed in verdicts if allowed} == {"Apache-2.0", "MIT"}


def test_names_of_no_machine_type_match_by_pattern_and_no_real_one_does() -> None:
    catalog = load_catalog()
    (wrong,) = catalog.machine_types_not_on_gke
    (unverified,) = catalog.machine_types_unverified
    assert wrong.matches("ct6e-standard-16t")
    assert wrong.matches("ct5e-standard-4t")
    for name in catalog.machine_types:
        assert not wrong.matches(name)
        assert not unverified.matches(name)


def test_questions_find_slices_machines_and_zones() -> None:
    catalog = load_catalog()
    names = [row.topology for row in topologies_of(catalog, "ct6e-standard-4t")]
    assert names == ["2x2", "2x4", "4x4", "4x8", "8x8", "8x16", "16x16"]
    forming = [row.name for row in machine_types_forming(catalog, "v6e", "2x4")]
    assert forming == ["ct6e-standard-8t", "ct6e-standard-4t"]
    zone = find_zone(catalog, "v6e", "us-south1-a")
    assert zone is not None
    assert zone.listed is False
    assert zone.region == "us-south1"
    assert find_zone(catalog, "v6e", "europe-north1-a") is None
    assert region_of("us-south1-ai1b") == "us-south1"


def test_prices_are_the_newest_of_the_region_else_of_all_us_regions() -> None:
    catalog = load_catalog()
    asked = {
        ("v6e", "europe-west4", "on-demand"): 2.97,
        ("v6e", "europe-west4", "spot"): 1.782,
        ("v6e", "asia-northeast1", "spot"): 0.94352,
        ("v6e", "us-east5", "cud-1y"): 1.89,
        ("v6e", "asia-northeast1", "cud-1y"): None,
        ("tpu7x", "us-central1", "on-demand"): None,
    }
    for (accelerator, region, kind), usd in asked.items():
        row = tpu_price(catalog, accelerator, region, kind)  # type: ignore[arg-type]
        assert (row and row.usd_per_chip_hour) == usd, (accelerator, region, kind)
    cpu = cpu_price(catalog, "e2-standard-4", "europe-west4")
    assert cpu is not None
    assert cpu.usd_per_hour == 0.14754408
    assert cpu_price(catalog, "e2-standard-4", "mars1") is None


def test_gke_versions_compare_as_numbers() -> None:
    assert parse_gke_version("1.34.0-gke.1626000") == (1, 34, 0, 1626000)
    assert parse_gke_version("1.34") == (1, 34, 0, 0)
    assert parse_gke_version("1.9.0-gke.1") < parse_gke_version("1.10.0-gke.900")
    for text in ("latest", "1", "1.34.0-rc1", "1.34.0-gke.1 "):
        with pytest.raises(ValueError, match="is not a GKE version"):
            parse_gke_version(text)


def test_every_minimum_is_a_gke_version() -> None:
    catalog = load_catalog()
    for subject, row in every_row(catalog):
        fields = row.model_dump()
        for field in ("minimum", "gke_min_version", "gke_min_autopilot_version"):
            if fields.get(field) is not None:
                assert parse_gke_version(fields[field]), (subject, row)


@pytest.mark.parametrize(
    ("version", "bundle"),
    [
        ("1.30.1-gke.1", None),
        ("1.34.1-gke.1822000", "1.3.0"),
        ("1.34.1-gke.1829001", "1.4.0"),
        ("1.36.3-gke.1537000", "1.6.0"),
    ],
)
def test_a_bundle_counts_from_the_later_of_two_versions_in_dispute(
    version: str, bundle: str | None
) -> None:
    assert gateway_api_bundle(load_catalog(), version) == bundle


def test_a_subject_reads_its_own_file_only(tmp_path: Path) -> None:
    (tmp_path / "quotas.yaml").write_text(
        "quotas:\n  common: {status: partly, sources: [a], as_of: undated}\n  rows:\n"
        "    - {id: x, accelerator: v6e, use: x, used_by_gke: true, dimensions: [], service: s,"
        " status: conflict}\n",
        encoding="utf-8",
    )
    row = Catalog(tmp_path).quotas["x"]
    assert (row.status, row.as_of) == ("conflict", "undated")


def test_a_field_nobody_declared_is_refused(tmp_path: Path) -> None:
    (tmp_path / "zones.yaml").write_text(
        "zones:\n  rows:\n    - {accelerator: v6e, zone: a-b1-c, listed: true, status: partly,"
        " sources: [a], as_of: undated, stock: 3}\n",
        encoding="utf-8",
    )
    with pytest.raises(ValidationError, match="stock"):
        _ = Catalog(tmp_path).zones


def test_the_catalog_is_loaded_once() -> None:
    assert load_catalog() is load_catalog()


# Row by row against the collected facts, whose words differ from ours.


def test_accelerators_agree_with_the_collected_facts() -> None:
    theirs = {
        row["id"]: (
            row["gke_accelerator"],
            tuple(row.get("other_labels", ())),
            row["dims"],
            row["hbm_gb_per_chip"],
            row["usable_hbm_gib_per_chip"],
            row["jax_devices_per_chip"],
            row["max_chips_per_pod"],
            (row["hbm_gbps"], row["bf16_tflops"], row["int8_tops"]),
            (row["gke_min_standard"], row.get("gke_min_autopilot"), row["quota_family"]),
            (row["status"], row["as_of"]),
        )
        for row in oracle()["accelerators"]
    }
    ours = {
        row.id: (
            row.gke_accelerator,
            row.other_labels,
            row.dimensions,
            row.hbm_gb_per_chip,
            row.usable_hbm_gib_per_chip,
            row.devices_per_chip,
            row.chips_per_pod,
            (row.hbm_gb_per_second, row.bf16_tflops, row.int8_tops),
            (row.gke_min_version, row.gke_min_autopilot_version, row.quota_family),
            (row.status, row.as_of),
        )
        for row in load_catalog().accelerators.values()
    }
    assert ours == theirs


def test_machine_types_and_slices_agree_with_the_collected_facts() -> None:
    catalog = load_catalog()
    machine = ("name", "accelerator", "vcpu", "memory_gb", "multi_host", "status", "as_of")
    assert [
        (row.chips, *(getattr(row, name) for name in machine))
        for row in catalog.machine_types.values()
    ] == [
        (row["chips_per_vm"], *(row[name] for name in machine)) for row in oracle()["machine_types"]
    ]
    slices: tuple[str, ...] = (
        "machine_type",
        "accelerator",
        "topology",
        "chips",
        "hosts",
        "multi_host",
    )
    slices += ("chips_per_host_bounds", "host_bounds", "status", "as_of")
    assert [
        (row.tensor_parallel, *(getattr(row, name) for name in slices))
        for row in catalog.topologies
    ] == [
        (row["tensor_parallel_max"], *(row[name] for name in slices))
        for row in oracle()["topologies"]
    ]
    patterns = catalog.machine_types_not_on_gke[0].patterns
    assert list(patterns) == oracle()["machine_types_not_on_gke"]["names"]


def test_zones_and_regions_agree_with_the_collected_facts() -> None:
    catalog = load_catalog()
    assert [(z.accelerator, z.zone, z.listed, z.status, z.as_of) for z in catalog.zones] == [
        (z["accelerator"], z["zone"], z["gke_listed"], z["status"], z["as_of"])
        for z in oracle()["zones"]
    ]
    theirs = oracle()["machine_type_regions"]
    for family, row in catalog.machine_type_regions.items():
        assert (list(row.regions), row.as_of) == (theirs[family], theirs["as_of"])


def test_gke_versions_and_quotas_agree_with_the_collected_facts() -> None:
    catalog = load_catalog()
    minimums = {row.minimum for row in catalog.gke_features.values()}
    minimums |= {row.minimum for row in catalog.gateway_api_bundles}
    theirs = {row["min"] for row in oracle()["gke_versions"]}
    assert theirs <= minimums
    assert minimums - theirs == {
        "1.30.2-gke.1783000",
        "1.32.3",
        "1.34.1-gke.1822000",
        "1.35.2-gke.1751000",
    }
    for ours, row in zip(catalog.quotas.values(), oracle()["quotas"], strict=True):
        assert (row["quota_id"] or "").split(" ")[0] == (ours.quota_id or "")
        assert (row["metric"] or "").split(" ")[0] == (ours.metric or "")
        for name in ("error_name", "service", "default", "status", "as_of"):
            assert getattr(ours, name) == row[name], ours.id
        assert list(ours.dimensions) == row["dimensions"]


def test_gateway_classes_agree_with_the_collected_facts() -> None:
    pool = {"yes": "supported", "no": "unsupported", "no (unverified)": "unverified"}
    timeouts = {"yes": True, "no": False, "n/a": None}
    ours = load_catalog().gateway_classes
    assert set(ours) == {row["name"] for row in oracle()["gateway_classes"]}
    for row in oracle()["gateway_classes"]:
        mine = ours[row["name"]]
        words = row["inference_pool"].split(" (GCP")[0]
        assert mine.inference_pool == pool.get(words, words)
        assert mine.httproute_timeouts == timeouts[row["httproute_timeouts"]]
        assert (mine.controller or "unverified") == row["controller"]
        assert (mine.proxy_only_subnet or "") == (row["proxy_only_subnet"] or "").split(" ")[0]
        assert (mine.layer7, mine.multi_cluster) == (row["l7_http"], row["multi_cluster"])
        assert (mine.scope, mine.exposure) == (
            row["scope"],
            row["exposure"].replace("by Service", "service"),
        )
        assert (mine.status, mine.as_of) == (row["status"], row["as_of"])


def test_models_agree_with_the_collected_facts() -> None:
    ours = load_catalog().models
    gates = {"manual": True, "unverified": None, False: False}
    same: tuple[str, ...] = (
        "family",
        "layers",
        "attention_heads",
        "kv_heads",
        "head_dim",
        "hidden",
    )
    same += ("intermediate", "experts", "experts_per_token", "context", "sliding_window")
    same += ("tied_embeddings", "licence_status", "weights_gib_bf16", "as_of")
    assert set(ours) == {row["id"] for row in oracle()["models"]}
    for row in oracle()["models"]:
        mine = ours[row["id"]]
        for name in same:
            assert getattr(mine, name) == row[name], (mine.id, name)
        assert mine.parameters_billion == row["params_b_published"]
        assert mine.active_parameters_billion == row["active_params_b"]
        assert mine.vocabulary == row["vocab"]
        assert mine.status == row["geometry_status"]
        assert list(mine.tensor_parallel) == row["tp_valid"]
        assert mine.kv_bytes_per_token == row["kv_bytes_per_token_bf16_unpadded"]
        assert mine.gated == gates[row["gated"]]
        assert row["licence"].startswith(mine.licence)
        replicas = {str(size): mine.kv_replicas(size) for size in mine.tensor_parallel}
        assert replicas == row["kv_replication"], mine.id
        matrix = row["v6e_support_matrix"]
        word = {"pass": "pass", "no-hbm": "not enough HBM", None: "not listed"}
        assert matrix.startswith(word[mine.support_matrix]), mine.id


def test_prices_agree_with_the_collected_facts() -> None:
    prices, theirs = load_catalog().prices, oracle()["prices"]
    assert [
        (p.accelerator, p.region, p.kind, p.usd_per_chip_hour, p.status, p.as_of)
        for p in prices.tpu
    ] == [
        (p["sku"], p["region"].split(" ")[0], p["kind"], p["usd"], p["status"], p["as_of"])
        for p in theirs["tpu"]
    ]
    names = {
        "machine_type": "machine_type",
        "region": "region",
        "usd_per_hour": "usd_hour",
        "usd_per_month_sustained": "usd_month_with_sud",
        "usd_per_month_cud_1y": "usd_month_cud_1y",
        "usd_per_month_cud_3y": "usd_month_cud_3y",
    }
    assert [[getattr(p, name) for name in names] for p in prices.cpu] == [
        [p[name] for name in names.values()] for p in theirs["cpu_nodes"]
    ]
    fees = {fee["item"]: fee["usd"] for fee in theirs["fees"]}
    items = {
        "forwarding-rule": "forwarding rules, first 5",
        "gke-cluster-fee": "GKE cluster management fee",
        "inference-gateway": "GKE Inference Gateway",
        "internal-load-balancer-proxy": "proxy instance",
        "load-balancer-data": "ALB data processing",
    }
    for fee, words in items.items():
        (usd,) = (usd for item, usd in fees.items() if item.startswith(words))
        assert prices.fees[fee].usd == usd, fee
    assert set(prices.fees) - set(items) == {"additional-forwarding-rule"}
    (note,) = (fee["note"] for fee in theirs["fees"] if fee["item"].startswith("forwarding"))
    assert f"+${prices.fees['additional-forwarding-rule'].usd}/h per extra rule" in note


def test_images_and_vllm_agree_with_the_collected_facts() -> None:
    catalog = load_catalog()
    by_ref = {row["ref"]: row["vllm"] for row in oracle()["images"]}
    image = "registry.redhat.io/rhaiis/vllm-tpu-rhel9:3.2.5"
    assert catalog.images[image].vllm == by_ref[image]
    pairs = [pair.split("=") for pair in by_ref["RHAIIS version map"].split()]
    theirs = {name: vllm for names, vllm in pairs for name in names.split("/")}
    ours = {name: row.vllm for name, row in catalog.red_hat_versions.items()}
    assert ours == theirs
    assert all(
        tag in by_ref["docker.io/vllm/vllm-tpu"]
        for tag in catalog.images["docker.io/vllm/vllm-tpu"].tags
    )
    variables = {name for row in oracle()["vllm_env"] for name in re.split(r", | / ", row["name"])}
    assert set(catalog.vllm_environment) == variables
    flags = " ".join(f"{row['flag']} {row['status']}" for row in oracle()["vllm_flags"])
    collected = [
        row.name for row in catalog.vllm_flags.values() if row.sources != ("vllm-packages",)
    ]
    assert [name for name in collected if name not in flags] == []


def test_trusting_the_shipped_rows_gives_the_same_rows_as_validating_them() -> None:
    trusted = dict(every_row_of(trusting_catalog()))
    assert trusted == dict(every_row_of(load_catalog()))


def every_row_of(catalog: Catalog) -> Iterable[tuple[tuple[str, int], Any]]:
    for index, (subject, row) in enumerate(every_row(catalog)):
        yield (subject, index), row.model_dump()
