"""The structural walker, defaulting and metadata, one sentence a test."""

from __future__ import annotations

import json
from dataclasses import replace
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any, ClassVar

import jsonschema
import pytest
import referencing
import yaml

from llmd_render.validate import (
    SchemaStore,
    apply_defaults,
    check_metadata,
    check_object,
    check_structure,
)

SPEC = {
    "type": "object",
    "required": ["replicas"],
    "properties": {
        "replicas": {"type": "integer", "format": "int32", "minimum": 0, "maximum": 10},
        "name": {"type": "string", "pattern": "^[a-z]+$", "maxLength": 5},
        "mode": {"type": "string", "enum": ["Exact", "Prefix"]},
        "ratio": {"type": "number", "exclusiveMinimum": True, "minimum": 0, "multipleOf": 0.5},
        "share": {"type": "number", "exclusiveMaximum": True, "maximum": 1},
        "enabled": {"type": "boolean"},
        "port": {"x-kubernetes-int-or-string": True},
        "note": {"type": "string", "nullable": True},
        "since": {"type": "string", "format": "date-time"},
        "every": {"type": "string", "format": "duration"},
        "data": {"type": "string", "format": "byte"},
        "range": {"type": "string", "format": "cidr"},
        "address": {"anyOf": [{"format": "ipv4"}, {"format": "ipv6"}], "type": "string"},
        "big": {"type": "integer", "format": "int64"},
        "free": {"type": "object", "x-kubernetes-preserve-unknown-fields": True},
        "closed": {"type": "object"},
        "any": {"x-kubernetes-preserve-unknown-fields": True},
        "labels": {
            "type": "object",
            "maxProperties": 2,
            "additionalProperties": {"type": "string"},
        },
        "args": {"type": "array", "minItems": 1, "maxItems": 2, "items": {"type": "string"}},
        "zones": {"type": "array", "x-kubernetes-list-type": "set", "items": {"type": "string"}},
        "codes": {"type": "array", "uniqueItems": True, "items": {"type": "integer"}},
        "env": {
            "type": "array",
            "x-kubernetes-list-type": "map",
            "x-kubernetes-list-map-keys": ["name"],
            "items": {
                "type": "object",
                "required": ["name"],
                "properties": {"name": {"type": "string"}, "value": {"type": "string"}},
            },
        },
        "either": {
            "type": "object",
            "properties": {"a": {"type": "string"}, "b": {"type": "string"}},
            "oneOf": [{"required": ["a"]}, {"required": ["b"]}],
        },
        "loose": {},
        "pair": {"type": "array", "minItems": 2, "items": {"x-kubernetes-int-or-string": True}},
        "bare": {"type": "array"},
        "only": {"type": "string", "enum": ["this"]},
        "shape": {
            "type": "object",
            "properties": {"a": {"type": "string"}, "b": {"type": "string"}},
            "oneOf": [{"properties": {"a": {"enum": [c]}}} for c in ("x", "y")],
        },
        "go": {"type": "string", "pattern": r"^[[:alpha:]$]+[^]a]\d$|^a\z"},
        "odd": {"type": "string", "pattern": r"^\pL+$"},
        "both": {"type": "integer", "allOf": [{"minimum": 2}, {"maximum": 3}]},
        "unlike": {"type": "string", "not": {"enum": ["latest"]}},
        "nested": {
            "type": "object",
            "x-kubernetes-embedded-resource": True,
            "properties": {
                "spec": {"type": "object", "x-kubernetes-preserve-unknown-fields": True}
            },
        },
    },
}


def crd(spec: dict[str, Any], scope: str = "Namespaced") -> dict[str, Any]:
    schema = {"type": "object", "properties": {"spec": spec}}
    return {
        "kind": "CustomResourceDefinition",
        "spec": {
            "group": "example.com",
            "scope": scope,
            "names": {"kind": "Thing", "plural": "things"},
            "versions": [{"name": "v1", "schema": {"openAPIV3Schema": schema}}],
        },
    }


@cache
def store() -> SchemaStore:
    return SchemaStore("1.34", [crd(SPEC)])


def thing(**spec: Any) -> dict[str, Any]:
    return {
        "apiVersion": "example.com/v1",
        "kind": "Thing",
        "metadata": {"name": "thing", "namespace": "llm"},
        "spec": {"replicas": 1} | spec,
    }


GOOD: list[dict[str, Any]] = [
    {"replicas": 1.0},
    {"name": "abcde"},
    {"ratio": 2},
    {"ratio": 1.5},
    {"share": 0.99},
    {"port": 80},
    {"port": "http"},
    {"note": None},
    {"name": None},
    {"since": "2026-01-31T12:00:00.5Z"},
    {"every": "1h30m"},
    {"every": "2 days"},
    {"data": "aGFsbG8="},
    {"range": "10.0.0.0/8"},
    {"address": "10.0.0.5"},
    {"address": "2001:db8::1"},
    {"big": 2**40},
    {"free": {"what": {"ever": [1, None]}}},
    {"any": 5},
    {"any": {"x": 1}},
    {"closed": {}},
    {"labels": {"a": "b"}},
    {"args": ["a"]},
    {"zones": ["a", "b"]},
    {"codes": [1, 2]},
    {"env": [{"name": "a"}, {"name": "b"}]},
    {"either": {"a": "x"}},
    {"both": 2},
    {"loose": {"a": 1}},
    {"replicas": 10},
    {"bare": [1, "a", None]},
    {"only": "this"},
    {"shape": {"a": "x", "b": "z"}},
    {"go": "A$x1"},
    {"go": "a"},
    {"mode": "Exact", "enabled": False},
    {"range": "2001:db8::/32"},
    {"every": "0"},
    {"unlike": "v1"},
    {"nested": {"apiVersion": "v1", "kind": "Pod", "metadata": {}, "spec": {"a": 1}}},
]


@pytest.mark.parametrize("spec", GOOD, ids=str)
def test_good_values_pass(spec: dict[str, Any]) -> None:
    assert list(check_object(thing(**spec), store())) == []


BAD: list[tuple[dict[str, Any], str, tuple[str | int, ...], str]] = [
    (
        {"replicas": "small"},
        "schema-wrong-type",
        ("replicas",),
        "replicas is 'small', a string; it must be an integer",
    ),
    (
        {"replicas": True},
        "schema-wrong-type",
        ("replicas",),
        "replicas is true, a boolean; it must be an integer",
    ),
    (
        {"replicas": 1.5},
        "schema-wrong-type",
        ("replicas",),
        "replicas is 1.5, a number; it must be an integer",
    ),
    ({"name": 5}, "schema-wrong-type", ("name",), "name is 5, an integer; it must be a string"),
    (
        {"enabled": "yes"},
        "schema-wrong-type",
        ("enabled",),
        "enabled is 'yes', a string; it must be true or false",
    ),
    (
        {"port": 1.5},
        "schema-wrong-type",
        ("port",),
        "port is 1.5, a number; it must be an integer or a string",
    ),
    ({"args": "a"}, "schema-wrong-type", ("args",), "args is 'a', a string; it must be a list"),
    (
        {"args": ["a", None]},
        "schema-wrong-type",
        ("args", 1),
        "args[1] is null; it must be a string",
    ),
    ({"labels": ["a"]}, "schema-wrong-type", ("labels",), "labels is a list; it must be a mapping"),
    (
        {"labels": {"a": 1}},
        "schema-wrong-type",
        ("labels", "a"),
        "a is 1, an integer; it must be a string",
    ),
    ({"replicas": None}, "schema-required-field", (), "spec lacks replicas, a required field"),
    (
        {"env": [{"value": "x"}]},
        "schema-required-field",
        ("env", 0),
        "env[0] lacks name, a required field",
    ),
    ({"replica": 1}, "schema-unknown-field", ("replica",), "replica is not a field of spec"),
    ({"closed": {"a": 1}}, "schema-unknown-field", ("closed", "a"), "a is not a field of closed"),
    (
        {"env": [{"name": "x", "vale": 1}]},
        "schema-unknown-field",
        ("env", 0, "vale"),
        "vale is not a field of env[0]",
    ),
    (
        {"nested": {"status": {}}},
        "schema-unknown-field",
        ("nested", "status"),
        "status is not a field of nested",
    ),
    (
        {"mode": "Regex"},
        "schema-value-not-allowed",
        ("mode",),
        "mode is 'Regex'; it must be one of Exact, Prefix",
    ),
    ({"name": "Ab"}, "schema-pattern-mismatch", ("name",), "name is 'Ab'; it must match ^[a-z]+$"),
    (
        {"name": "ab\n"},
        "schema-pattern-mismatch",
        ("name",),
        r"name is 'ab\n'; it must match ^[a-z]+$",
    ),
    (
        {"since": "yesterday"},
        "schema-pattern-mismatch",
        ("since",),
        "since is 'yesterday'; it must be a time such as 2026-01-31T12:00:00Z",
    ),
    (
        {"every": "30 fortnights"},
        "schema-pattern-mismatch",
        ("every",),
        "every is '30 fortnights'; it must be a duration such as 30s",
    ),
    (
        {"data": "hallo"},
        "schema-pattern-mismatch",
        ("data",),
        "data is 'hallo'; it must be text in base64",
    ),
    (
        {"range": "10.0.0.0"},
        "schema-pattern-mismatch",
        ("range",),
        "range is '10.0.0.0'; it must be an address range such as 10.0.0.0/8",
    ),
    (
        {"replicas": 11},
        "schema-out-of-bounds",
        ("replicas",),
        "replicas is 11; it must be at most 10",
    ),
    (
        {"replicas": -1},
        "schema-out-of-bounds",
        ("replicas",),
        "replicas is -1; it must be at least 0",
    ),
    (
        {"big": 2**63},
        "schema-out-of-bounds",
        ("big",),
        f"big is {2**63}; it must be at most {2**63 - 1}",
    ),
    (
        {"share": float("nan")},
        "schema-wrong-type",
        ("share",),
        "share is nan, a number; it must be a number",
    ),
    (
        {"go": "$1"},
        "schema-pattern-mismatch",
        ("go",),
        r"go is '$1'; it must match ^[[:alpha:]$]+[^]a]\d$|^a\z",
    ),
    (
        {"go": "a\n"},
        "schema-pattern-mismatch",
        ("go",),
        r"go is 'a\n'; it must match ^[[:alpha:]$]+[^]a]\d$|^a\z",
    ),
    (
        {"odd": "a"},
        "schema-pattern-not-evaluated",
        ("odd",),
        r"odd could not be held against ^\pL+$, a pattern that only Go reads",
    ),
    (
        {"shape": {"a": "z"}},
        "schema-no-alternative",
        ("shape",),
        "shape has none of the 2 allowed forms",
    ),
    ({"only": "xyz"}, "schema-value-not-allowed", ("only",), "only is 'xyz'; it must be this"),
    ({"pair": [1]}, "schema-out-of-bounds", ("pair",), "pair has 1 item; it must have at least 2"),
    (
        {"pair": [1, None]},
        "schema-wrong-type",
        ("pair", 1),
        "pair[1] is null; it must be an integer or a string",
    ),
    ({"ratio": 0}, "schema-out-of-bounds", ("ratio",), "ratio is 0; it must be greater than 0"),
    (
        {"ratio": 0.7},
        "schema-out-of-bounds",
        ("ratio",),
        "ratio is 0.7; it must be a multiple of 0.5",
    ),
    ({"share": 1}, "schema-out-of-bounds", ("share",), "share is 1; it must be less than 1"),
    (
        {"name": "abcdef"},
        "schema-out-of-bounds",
        ("name",),
        "name has 6 characters; it must have at most 5",
    ),
    ({"args": []}, "schema-out-of-bounds", ("args",), "args has no items; it must have at least 1"),
    (
        {"args": ["a", "b", "c"]},
        "schema-out-of-bounds",
        ("args",),
        "args has 3 items; it must have at most 2",
    ),
    (
        {"labels": {"a": "", "b": "", "c": ""}},
        "schema-out-of-bounds",
        ("labels",),
        "labels has 3 keys; it must have at most 2",
    ),
    ({"both": 4}, "schema-out-of-bounds", ("both",), "both is 4; it must be at most 3"),
    (
        {"env": [{"name": "a"}, {"name": "b"}, {"name": "a"}]},
        "schema-duplicate-item",
        ("env", 2),
        "env[2] has the same name as env[0]: a",
    ),
    (
        {"zones": ["a", "a"]},
        "schema-duplicate-item",
        ("zones", 1),
        "zones[1] has the same value as zones[0]: a",
    ),
    (
        {"codes": [1, 1]},
        "schema-duplicate-item",
        ("codes", 1),
        "codes[1] has the same value as codes[0]: 1",
    ),
    (
        {"either": {}},
        "schema-no-alternative",
        ("either",),
        "either has none of the 2 allowed forms",
    ),
    (
        {"either": {"a": "", "b": ""}},
        "schema-no-alternative",
        ("either",),
        "either has 2 forms at once of which only one is allowed",
    ),
    (
        {"address": "example.com"},
        "schema-no-alternative",
        ("address",),
        "address has none of the 2 allowed forms",
    ),
    (
        {"unlike": "latest"},
        "schema-no-alternative",
        ("unlike",),
        "unlike has a form that is not allowed",
    ),
]


@pytest.mark.parametrize(("spec", "code", "path", "message"), BAD, ids=[item[3] for item in BAD])
def test_each_mistake_is_found_once_at_its_place(
    spec: dict[str, Any], code: str, path: tuple[str | int, ...], message: str
) -> None:
    (found,) = check_object(thing(**spec), store())
    assert (found.code, found.path, found.message) == (code, ("spec", *path), message)
    assert found.key == (code in {"schema-unknown-field", "schema-required-field"})
    assert not found.message.endswith(".")
    assert len(found.code.split("-")) >= 3


@pytest.mark.parametrize(
    ("spec", "hint"),
    [
        ({"replicas": "3"}, "write it without quotes: 3"),
        ({"replicas": "small"}, ""),
        ({"name": "tru\n"}, ""),
        ({"enabled": "3"}, ""),
        ({"enabled": "on"}, ""),
        ({"replicas": "true"}, ""),
        ({"mode": "Zzz"}, ""),
        ({"name": ["a"]}, ""),
        ({"replicas": False}, ""),
        ({"enabled": "true"}, "write it without quotes: true"),
        ({"name": 8000}, 'put it in quotes: "8000"'),
        ({"name": True}, 'put it in quotes: "true"'),
        ({"mode": "exact"}, "did you mean `Exact`?"),
        ({"enabeld": True}, "did you mean `enabled`?"),
        ({"closed": {"a": 1}}, "no field is known here"),
        ({"env": [{"name": "a", "zzz": 1}]}, "known here: name, value"),
        ({"either": {}}, "either lacks a, a required field; or either lacks b, a required field"),
    ],
)
def test_a_hint_says_what_to_do(spec: dict[str, Any], hint: str) -> None:
    (found,) = check_object(thing(**spec), store())
    assert found.hint == hint


def test_all_mistakes_come_in_the_order_of_the_data() -> None:
    data = thing(mode="x", replicas="y", env=[{}, {"name": 1}], bad=1)
    codes = [item.path[1:] for item in check_object(data, store())]
    assert codes == [("bad",), ("replicas",), ("mode",), ("env", 0), ("env", 1, "name")]


def test_what_is_no_item_at_all_is_no_duplicate() -> None:
    found = [(item.path[1:], item.code) for item in check_object(thing(env=["a", "a"]), store())]
    assert found == [(("env", index), "schema-wrong-type") for index in (0, 1)]


def test_a_fraction_is_a_quantity_in_core_kinds_but_not_in_custom_resources() -> None:
    service = {
        "apiVersion": "serving.kserve.io/v1alpha1",
        "kind": "LLMInferenceService",
        "metadata": {"name": "a"},
        "spec": {"template": {"containers": [{"name": "a", "resources": {"limits": {"cpu": 1}}}]}},
    }
    assert list(check_object(service, store())) == []
    whole = json.dumps(service).replace('"cpu": 1', '"cpu": 2.0')
    assert list(check_object(json.loads(whole), store())) == []
    text = json.dumps(service).replace('"cpu": 1', '"cpu": 0.5')
    (found,) = check_object(json.loads(text), store())
    assert (found.path[-1], found.code) == ("cpu", "schema-wrong-type")
    assert found.hint == 'put it in quotes: "0.5"'


def test_a_pod_template_of_a_custom_resource_needs_no_containers_but_unique_names() -> None:
    def judge(template: Any) -> list[Any]:
        service = {"apiVersion": "serving.kserve.io/v1alpha1", "kind": "LLMInferenceService"}
        data = service | {"metadata": {"name": "a"}, "spec": {"template": template}}
        return [(item.path[2:], item.code) for item in check_object(data, store())]

    assert judge({"nodeSelector": {"a": "b"}}) == []
    env = [{"name": "A"}, {"name": "A"}]
    found = judge({"containers": [{"name": "a", "env": env}]})
    assert found == [(("containers", 0, "env", 1), "schema-duplicate-item")]
    ports = [{"containerPort": 80}, {"containerPort": 80, "protocol": "TCP"}]
    found = judge({"containers": [{"name": "a", "ports": ports}]})
    assert found == [(("containers", 0, "ports", 1), "schema-duplicate-item")]
    assert judge({"containers": [{"name": "a", "imge": ""}]})[0][0] == ("containers", 0, "imge")


def test_a_missing_field_of_the_root_points_at_no_key() -> None:
    schema = SchemaStore("1.34").find("gateway.networking.k8s.io/v1", "Gateway")
    assert schema
    (found,) = check_structure({"metadata": {}}, schema)
    assert (found.message, found.path, found.key) == (
        "Gateway lacks spec, a required field",
        (),
        False,
    )


def test_an_unknown_field_of_a_partial_schema_has_a_code_of_its_own() -> None:
    schema = store().find("example.com/v1", "Thing")
    assert schema
    (found,) = check_structure(thing(other=1), replace(schema, partial=True))
    assert found.code == "schema-unknown-field-partial"
    assert "not complete" in found.hint


def test_deep_data_does_not_exhaust_the_stack() -> None:
    deep: Any = {}
    for _ in range(3_000):
        deep = {"a": [deep]}
    assert list(check_object(thing(any=deep), store())) == []
    recursive = {"apiVersion": "apiextensions.k8s.io/v1", "kind": "CustomResourceDefinition"}
    properties: Any = {"type": "string"}
    for _ in range(2_000):
        properties = {"properties": {"a": properties}}
    names = {"kind": "A", "plural": "as"}
    version = {
        "name": "v1",
        "served": True,
        "storage": True,
        "schema": {"openAPIV3Schema": properties},
    }
    spec = {"group": "a.b", "names": names, "scope": "Cluster", "versions": [version]}
    assert (
        list(check_object(recursive | {"metadata": {"name": "as.a.b"}, "spec": spec}, store()))
        == []
    )


def test_a_pattern_meets_no_text_that_is_too_long() -> None:
    spec = {
        "type": "object",
        "properties": {"a": {"type": "string", "maxLength": 9, "pattern": "^(a+)+$"}},
    }
    data = thing(a="a" * 5000 + "!")
    del data["spec"]["replicas"]
    assert [item.code for item in check_object(data, SchemaStore("1.34", [crd(spec)]))] == [
        "schema-out-of-bounds"
    ]


class TestDefaults:
    SPEC: ClassVar[dict[str, Any]] = {
        "type": "object",
        "properties": {
            "mode": {"type": "string", "default": "Exact"},
            "outer": {
                "type": "object",
                "default": {},
                "properties": {"inner": {"type": "integer", "default": 3}},
            },
            "absent": {
                "type": "object",
                "properties": {"inner": {"type": "integer", "default": 3}},
            },
            "items": {
                "type": "array",
                "items": {
                    "type": "object",
                    "properties": {"kind": {"type": "string", "default": "Service"}},
                },
            },
            "map": {"type": "object", "additionalProperties": {"type": "string", "default": "x"}},
            "maybe": {"type": "string", "nullable": True, "default": "y"},
            "plain": {"type": "string"},
        },
    }

    def default(self, **spec: Any) -> Any:
        schema = SchemaStore("1.34", [crd(self.SPEC)]).find("example.com/v1", "Thing")
        assert schema
        return apply_defaults({"spec": spec}, schema)["spec"]

    def test_they_fill_in_what_is_absent_and_what_is_inside_of_it(self) -> None:
        assert self.default() == {"mode": "Exact", "outer": {"inner": 3}, "maybe": "y"}

    def test_they_do_not_make_an_object_that_has_no_default(self) -> None:
        assert "absent" not in self.default()
        assert self.default(absent={})["absent"] == {"inner": 3}

    def test_they_reach_items_and_values_of_maps(self) -> None:
        assert self.default(items=[{}, {"kind": "A"}])["items"] == [
            {"kind": "Service"},
            {"kind": "A"},
        ]
        assert self.default(map={"a": None})["map"] == {"a": "x"}

    def test_null_is_kept_replaced_or_dropped_as_the_schema_says(self) -> None:
        found = self.default(maybe=None, mode=None, plain=None)
        assert found == {"mode": "Exact", "outer": {"inner": 3}, "maybe": None}

    def test_they_change_a_copy(self) -> None:
        data: Any = {"spec": {"items": [{}], "outer": {}}}
        before = json.dumps(data)
        schema = SchemaStore("1.34", [crd(self.SPEC)]).find("example.com/v1", "Thing")
        assert schema
        apply_defaults(data, schema)
        assert json.dumps(data) == before

    def test_a_gateway_address_without_type_is_an_ip_address(self) -> None:
        gateway = {
            "apiVersion": "gateway.networking.k8s.io/v1",
            "kind": "Gateway",
            "metadata": {"name": "gateway"},
            "spec": {
                "gatewayClassName": "a",
                "addresses": [{"value": "10.0.0.5"}],
                "listeners": [{"name": "http", "port": 80, "protocol": "HTTP"}],
            },
        }
        assert list(check_object(gateway, store())) == []
        gateway["spec"]["addresses"] = [{"value": "nowhere"}]  # type: ignore[index]
        (found,) = check_object(gateway, store())
        assert found.path == ("spec", "addresses", 0)
        assert "IPv4" not in found.message


class TestMetadata:
    @pytest.mark.parametrize(
        ("metadata", "code", "path"),
        [
            ({"name": "Upper"}, "metadata-invalid-name", ("metadata", "name")),
            ({"name": "a" * 254}, "metadata-invalid-name", ("metadata", "name")),
            ({"name": "a\n"}, "metadata-invalid-name", ("metadata", "name")),
            ({"generateName": "-a"}, "metadata-invalid-name", ("metadata", "generateName")),
            ({}, "metadata-invalid-name", ("metadata",)),
            ({"name": ""}, "metadata-invalid-name", ("metadata",)),
            ({"namespace": "a.b"}, "metadata-invalid-name", ("metadata", "namespace")),
            ({"labels": {"a b": "c"}}, "metadata-invalid-label", ("metadata", "labels", "a b")),
            ({"labels": {"A/b": "c"}}, "metadata-invalid-label", ("metadata", "labels", "A/b")),
            ({"labels": {"a": "-"}}, "metadata-invalid-label", ("metadata", "labels", "a")),
            ({"labels": {"a": "b" * 64}}, "metadata-invalid-label", ("metadata", "labels", "a")),
            ({"labels": {"a": 1}}, "schema-wrong-type", ("metadata", "labels", "a")),
            (
                {"annotations": {"/a": ""}},
                "metadata-invalid-annotation",
                ("metadata", "annotations", "/a"),
            ),
            (
                {"annotations": {"a": "b" * 2**18}},
                "metadata-invalid-annotation",
                ("metadata", "annotations"),
            ),
            ({"nmae": "a"}, "schema-unknown-field", ("metadata", "nmae")),
            ([], "schema-wrong-type", ("metadata",)),
            ({"name": 5}, "schema-wrong-type", ("metadata", "name")),
            ({"generateName": 5}, "schema-wrong-type", ("metadata", "generateName")),
            (None, "metadata-invalid-name", ("metadata",)),
        ],
        ids=str,
    )
    def test_each_mistake_is_found(self, metadata: Any, code: str, path: tuple[str, ...]) -> None:
        data = thing()
        own = metadata and not metadata.keys() & {"name", "generateName"}
        data["metadata"] = {"name": "a"} | metadata if own else metadata
        (found,) = check_object(data, store())
        assert (found.code, found.path) == (code, path)

    @pytest.mark.parametrize(
        "metadata",
        [
            {"name": "a.b-c.9"},
            {"generateName": "job-"},
            {"labels": {"app.kubernetes.io/Name_1": "A.b_c-9", "empty": ""}},
            {"annotations": {"Example.COM/Key": "any text\n"}, "creationTimestamp": None},
        ],
        ids=str,
    )
    def test_good_metadata_passes(self, metadata: Any) -> None:
        data = thing()
        data["metadata"] = ({} if "generateName" in metadata else {"name": "a"}) | metadata
        assert list(check_object(data, store())) == []

    @pytest.mark.parametrize(
        ("api_version", "kind", "name", "good"),
        [
            ("v1", "Namespace", "a.b", False),
            ("v1", "Namespace", "a-b", True),
            ("v1", "Service", "9a", False),
            ("v1", "Service", "a9", True),
            ("v1", "ConfigMap", "a.b", True),
            ("rbac.authorization.k8s.io/v1", "ClusterRole", "system:Reader", True),
            ("rbac.authorization.k8s.io/v1", "ClusterRole", "a/b", False),
        ],
    )
    def test_what_a_name_may_be_depends_on_the_kind(
        self, api_version: str, kind: str, name: str, *, good: bool
    ) -> None:
        data = {"apiVersion": api_version, "kind": kind, "metadata": {"name": name}}
        schema = store().find(api_version, kind)
        assert schema
        found = [item.code for item in check_metadata(data, schema)]
        assert found == ([] if good else ["metadata-invalid-name"])

    def test_a_cluster_scoped_object_has_no_namespace(self) -> None:
        data = {
            "apiVersion": "v1",
            "kind": "Namespace",
            "metadata": {"name": "a", "namespace": "b"},
        }
        (found,) = check_object(data, store())
        assert (found.code, found.path) == ("metadata-namespace-scope", ("metadata", "namespace"))
        cluster = SchemaStore("1.34", [crd(SPEC, scope="Cluster")])
        assert [item.code for item in check_object(thing(), cluster)] == [
            "metadata-namespace-scope"
        ]


class TestObjects:
    @pytest.mark.parametrize(
        "data",
        [
            None,
            [],
            "text",
            {},
            {"kind": "Pod"},
            {"apiVersion": "v1"},
            {"apiVersion": 1, "kind": "Pod"},
        ],
    )
    def test_what_has_no_kind_is_no_manifest(self, data: Any) -> None:
        found = list(check_object(data, store()))
        assert found
        assert {item.code for item in found} == {"manifest-without-kind"}

    def test_a_missing_kind_has_no_place_and_a_wrong_one_has(self) -> None:
        (found,) = check_object({"apiVersion": "v1"}, store())
        assert (found.path, found.message) == ((), "kind is missing")
        (found,) = check_object({"apiVersion": "v1", "kind": ""}, store())
        assert (found.path, found.message) == (
            ("kind",),
            "kind is '', a string; it must name a kind",
        )
        (found,) = check_object({"apiVersion": 1.5, "kind": "Pod"}, store())
        assert found.message == "apiVersion is 1.5, a number; it must be a string"

    @pytest.mark.parametrize(
        ("api_version", "kind", "near"),
        [
            ("v1", "Deployment", "apps/v1 Deployment"),
            ("apps/v1", "Deploymnet", "apps/v1 Deployment"),
            (
                "gateway.networking.k8s.io/v1alpha3",
                "HTTPRoute",
                "gateway.networking.k8s.io/v1 HTTPRoute",
            ),
            ("extensions/v1beta1", "Ingress", "networking.k8s.io/v1 Ingress"),
            ("example.com/v1", "Zqzqzq", ""),
        ],
    )
    def test_a_kind_without_schema_is_an_error(
        self, api_version: str, kind: str, near: str
    ) -> None:
        (found,) = check_object({"apiVersion": api_version, "kind": kind}, store())
        assert (found.code, found.path) == ("schema-missing-for-kind", ("kind",))
        assert near in found.hint
        assert "--crds" in found.hint

    def test_a_kustomization_needs_no_name(self) -> None:
        head = {"apiVersion": "kustomize.config.k8s.io/v1beta1", "kind": "Kustomization"}
        assert list(check_object(head | {"resources": ["a.yaml"]}, store())) == []
        (found,) = check_object(head | {"resource": ["a.yaml"]}, store())
        assert (found.path, found.hint) == (("resource",), "did you mean `resources`?")

    def test_a_component_has_the_fields_of_a_kustomization(self) -> None:
        data = {
            "apiVersion": "kustomize.config.k8s.io/v1alpha1",
            "kind": "Component",
            "patches": [{"path": "a"}],
        }
        assert list(check_object(data, store())) == []
        assert [item.path for item in check_object(data | {"patch": []}, store())] == [("patch",)]


DEPLOYMENT = """
apiVersion: apps/v1
kind: Deployment
metadata: {name: a, namespace: b, creationTimestamp: null}
spec:
  replicas: 1
  selector: {matchLabels: {app: a}}
  strategy: {rollingUpdate: {maxSurge: 25%, maxUnavailable: 1}}
  template:
    metadata: {labels: {app: a}}
    spec:
      containers:
      - name: main
        image: a
        env: [{name: A, value: "1"}]
        ports: [{containerPort: 80}, {containerPort: 81}]
        resources: {limits: {cpu: 0.5, memory: 1Gi}}
        livenessProbe: {httpGet: {path: /, port: http}}
"""
POLICY = """
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: a}
spec:
  podSelector: {}
  ingress: [{ports: [{port: 80}], from: [{ipBlock: {cidr: 10.0.0.0/8}}]}]
"""
BASE64 = """
apiVersion: v1
kind: Secret
metadata: {name: a}
data: {token: aGFsbG8=}
"""
CORE = [
    (DEPLOYMENT, "", "", True),
    (POLICY, "", "", True),
    (BASE64, "", "", True),
    (DEPLOYMENT, "replicas: 1", "replicas: null", True),
    (DEPLOYMENT, "replicas: 1", "replicas: one", False),
    (DEPLOYMENT, "replicas: 1", "replicas: true", False),
    (DEPLOYMENT, "replicas: 1", "replica: 1", False),
    (DEPLOYMENT, "maxSurge: 25%", "maxSurge: 2.5", False),
    (DEPLOYMENT, 'value: "1"', "value: 1", False),
    (DEPLOYMENT, "- name: main", "- nam: main", False),
    (DEPLOYMENT, "selector: {matchLabels: {app: a}}", "paused: false", False),
    (DEPLOYMENT, "containerPort: 80}", "containerPort: '80'}", False),
    (DEPLOYMENT, "cpu: 0.5", "cpu: true", False),
    (DEPLOYMENT, "port: http", "port: [http]", False),
    (DEPLOYMENT, "labels: {app: a}", "labels: [a]", False),
    (POLICY, "from: [", "form: [", False),
    (POLICY, "cidr: 10.0.0.0/8", "except: []", False),
    (POLICY, "podSelector: {}", "podSelector: all", False),
    (BASE64, "data:", "date:", False),
]


@cache
def json_schema_registry() -> tuple[Path, Any]:
    spec = find_spec("kubernetes_validate")
    assert spec
    assert spec.submodule_search_locations
    folder = Path(spec.submodule_search_locations[0], "kubernetes-json-schema/v1.34.0-local-strict")
    definitions = json.loads((folder / "_definitions.json").read_text())
    resource = referencing.Resource.from_contents(definitions)
    return folder, resource @ referencing.Registry()


@pytest.mark.parametrize(("text", "old", "new", "good"), CORE)
def test_core_kinds_are_judged_as_a_json_schema_validator_judges_them(
    text: str, old: str, new: str, *, good: bool
) -> None:
    data = yaml.safe_load(text.replace(old, new, 1))
    folder, registry = json_schema_registry()
    group = data["apiVersion"].replace(".k8s.io", "").replace("/", "-")
    schema = json.loads((folder / f"{data['kind'].lower()}-{group}.json").read_text())
    validator = jsonschema.Draft202012Validator(schema, registry=registry)
    found = list(check_object(data, store()))
    assert (not found) == validator.is_valid(data) == good, found


class TestCoreKinds:
    def found(self, old: str, new: str, text: str = DEPLOYMENT) -> list[tuple[Any, str]]:
        assert old in text
        data = yaml.safe_load(text.replace(old, new, 1))
        return [(item.path[-2:], item.code) for item in check_object(data, store())]

    def test_two_containers_of_one_name_are_refused(self) -> None:
        found = self.found("- name: main", "- name: main\n      - name: main")
        assert found == [(("containers", 1), "schema-duplicate-item")]

    def test_two_variables_of_one_name_are_only_bad_style(self) -> None:
        assert self.found("env: [", "env: [{name: A}, ") == [
            ((1, "name"), "native-env-name-duplicate")
        ]
        assert self.found("containerPort: 81", "containerPort: 80") == []
        assert self.found("name: a,", "name: a, finalizers: [a, a],") == []

    def test_a_port_without_protocol_is_tcp(self) -> None:
        text = (
            "{apiVersion: v1, kind: Service, metadata: {name: a}, "
            "spec: {ports: [{port: 80, name: a}, {port: 80, name: b, protocol: UDP}]}}"
        )
        assert self.found("UDP", "UDP", text) == []
        assert self.found("UDP", "TCP", text) == [(("ports", 1), "schema-duplicate-item")]

    def test_a_quantity_has_a_known_unit(self) -> None:
        assert self.found("1Gi", "1e3") == []
        assert self.found("1Gi", "1GB") == [(("limits", "memory"), "schema-pattern-mismatch")]

    def test_secret_data_is_base64(self) -> None:
        assert self.found("aGFsbG8=", "hallo", BASE64) == [
            (("data", "token"), "schema-pattern-mismatch")
        ]

    def test_a_number_beyond_its_format_is_refused(self) -> None:
        assert self.found("replicas: 1", "replicas: 3000000000") == [
            (("spec", "replicas"), "schema-out-of-bounds")
        ]

    def test_null_is_refused_only_where_a_field_is_required(self) -> None:
        assert self.found("image: a", "image: null") == [
            (("containers", 0), "native-required-field-missing")
        ]
        assert self.found("maxSurge: 25%", "maxSurge: null") == []
        assert self.found("name: main", "name: null") == [((0, "name"), "schema-wrong-type")]
