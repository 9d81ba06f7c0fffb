from __future__ import annotations

import json

import pytest
from jsonschema import Draft202012Validator
from support import CHECKOUT, MINIMAL, SHIPPED

from llmd_render.catalog import load_catalog
from llmd_render.diagnostics import Diagnostic, InputError
from llmd_render.profile import (
    Profile,
    apply_setting,
    load_profile,
    profile_schema,
    read_profile,
)
from llmd_render.source import Document, parse


def load(text: str) -> Profile:
    return load_profile(parse(text, "p.yaml"))


def errors(text: str) -> list[Diagnostic]:
    with pytest.raises(InputError) as caught:
        load(text)
    return sorted(caught.value.diagnostics, key=lambda item: item.location)


def test_the_minimal_profile_is_a_profile() -> None:
    assert load(MINIMAL).service.namespace == "llm-d-inference-scheduling"


@pytest.mark.parametrize(
    ("old", "new", "place", "code", "message", "hint"),
    [
        (
            "  uri:",
            "  urii:",
            (6, 3),
            "profile-unknown-key",
            "model.urii is not a key of a profile",
            "did you mean `uri`?",
        ),
        (
            "zone: europe-west4-a",
            "zone: europe-west4",
            (4, 7),
            "profile-value-malformed",
            "zone is `europe-west4`; it must be a Google Cloud zone such as europe-west4-a",
            "",
        ),
        (
            "type: v6e",
            "type: v6",
            (8, 9),
            "profile-value-not-allowed",
            "tpu.type is `v6`; it must be one of tpu7x, v4, v5e, v5p, v6e",
            "did you mean `v6e`?",
        ),
        (
            "project: my-project",
            "project: 12",
            (3, 10),
            "profile-wrong-type",
            "project is 12 (a number); it must be text",
            "put it in quotes to make it text",
        ),
        (
            "name: example",
            "name: ../example",
            (2, 7),
            "profile-value-malformed",
            "name is `../example`; it must be lower-case letters, digits and `-`",
            "",
        ),
        (
            "name: example",
            "name: e234567890123456789012345678901234567890",
            (2, 7),
            "profile-value-malformed",
            "at most 38 characters",
            "",
        ),
        (
            "gateway:\n  className: gke-l7-rilb\n",
            "gateway:\n",
            (10, 1),
            "profile-wrong-type",
            "gateway is empty; it must be a map of keys to values",
            "",
        ),
        (
            "apiVersion: llmd-render/v1",
            "apiVersion: llmd-render/v2",
            (1, 13),
            "profile-value-not-allowed",
            "apiVersion is `llmd-render/v2`; it must be llmd-render/v1",
            "did you mean `llmd-render/v1`?",
        ),
    ],
)
def test_a_mistake_is_found_at_its_line_and_column(
    old: str, new: str, place: tuple[int, int], code: str, message: str, hint: str
) -> None:
    found = [item for item in errors(MINIMAL.replace(old, new)) if item.code == code]
    assert len(found) == 1
    assert (found[0].location.line, found[0].location.column) == place
    assert message in found[0].message
    assert found[0].hint == hint
    assert found[0].excerpt == MINIMAL.replace(old, new).split("\n")[place[0] - 1]


def test_a_missing_key_is_found_at_its_parent_with_what_to_add() -> None:
    (found,) = errors(MINIMAL.replace("  topology: 2x2\n", ""))
    assert (found.location.line, found.location.column) == (7, 1)
    assert found.message == "tpu.topology is missing"
    assert found.hint == "add `topology: 2x2`"


def test_all_mistakes_are_reported_at_once() -> None:
    text = MINIMAL.replace("2x2", "2x").replace("my-project", "My").replace("uri", "url")
    text += "service: {replicas: 0}\nserver: {args: [1, x], env: {a b: c}, maxModelLen: z}\n"
    codes = [item.code for item in errors(text)]
    assert len(codes) == 8
    assert set(codes) == {
        "profile-missing-key",
        "profile-unknown-key",
        "profile-value-malformed",
        "profile-value-out-of-range",
        "profile-wrong-type",
    }


@pytest.mark.parametrize("text", ["", "# only a comment\n", "---\n"])
def test_an_empty_profile_says_how_to_begin(text: str) -> None:
    (found,) = errors(text)
    assert found.code == "profile-is-empty"
    assert "apiVersion: llmd-render/v1" in found.hint


def test_a_list_is_no_profile() -> None:
    assert errors("- a\n")[0].message == "a profile is a map of keys to values, not a list"


def test_a_key_that_is_a_number_is_reported_and_not_confused_with_an_index() -> None:
    (found,) = errors(MINIMAL + "server:\n  env:\n    1: x\n")
    assert (found.location.line, found.location.column) == (14, 5)
    assert found.message == "a key of server.env is 1 (a number); it must be text"


def test_tpu_types_are_those_of_the_catalog() -> None:
    schema = profile_schema()["$defs"]["Tpu"]["properties"]["type"]
    assert sorted(schema["enum"]) == sorted(load_catalog().accelerators)


def test_the_committed_schema_is_the_one_the_command_prints() -> None:
    committed = json.loads((CHECKOUT / "docs/profile.schema.json").read_text())
    assert committed == profile_schema()


def test_the_schema_is_a_valid_schema_and_accepts_the_shipped_profiles() -> None:
    Draft202012Validator.check_schema(profile_schema())
    validator = Draft202012Validator(profile_schema())
    for name in SHIPPED:
        data = parse((CHECKOUT / f"profiles/{name}.yaml").read_text(), name).data
        assert list(validator.iter_errors(data)) == []


def test_the_schema_refuses_what_the_loader_refuses() -> None:
    validator = Draft202012Validator(profile_schema())
    for old, new in (("uri:", "urii:"), ("v6e", "v6"), ("2x2", "2x"), ("name: example\n", "")):
        assert not validator.is_valid(parse(MINIMAL.replace(old, new), "p").data)


FILES = {
    "base.yaml": MINIMAL + "service: {replicas: 2}\nserver: {args: [a, b], maxModelLen: 100}\n",
    "mine.yaml": "extends: ./base.yaml\nname: mine\nserver:\n  args: [c]\n  maxModelLen: null\n",
    "a.yaml": "extends: ./b.yaml\nname: a\n",
    "b.yaml": "extends: ./a.yaml\nname: b\n",
}


def find(target: str, _: str) -> tuple[str, str]:
    name = target.removeprefix("./")
    return FILES[name], name


def layered(name: str) -> Document:
    return read_profile(FILES[name], name, find)


def test_an_extending_profile_merges_maps_replaces_lists_and_removes_with_null() -> None:
    document = layered("mine.yaml")
    loaded = load_profile(document)
    assert loaded.name == "mine"
    assert loaded.service.replicas == 2
    assert loaded.server.args == ["c"]
    assert loaded.server.max_model_len == 2048


def test_a_merged_value_is_located_in_the_file_that_it_stands_in() -> None:
    positions = layered("mine.yaml").positions
    assert str(positions.locate(("service", "replicas"))) == "base.yaml:12:21"
    assert str(positions.locate(("server", "args", 0))) == "mine.yaml:4:10"
    assert positions.excerpt(positions.locate(("service", "replicas"))).startswith("service:")


def test_profiles_that_extend_each_other_in_a_circle_are_refused() -> None:
    with pytest.raises(InputError) as caught:
        layered("a.yaml")
    (found,) = caught.value.diagnostics
    assert found.code == "profile-extends-cycle"
    assert found.message.endswith("a.yaml -> b.yaml -> a.yaml")


def test_a_setting_replaces_a_value_and_is_located_as_itself() -> None:
    document = apply_setting(parse(MINIMAL, "p.yaml"), "tpu.topology=9x9x9x9")
    with pytest.raises(InputError) as caught:
        load_profile(document)
    (found,) = caught.value.diagnostics
    assert str(found.location) == "--set tpu.topology=9x9x9x9"


@pytest.mark.parametrize(
    ("setting", "code", "hint"),
    [
        ("tpu.topolgy=2x4", "profile-unknown-key", "did you mean `topology`?"),
        ("tpu", "setting-form-wrong", ""),
        ("=x", "setting-form-wrong", ""),
        ("tpu..x=1", "setting-form-wrong", ""),
        ("tpu.topology=[", "setting-value-malformed", ""),
    ],
)
def test_a_setting_that_makes_no_sense_is_refused(setting: str, code: str, hint: str) -> None:
    with pytest.raises(InputError) as caught:
        apply_setting(parse(MINIMAL, "p.yaml"), setting)
    (found,) = caught.value.diagnostics
    assert (found.code, found.hint) == (code, hint)


def test_settings_are_yaml_1_2_scalars_and_null_removes() -> None:
    document = parse(MINIMAL + "service: {replicas: 2}\n", "p.yaml")
    document = apply_setting(document, "server.prefixCaching=true")
    document = apply_setting(document, "service.replicas=null")
    document = apply_setting(document, "server.env.MODE=on")
    loaded = load_profile(document)
    assert loaded.server.prefix_caching is True
    assert loaded.service.replicas == 1
    assert loaded.server.env == {"MODE": "on"}
