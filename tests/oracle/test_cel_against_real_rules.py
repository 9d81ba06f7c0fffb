"""The rules of the real CRDs: each is evaluated, as cel-python evaluates it where it can.

The CRDs are other people's files and not part of the repository: without them these tests skip,
on CI they fail.
"""

from __future__ import annotations

import re
from datetime import timedelta
from functools import cache
from random import Random
from typing import TYPE_CHECKING, Any

import celpy
import pytest
import yaml
from celpy.adapter import json_to_cel
from celpy.evaluation import CELEvalError
from support import CRDS, OUT, absent

from llmd_render.manifest import read_manifests
from llmd_render.validate import Schema, SchemaStore, apply_defaults
from llmd_render.validate.cel import check_rules

if TYPE_CHECKING:
    from collections.abc import Iterator

if not CRDS.is_dir():
    absent(f"the real CRDs are not at {CRDS}")

LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
SAMPLES = CRDS.parent / "facts" / "samples"
# Functions that cel-python does not have; and it cannot tell a text from a number with `!=`.
BEYOND_CELPY = re.compile(r"isURL|split\(|isIP|\.format\(|substring\(|oldSelf|^self != 0$")
# Data drawn for these is refused often enough for the comparison to mean something.
DRAWS = 4
OFTEN_REFUSED = {"Gateway", "HTTPRoute", "HealthCheckPolicy"}


@cache
def schemas() -> tuple[tuple[str, Schema], ...]:
    """Read every version of every CRD, each in a store of its own."""
    found = []
    for path in sorted(CRDS.rglob("*.yaml")):
        if "x-kubernetes-validations" not in path.read_text():
            continue
        for crd in yaml.load_all(path.read_text(), Loader=LOADER):
            if not crd or crd.get("kind") != "CustomResourceDefinition":
                continue
            store = SchemaStore("1.34", [crd])
            names = [version["name"] for version in crd["spec"]["versions"]]
            for name in names:
                schema = store.find(f"{crd['spec']['group']}/{name}", crd["spec"]["names"]["kind"])
                if schema is not None and "x-kubernetes-validations" in str(schema.root):
                    release = path.relative_to(CRDS).parts[-2]
                    found.append((f"{schema.kind}-{name}-{release}", schema))
    return tuple(found)


ALL = [pytest.param(schema, id=name) for name, schema in schemas()]
OURS = [
    pytest.param(schema, id=f"{schema.kind}-ours")
    for schema in SchemaStore("1.34").known_kinds()
    if not schema.core
]


def rules_of(node: dict[str, Any]) -> list[str]:
    return [item["rule"].strip() for item in node.get("x-kubernetes-validations", ())]


def parts_of(node: dict[str, Any]) -> list[dict[str, Any]]:
    parts = [*node.get("properties", {}).values(), node.get("items")]
    parts.append(node.get("additionalProperties"))
    return [part for part in parts if isinstance(part, dict)]


VALUES: dict[str, list[Any]] = {
    "string": ["a", "b", "", "Service", "/a", "//", "10s", "5ms", "*", "10.0.0.1"],
    "integer": [1, 2, 0, 10],
    "number": [1.5],
    "boolean": [True],
    "port": [1, "a", 0],
}


class Maker:
    """Makes data of the shape of a schema, of the parts near rules only."""

    def __init__(self, schema: Schema, chance: Random | None) -> None:
        self._schema = schema
        self._chance = chance
        self._ruled: dict[int, tuple[Any, bool]] = {}

    def make(self) -> Any:
        data = self._make(self._schema.root, 0)
        return data | {
            "apiVersion": self._schema.api_version,
            "kind": self._schema.kind,
            "metadata": {"name": "a"},
        }

    def is_ruled(self, node: dict[str, Any]) -> bool:
        if str(node.get("$ref", "")).startswith(("core#/", "#/$defs/")):
            return False
        node = self._schema.resolve(node)
        if id(node) not in self._ruled:
            answer = bool(rules_of(node)) or any(self.is_ruled(part) for part in parts_of(node))
            self._ruled[id(node)] = (node, answer)
        return self._ruled[id(node)][1]

    def _draws(self, share: float) -> bool:
        return self._chance is None or self._chance.random() < share

    def _make(self, node: dict[str, Any], near: int) -> Any:
        node = self._schema.resolve(node)
        near = 4 if rules_of(node) else near - 1
        kind = node.get("type")
        if kind == "object":
            return self._make_object(node, near)
        if kind == "array":
            size = 1 if self._chance is None else self._chance.choice([0, 1, 1, 2, 3])
            return [self._make(node["items"], near) for _ in range(size)]
        if "enum" in node:
            return self._pick(node["enum"])
        if node.get("format") in {"duration", "date-time"}:
            return self._pick(["10s", "1m"])
        kind = "port" if node.get("x-kubernetes-int-or-string") else kind
        return self._pick(VALUES.get(str(kind), [None]))

    def _make_object(self, node: dict[str, Any], near: int) -> dict[str, Any]:
        made = {}
        for key, part in node.get("properties", {}).items():
            ruled = self.is_ruled(part)
            wanted = ruled or near > 0
            needed = key in node.get("required", ()) or self._draws(0.85 if ruled else 0.4)
            value = self._make(part, near) if wanted and needed else None
            if value is not None:
                made[key] = value
        rest = node.get("additionalProperties")
        if isinstance(rest, dict) and (near > 0 or self.is_ruled(rest)):
            made |= {key: self._make(rest, near) for key in ("a", "b/c", "-") if self._draws(0.5)}
        return made

    def _pick(self, values: list[Any]) -> Any:
        return values[0] if self._chance is None else self._chance.choice(values)


def test_there_are_rules_to_judge() -> None:
    found: set[str] = set()
    for _, schema in schemas():
        waiting = [schema.root]
        while waiting:
            node = waiting.pop()
            if "$ref" not in node:
                found |= set(rules_of(node))
                waiting += parts_of(node)
    assert len(schemas()) > 30
    assert len(found) > 130


@pytest.mark.parametrize("schema", [*ALL, *OURS])
def test_every_rule_of_a_schema_can_be_evaluated(schema: Schema) -> None:
    maker = Maker(schema, None)
    data = maker.make()
    counts = {"rules": 0, "old": 0}

    def count_rules(node: dict[str, Any]) -> None:
        if not maker.is_ruled(node):
            return
        node = schema.resolve(node)
        times = 3 if isinstance(node.get("additionalProperties"), dict) else 1
        for rule in rules_of(node):
            counts["old" if "oldSelf" in rule else "rules"] += 1
        for part in parts_of(node):
            for _ in range(times):
                count_rules(part)

    count_rules(schema.root)
    report = check_rules(data, schema)
    reasons = [item.message for item in report.violations if item.code != "cel-rule-violated"]
    assert reasons == []
    assert (report.evaluated, report.skipped) == (counts["rules"], counts["old"])


# The second opinion: a walk and an engine that share nothing with the product.


@cache
def independent(rule: str) -> Any:
    environment = celpy.Environment()
    return environment.program(environment.compile(rule))


def to_cel(value: Any, node: dict[str, Any]) -> Any:
    kind, text = celpy.celtypes, value
    if isinstance(value, dict):
        properties, rest = node.get("properties", {}), node.get("additionalProperties")
        shown = {}
        for key, item in value.items():
            part = properties.get(key, rest)
            if isinstance(part, dict):
                name = "__namespace__" if key == "namespace" and key in properties else key
                shown[kind.StringType(name)] = to_cel(item, part)
        return kind.MapType(shown)
    if isinstance(value, list):
        return kind.ListType([to_cel(item, node["items"]) for item in value])
    if node.get("format") == "duration":
        return kind.DurationType(timedelta(seconds=60 if text == "1m" else 10))
    return json_to_cel(value)


def second_opinion(
    value: Any, node: dict[str, Any], schema: Schema, path: tuple[str | int, ...] = ()
) -> Iterator[tuple[Any, str]]:
    node = schema.resolve(node)
    rules = [rule for rule in rules_of(node) if not BEYOND_CELPY.search(rule)]
    shown = to_cel(value, node) if rules else None
    for rule in rules:
        try:
            holds = bool(independent(rule).evaluate({"self": shown}))
        except CELEvalError:
            holds = False
        if not holds:
            yield path, " ".join(rule.split())
    if isinstance(value, dict):
        for key, item in value.items():
            part = node.get("properties", {}).get(key, node.get("additionalProperties"))
            if isinstance(part, dict):
                yield from second_opinion(item, part, schema, (*path, key))
    if isinstance(value, list):
        for index, item in enumerate(value):
            yield from second_opinion(item, node["items"], schema, (*path, index))


def our_opinion(data: Any, schema: Schema) -> Iterator[tuple[Any, str]]:
    for item in check_rules(data, schema).violations:
        rule = item.hint.removeprefix("the rule is `").removesuffix("`")
        if not BEYOND_CELPY.search(rule):
            yield item.path, rule


def shorten(opinion: set[tuple[Any, str]]) -> set[tuple[Any, str]]:
    return {(path, rule[:300]) for path, rule in opinion}


@pytest.mark.parametrize("schema", ALL)
def test_cel_python_comes_to_the_same_verdicts(schema: Schema) -> None:
    refused = 0
    for seed in range(DRAWS):
        chance = Random(seed)  # noqa: S311 - the same data in each run
        data = apply_defaults(Maker(schema, chance).make(), schema)
        ours = {(path, rule.removesuffix("…")) for path, rule in our_opinion(data, schema)}
        theirs = set(second_opinion(data, schema.root, schema))
        assert shorten(ours) == shorten(theirs), data
        refused += len(ours)
    assert refused or schema.kind not in OFTEN_REFUSED


# Documents by hand: for the rules that cel-python cannot judge, and for the trees that we commit.

GATEWAY = """
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
spec:
  gatewayClassName: gke-l7-rilb
  infrastructure: {labels: {example.com/team: a}}
  listeners: [{name: http, protocol: HTTP, port: 80}]
"""
MONITORING = """
apiVersion: monitoring.googleapis.com/v1
kind: PodMonitoring
spec:
  selector: {}
  endpoints: [{port: 8000, interval: 30s, timeout: 9s, proxyUrl: http://proxy}]
"""
LONG = "a" * 253
BY_HAND = [
    (GATEWAY, "", "", None, ""),
    (
        GATEWAY,
        "example.com/team",
        f"{LONG}/team",
        ("spec", "infrastructure", "labels"),
        (
            "If specified, the label key's prefix must be a DNS subdomain not longer than "
            "253 characters in total."
        ),
    ),
    (
        GATEWAY,
        "example.com/team",
        "'-'",
        ("spec", "infrastructure", "labels"),
        (
            "Label keys must be in the form of an optional DNS subdomain prefix followed by a "
            "required name segment of up to 63 characters."
        ),
    ),
    (
        GATEWAY,
        "protocol: HTTP,",
        "protocol: UDP, hostname: a.b,",
        ("spec", "listeners"),
        "hostname must not be specified for protocols ['TCP', 'UDP']",
    ),
    (MONITORING, "", "", None, ""),
    (MONITORING, "8000", "metrics", None, ""),
    (MONITORING, "8000", "0", ("spec", "endpoints", 0, "port"), "Port is required"),
    (MONITORING, "8000", "0.0", ("spec", "endpoints", 0, "port"), "Port is required"),
    (
        MONITORING,
        "timeout: 9s",
        "timeout: 31s",
        ("spec", "endpoints", 0),
        "scrape timeout (31s) must not be greater than scrape interval (30s)",
    ),
    (
        MONITORING,
        "http://proxy",
        "proxy:3128@",
        ("spec", "endpoints", 0, "proxyUrl"),
        "failed rule: isURL(self) && !self.matches('@')",
    ),
    (
        MONITORING,
        "http://proxy",
        "proxy",
        ("spec", "endpoints", 0, "proxyUrl"),
        "failed rule: isURL(self) && !self.matches('@')",
    ),
    (
        MONITORING,
        "interval: 30s, timeout: 9s",
        "interval: 30s, metricRelabeling: [{targetLabel: job}]",
        ("spec", "endpoints", 0, "metricRelabeling", 0, "targetLabel"),
        'cannot relabel onto protected label "job"',
    ),
]


@cache
def real_schema(kind: str) -> Schema:
    return [schema for name, schema in schemas() if schema.kind == kind][-1]


@pytest.mark.parametrize(("good", "old", "new", "path", "message"), BY_HAND)
def test_rules_beyond_cel_python_are_judged_as_written(
    good: str, old: str, new: str, path: Any, message: str
) -> None:
    assert old in good
    data = yaml.safe_load(good.replace(old, new, 1))
    schema = real_schema(data["kind"])
    real = check_rules(apply_defaults(data, schema), schema)
    expected = [(path, message)] if message else []
    assert [(item.path, item.message) for item in real.violations] == expected
    # Our schemas word their rules themselves.
    schema = ours(data)
    own = check_rules(apply_defaults(data, schema), schema)
    assert [item.path for item in own.violations] == [path for path, _ in expected]
    assert real.evaluated
    assert own.evaluated


def ours(document: Any) -> Schema:
    schema = SchemaStore("1.34").find(document["apiVersion"], document["kind"])
    assert schema is not None
    return schema


def test_a_rule_about_a_change_is_skipped_on_create() -> None:
    data = {"spec": {"controllerName": "example.com/a"}}
    report = check_rules(data, real_schema("GatewayClass"))
    assert (report.violations, report.evaluated, report.skipped) == ((), 0, 1)


def documents() -> list[Any]:
    found = [
        pytest.param(document, id=f"{file.stem}-{document['kind']}")
        for file in sorted(SAMPLES.glob("*.yaml"))
        for document in yaml.load_all(file.read_text(), Loader=LOADER)
    ]
    assert len(found) == 6
    for file in sorted(OUT.rglob("*.yaml")):
        manifests = read_manifests(file.read_text(), file.relative_to(OUT).as_posix())[0]
        found += [pytest.param(m.data, id=f"{m.file}-{m.kind}") for m in manifests if m.is_object]
    assert len(found) > 35
    return found


@pytest.mark.parametrize("document", documents())
def test_what_the_server_accepts_breaks_no_rule(document: Any) -> None:
    judges = [ours(document)]
    judges += [
        schema
        for _, schema in schemas()
        if (schema.api_version, schema.kind) == (document["apiVersion"], document["kind"])
    ]
    for schema in judges:
        report = check_rules(apply_defaults(document, schema), schema)
        assert report.violations == ()


MINIMAL = {
    "HTTPRoute": "{rules: [{backendRefs: [{name: a, port: 80}]}]}",
    "Gateway": "{gatewayClassName: a, listeners: [{name: a, protocol: HTTP, port: 80}]}",
    "GatewayClass": "{controllerName: example.com/a}",
    "InferenceModel": "{modelName: a, poolRef: {name: b}}",
    "HealthCheckPolicy": "{default: {config: {type: TCP, tcpHealthCheck: "
    "{portSpecification: USE_SERVING_PORT}}}}",
    "InferencePool": "{targetPorts: [{number: 80}], endpointPickerRef: {name: a, "
    "port: {number: 9002}}}",
    "PodMonitoring": "{selector: {}, endpoints: [{port: 80, interval: 10s}]}",
    "LLMInferenceService": "{router: {route: {http: {spec: {rules: [{}]}}}}}",
    "LLMInferenceServiceConfig": "{router: {route: {http: {spec: {rules: [{}]}}}}}",
}


@pytest.mark.parametrize(("kind", "spec"), MINIMAL.items())
def test_a_minimal_document_passes_the_rules_of_our_schema(kind: str, spec: str) -> None:
    for schema in SchemaStore("1.34").known_kinds():
        if schema.kind != kind or not Maker(schema, None).is_ruled(schema.root):
            continue
        data = {"kind": kind, "spec": yaml.safe_load(spec)}
        report = check_rules(apply_defaults(data, schema), schema)
        assert report.violations == ()
        assert report.evaluated or report.skipped


def test_each_of_our_kinds_with_rules_has_a_minimal_document() -> None:
    known = SchemaStore("1.34").known_kinds()
    assert {item.kind for item in known if Maker(item, None).is_ruled(item.root)} == set(MINIMAL)
