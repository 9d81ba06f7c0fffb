"""What no example thinks of: any profile, any text."""

from __future__ import annotations

import json
import shlex
from typing import Any

import pytest
import yaml
from free_texts import FREE
from hypothesis import given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from support import MINIMAL_DATA, merge

from llmd_render.catalog import load_catalog
from llmd_render.diagnostics import InputError
from llmd_render.manifest import read_manifests, read_tree
from llmd_render.pipeline import Outcome, load_text, render_profile
from llmd_render.profile import Profile, load_profile
from llmd_render.source import parse

CATALOG = load_catalog()
TEXT = st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=40)
ESCAPED_BRACES = "{{`{{`}}"


def render(data: dict[str, Any]) -> tuple[str, Outcome | list[Any]]:
    """Render a profile given as data, through text; refused ones give their diagnostics."""
    text = json.dumps(data, ensure_ascii=False, indent=1)
    try:
        loaded = load_text(text, "profile.yaml")
    except InputError as error:
        return text, list(error.diagnostics)
    return text, render_profile(loaded)


ONE_HOST = [row for row in CATALOG.topologies if row.hosts == 1]
FITTING_MODELS = ["Qwen/Qwen3-4B", "Qwen/Qwen2.5-3B-Instruct", "meta-llama/Llama-3.2-3B-Instruct"]
SHARED_CACHE = {"accessMode": "ReadWriteMany", "storageClass": "standard-rwx"}
ROUTING_CLASSES = ["gke-l7-rilb", "gke-l7-regional-external-managed"]


@st.composite
def common_choices(draw: st.DrawFn) -> dict[str, Any]:
    """Draw what any slice, model and gateway can be combined with."""
    changes: dict[str, Any] = {
        "service": {"replicas": draw(st.integers(1, 4))},
        "routing": draw(st.sampled_from(["declared", "managed"])),
        "networkPolicies": {"enabled": draw(st.booleans())},
        "monitoring": {"enabled": draw(st.booleans())},
        "secrets": {"hfToken": "hf-token"},
        "cluster": {
            "existing": draw(st.booleans()),
            "location": draw(st.sampled_from(["regional", "zonal"])),
        },
    }
    if draw(st.booleans()):
        changes["server"] = {"compileCache": SHARED_CACHE}
    return changes


@st.composite
def well_matched_profiles(draw: st.DrawFn) -> dict[str, Any]:
    """Draw a profile whose model, slice, zone and gateway suit each other."""
    topology = draw(st.sampled_from(ONE_HOST))
    zones = [
        row.zone for row in CATALOG.zones if row.accelerator == topology.accelerator and row.listed
    ]
    changes: dict[str, Any] = {
        "zone": draw(st.sampled_from(zones)),
        "model": {"uri": "hf://" + draw(st.sampled_from(FITTING_MODELS))},
        "tpu": {
            "type": topology.accelerator,
            "topology": topology.topology,
            "machineType": topology.machine_type,
        },
        "gateway": {"className": draw(st.sampled_from(ROUTING_CLASSES))},
    }
    return merge(merge(MINIMAL_DATA, draw(common_choices())), changes)


@st.composite
def catalog_profiles(draw: st.DrawFn) -> dict[str, Any]:
    """Draw a profile of any rows of the catalog, most of them ill matched."""
    topology = draw(st.sampled_from(CATALOG.topologies))
    changes: dict[str, Any] = {
        "zone": draw(st.sampled_from(CATALOG.zones)).zone,
        "model": {"uri": "hf://" + draw(st.sampled_from(list(CATALOG.models)))},
        "tpu": {
            "type": draw(st.sampled_from([topology.accelerator, *CATALOG.accelerators])),
            "topology": topology.topology,
        },
        "gateway": {
            "className": draw(st.sampled_from([*CATALOG.gateway_classes, "x"])),
            "healthCheckPolicy": draw(st.booleans()),
            "backendPolicy": draw(st.booleans()),
        },
        "cluster": {
            "capacity": {"kind": draw(st.sampled_from(["spot", "flex-start", "on-demand"]))}
        },
    }
    return merge(merge(MINIMAL_DATA, draw(common_choices())), changes)


@given(well_matched_profiles())
@settings(max_examples=40)
def test_a_well_matched_profile_renders_a_valid_tree(data: dict[str, Any]) -> None:
    _, result = render(data)
    assert isinstance(result, Outcome), result
    assert result.ok, [item for item in result.diagnostics if item.blocks]
    assert_tree_is_right(result, data)


@given(catalog_profiles())
@settings(max_examples=80)
def test_a_profile_of_the_catalog_is_refused_at_a_place_or_renders_a_valid_tree(
    data: dict[str, Any],
) -> None:
    text, result = render(data)
    if isinstance(result, Outcome) and result.files:
        assert result.ok, [item for item in result.diagnostics if item.blocks]
        assert_tree_is_right(result, data)
        return
    found = list(result.diagnostics) if isinstance(result, Outcome) else result
    blocking = [item for item in found if item.blocks]
    assert blocking
    lines = text.split("\n")
    for item in blocking:
        assert 0 < item.location.line <= len(lines)
        assert 0 < item.location.column <= len(lines[item.location.line - 1]) + 1


def assert_tree_is_right(outcome: Outcome, data: dict[str, Any]) -> None:
    tree, problems = read_tree(outcome.files)
    assert problems == []
    services = [item for item in tree.manifests if item.kind == "LLMInferenceService"]
    assert len(services) == 1
    assert_chips_agree(services[0].data, data)
    assert_cluster_is_left_alone_or_made({item.path: item.text for item in outcome.files}, data)


def assert_cluster_is_left_alone_or_made(files: dict[str, str], data: dict[str, Any]) -> None:
    new = not data["cluster"]["existing"]
    assert ("cluster/create-cluster.sh" in files) is new
    assert ("cluster/delete-cluster.sh" in files) is new
    assert ("cluster/delete-tpu-node-pool.sh" in files) is not new
    regional = data["cluster"]["location"] == "regional"
    place = data["zone"].rpartition("-")[0] if regional else data["zone"]
    assert f"\nCONTEXT=gke_my-project_{place}_llmd-example\n" in files["lib/common.sh"]
    flag = '--region="$REGION"' if regional else '--zone="$ZONE"'
    assert f'get-credentials "$CLUSTER" {flag} ' in files["cluster/get-credentials.sh"]


def assert_chips_agree(service: dict[str, Any], data: dict[str, Any]) -> None:
    (container,) = service["spec"]["template"]["containers"]
    chips = int(container["resources"]["limits"]["google.com/tpu"])
    product = 1
    for size in data["tpu"]["topology"].split("x"):
        product *= int(size)
    assert chips == product
    environment = {item["name"]: item.get("value") for item in container["env"]}
    bounds = 1
    for size in environment["TPU_CHIPS_PER_HOST_BOUNDS"].split(","):
        bounds *= int(size)
    assert bounds == chips


# A URI takes no spaces.
IN_ONE_LINE = sorted(set(FREE) - {"model.uri"})


def as_go_prints(text: str) -> str:
    """Undo the escaping of `{{` as KServe does when it renders the spec as a Go template."""
    return text.replace(ESCAPED_BRACES, "{{")


def as_kubelet_expands(text: str) -> str:
    """Undo the doubling of `$` as the kubelet does when it expands `$(NAME)` in args."""
    return text.replace("$$", "$")


def as_read(markdown: str) -> str:
    """Give what a reader sees of Markdown: its text, without markup."""
    tokens = MarkdownIt("commonmark").enable("table").parse(markdown)
    inline = [child for token in tokens for child in token.children or ()]
    return "".join(child.content for child in inline if child.type in {"text", "text_special"})


@given(st.sampled_from(IN_ONE_LINE), TEXT | st.sampled_from(["{{x}}", "$(id)", "`id`", "-x", "'"]))
@settings(max_examples=150)
def test_any_text_in_any_free_field_survives_into_yaml_and_scripts(field: str, text: str) -> None:
    _, result = render(merge(MINIMAL_DATA, FREE[field](text)))
    assert isinstance(result, Outcome), result
    assert result.ok, [item for item in result.diagnostics if item.blocks]
    files = {item.path: item.text for item in result.files}
    service = files["workload/llminferenceservice.yaml"]
    as_kubectl = read_manifests(service, "f")[0][0].data
    as_yaml_1_2 = parse(service, "f").data
    as_yaml_1_1 = yaml.safe_load(service)
    for data in (as_kubectl, as_yaml_1_2, as_yaml_1_1):
        (container,) = data["spec"]["template"]["containers"]
        arguments = [as_go_prints(item) for item in container["args"]]
        if field == "server.args[0]":
            assert f"--response-role={text}" in arguments
        if field == "server.env.NOTE":
            values = {item["name"]: item["value"] for item in container["env"]}
            assert as_go_prints(values["NOTE"]) == text
        if field == "service.servedModelName":
            served = [as_kubelet_expands(item) for item in arguments]
            assert f"--served-model-name={text}" in served
            assert as_go_prints(data["spec"]["model"]["name"]) == text
    if field == "cluster.capacity.reservation":
        words = shlex.split(files["cluster/create-tpu-node-pool.sh"], comments=True)
        assert f"--reservation={text}" in words
    if field == "service.servedModelName":
        words = shlex.split(files["lib/common.sh"], comments=True)
        assert any(text in word for word in words)
    if field in {"prices.basis", "lint.ignore[0].reason"}:
        assert " ".join(text.split()) in as_read(files["README.md"])


@given(st.text(max_size=200))
@settings(max_examples=300)
def test_any_text_as_a_profile_is_refused_and_never_crashes(text: str) -> None:
    with pytest.raises(InputError) as caught:
        load_profile(parse(text, "profile.yaml"))
    lines = len(text.split("\n"))
    assert max(item.location.line for item in caught.value.diagnostics) <= lines


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | TEXT,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXT, inner, max_size=3),
    max_leaves=5,
)
KEYS = [field.alias or name for name, field in Profile.model_fields.items()]


@given(st.dictionaries(st.sampled_from(KEYS), VALUES, max_size=4))
@settings(max_examples=200)
def test_any_values_under_known_keys_are_refused_or_rendered(changes: dict[str, Any]) -> None:
    if isinstance(changes.get("extends"), str):
        return
    text, result = render({**MINIMAL_DATA, **changes})
    found = list(result.diagnostics) if isinstance(result, Outcome) else result
    for item in found:
        assert item.location.line <= text.count("\n") + 1


def test_rendering_twice_gives_the_same_bytes() -> None:
    _, first = render(MINIMAL_DATA)
    _, second = render(MINIMAL_DATA)
    assert isinstance(first, Outcome)
    assert isinstance(second, Outcome)
    assert first.files == second.files
