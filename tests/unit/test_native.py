"""What the server's Go code refuses of core kinds: native_cases.yaml, and more than it can say."""

from __future__ import annotations

import re
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from llmd_render.diagnostics import DataPath, Severity, Violation, format_path
from llmd_render.findings import DEFERRED, load_findings
from llmd_render.validate import SchemaStore, check_object
from llmd_render.validate.native import (
    KINDS,
    check_embedded_pod_spec,
    check_native,
)

TABLE = yaml.safe_load(Path(__file__).with_name("native_cases.yaml").read_text("utf-8"))
RIGHT: dict[str, dict[str, Any]] = TABLE["right"]
CASES: list[dict[str, Any]] = TABLE["cases"]
# Too long for a table.
NOT_IN_THE_TABLE = {"native-data-too-large"}


def steps_of(place: str) -> DataPath:
    """Read `spec.ports[0]`."""
    found = re.findall(r"[^.\[\]]+", place)
    return tuple(int(step) if step.isdigit() else step for step in found)


def value_at(data: Any, path: DataPath) -> Any:
    for step in path:
        data = data[step]
    return data


def change(data: Any, place: str, value: Any) -> None:
    """Put a value in a place, with the mappings that lead there, or take away what is there."""
    *way, last = steps_of(place)
    for step in way:
        data = data.setdefault(step, {}) if isinstance(data, dict) else data[step]
    if value == "nothing":
        del data[last]
    else:
        data[last] = value


def changed(case: dict[str, Any]) -> tuple[dict[str, Any], str]:
    """Give the document of a row after its change, and the place of the change."""
    name, place = next(iter(case.items()))
    data = deepcopy(RIGHT[name])
    change(data, place, case["becomes"])
    return data, place


def pod_spec(text: str) -> list[tuple[str, str]]:
    """Judge a Pod's spec by itself, and give codes and places."""
    data = {"apiVersion": "v1", "kind": "Pod", "spec": yaml.safe_load(text)}
    return [(item.code, format_path(item.path)) for item in check_native(data)]


@pytest.mark.parametrize("name", RIGHT)
def test_right_documents_pass(name: str) -> None:
    assert list(check_native(RIGHT[name])) == []


@pytest.mark.parametrize("version", ["1.34", "1.37"])
@pytest.mark.parametrize("name", [name for name in RIGHT if name != "Other"])
def test_right_documents_are_what_the_schemas_allow(name: str, version: str) -> None:
    data = {"metadata": {"name": "a"}} | RIGHT[name]
    assert list(check_object(data, SchemaStore(version))) == []


@pytest.mark.parametrize("case", CASES, ids=lambda case: "{} {}".format(*next(iter(case.items()))))
def test_one_change_gives_one_finding(case: dict[str, Any]) -> None:
    data, place = changed(case)
    [found] = check_native(data)
    expected = (case["code"], f"$.{case.get('at', place)}", case["says"], case.get("hint", ""))
    assert (found.code, format_path(found.path), found.message, found.hint) == expected
    # Whoever shows the finding must find the place in the file.
    assert value_at(data, found.path) is not data or found.path == ()
    assert not found.key or isinstance(found.path[-1], str)


def test_every_code_is_given_for_some_document() -> None:
    given_codes = {case["code"].removesuffix(DEFERRED) for case in CASES}
    known = {code.removesuffix(DEFERRED) for code in load_findings() if code.startswith("native-")}
    assert given_codes | NOT_IN_THE_TABLE == known
    assert not given_codes & NOT_IN_THE_TABLE


def test_every_kind_has_a_document_that_passes_and_one_that_does_not() -> None:
    def kind_of(name: str) -> tuple[str, str]:
        return RIGHT[name]["apiVersion"].rpartition("/")[0], RIGHT[name]["kind"]

    assert {kind_of(name) for name in RIGHT} >= set(KINDS)
    assert {kind_of(next(iter(case))) for case in CASES} == set(KINDS)


def test_data_of_one_mebibyte_passes_and_one_byte_more_does_not() -> None:
    limit = 1024 * 1024
    config = {"apiVersion": "v1", "kind": "ConfigMap", "data": {"a": "é" * (limit // 2)}}
    assert list(check_native(config)) == []
    message = "the values have 1048577 bytes together; at most 1048576 are allowed"
    code = "native-data-too-large"
    assert list(check_native(config | {"binaryData": {"b": "AA=="}})) == [
        Violation((), message, code=code)
    ]
    # Base64 counts as what it stands for, and stringData replaces data.
    secret = {
        "apiVersion": "v1",
        "kind": "Secret",
        "data": {"a": "AAAA" * (limit // 3), "b": "AA=="},
    }
    assert list(check_native(secret)) == []
    assert list(check_native(secret | {"stringData": {"a": "a" * limit}})) == [
        Violation((), message, code=code)
    ]


@pytest.mark.parametrize(
    "text",
    [
        # Limits without requests: the server fills the requests in.
        "{containers: [{name: a, image: a, resources: {limits: {google.com/tpu: 4, cpu: 1}}}]}",
        # A sidecar has probes, and an Equal toleration needs no operator.
        "{containers: [{name: a, image: a}], tolerations: [{key: a, value: b}], hostname: ''}",
        # Null is the same as nothing.
        "{containers: [{name: a, image: a, env: null, startupProbe: null}], volumes: null}",
        "{containers: [{name: a, image: a}], affinity: null, dnsConfig: null}",
        "{containers: [{name: a, image: a, resources: {requests: {memory: ' 1Gi '}}}]}",
        "{containers: [{name: a, image: a, resources: {requests: {memory: .5Gi, cpu: 1.}}}]}",
    ],
)
def test_what_the_server_fills_in_or_overlooks_passes(text: str) -> None:
    assert pod_spec(text) == []


@pytest.mark.parametrize(
    "schedule",
    [
        *("@hourly", "@every 1h30m", "0 0 1 1 sun", "*/15 0-23/2 ? * MON-fri", "1,2,, * * * *"),
        # Kubernetes 1.25 to 1.28 take a time zone.
        *("TZ=UTC 0 0 * * *", "CRON_TZ=Etc/UTC @daily", "  0   0 * * *  "),
    ],
)
def test_schedules_that_cron_reads_pass(schedule: str) -> None:
    data = deepcopy(RIGHT["CronJob"])
    data["spec"]["schedule"] = schedule
    assert list(check_native(data)) == []


@pytest.mark.parametrize(
    ("request_", "limit", "code"),
    [
        ("1000m", "1", None),
        ("1024Mi", "1Gi", None),
        ("1e3", "1k", None),
        ("1E", "1e18", None),
        ("1Ei", "1152921504606846976", None),
        ("0.5Gi", "512Mi", None),
        ("1e-3", "1m", None),
        (0.1, "100m", None),
        ("+1", 1, None),
        ("1.0000000001", "1.000000001", None),
        ("1001m", "1", "native-request-above-limit"),
        ("1Gi", "1G", "native-request-above-limit"),
        ("1", "1000000u", None),
        ("2n", "1n", "native-request-above-limit"),
        ("1e99", "1", "native-request-above-limit"),
        ("1" * 5000, "many", None),
        ("1e1.5", "1", None),
        ("e3", "1", None),
    ],
)
def test_quantities_are_compared_as_the_server_does(
    request_: str | float, limit: str | int, code: str | None
) -> None:
    resources = {"requests": {"memory": request_}, "limits": {"memory": limit}}
    container = {"name": "a", "image": "a", "resources": resources}
    data = {"apiVersion": "v1", "kind": "Pod", "spec": {"containers": [container]}}
    assert [item.code for item in check_native(data)] == ([code] if code else [])


def test_numbers_too_long_to_be_written_are_left_to_the_schema() -> None:
    number = 10**5000
    resources = {"requests": {"cpu": number}, "limits": {"cpu": 1}}
    ports = [{"containerPort": number}]
    container = {"name": "a", "image": "a", "ports": ports, "resources": resources}
    data = {"apiVersion": "v1", "kind": "Pod", "spec": {"containers": [container]}}
    assert list(check_native(data)) == []


def test_a_pod_spec_in_another_kind_lacks_nothing_but_may_contradict_itself() -> None:
    overlay = yaml.safe_load(
        "{containers: [{name: main, env: [{name: A}, {name: A}],"
        " readinessProbe: {periodSeconds: 5}, volumeMounts: [{name: from-preset, mountPath: /a}],"
        " resources: {requests: {google.com/tpu: 4}}}], initContainers: [{lifecycle: {}}],"
        " volumes: [{secret: {}}], dnsPolicy: None}"
    )
    [found] = check_embedded_pod_spec(overlay, ("spec", "template"))
    assert (found.code, found.severity) == ("native-env-name-duplicate", Severity.WARNING)
    assert found.hint == ""

    overlay["containers"][0] |= {"name": "Main", "env": []}
    [found] = check_embedded_pod_spec(overlay, ("spec", "template"), "the LeaderWorkerSet")
    assert found.code == "native-name-format-invalid-deferred"
    assert found.severity is Severity.ERROR
    assert found.path == ("spec", "template", "containers", 0, "name")
    assert found.hint == "the server takes this object, and refuses the LeaderWorkerSet"

    overlay["containers"][0] |= {"name": "main", "imagePullPolicy": "always"}
    [found] = check_embedded_pod_spec(overlay, ("spec", "template"))
    later = "the server takes this object, and refuses the Deployment that is made of it"
    assert found.hint == f"did you mean `Always`?; {later}"


def test_what_a_preset_leaves_to_be_filled_in_is_not_judged() -> None:
    overlay = yaml.safe_load(
        "{serviceAccountName: '{{ .Name }}', containers: [{name: main,"
        " readinessProbe: {httpGet: {scheme: '{{ .Scheme }}', port: 0}}}]}"
    )
    [found] = check_embedded_pod_spec(overlay, ("spec", "template"))
    assert found.message == "port is 0; it must be from 1 to 65535"


def test_only_what_the_server_lets_pass_is_a_warning() -> None:
    found = {item.code for case in CASES for item in check_native(changed(case)[0])}
    mild = {
        item.code
        for case in CASES
        for item in check_native(changed(case)[0])
        if item.severity is Severity.WARNING
    }
    assert mild == {"native-address-range-not-canonical", "native-env-name-duplicate"} & found


@pytest.mark.parametrize(
    "data", [None, [], "a", {}, {"apiVersion": 1, "kind": "Pod"}, {"kind": "Pod"}]
)
def test_what_is_no_object_has_no_findings(data: Any) -> None:
    assert list(check_native(data)) == []


def keys_of(data: Any) -> set[str]:
    """Collect the keys of mappings, however deep."""
    if isinstance(data, list):
        return set().union(*map(keys_of, data))
    if not isinstance(data, dict):
        return set()
    return set(data) | keys_of(list(data.values()))


def leaves_of(data: Any, path: DataPath = ()) -> list[DataPath]:
    """Collect the places of everything in a document, down to its leaves."""
    inner: list[tuple[Any, Any]] = []
    if isinstance(data, dict):
        inner = list(data.items())
    elif isinstance(data, list):
        inner = list(enumerate(data))
    return [path, *(place for step, item in inner for place in leaves_of(item, (*path, step)))]


PLACES = [(name, path) for name in RIGHT for path in leaves_of(RIGHT[name]) if len(path) > 1]
WORDS = st.sampled_from(
    sorted(keys_of(RIGHT) | {"None", "Always", "1Gi", "0%", "@every", "10.0.0.0/8"})
)
SCALARS = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=9) | WORDS
JSON = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(WORDS, inner, max_size=4),
    max_leaves=12,
)


@settings(max_examples=300, deadline=None)
@given(kind=st.sampled_from(sorted(KINDS)), body=st.dictionaries(WORDS, JSON, max_size=4))
def test_no_data_of_a_known_kind_makes_a_check_fail(kind: tuple[str, str], body: Any) -> None:
    data = body | {"apiVersion": f"{kind[0]}/v1" if kind[0] else "v1", "kind": kind[1]}
    for found in check_native(data):
        assert found.code in load_findings()
        assert format_path(found.path)


@settings(max_examples=1000, deadline=None)
@given(place=st.sampled_from(PLACES), value=JSON)
def test_no_value_anywhere_in_a_document_makes_a_check_fail(
    place: tuple[str, DataPath], value: Any
) -> None:
    name, path = place
    data = deepcopy(RIGHT[name])
    value_at(data, path[:-1])[path[-1]] = value
    embedded = check_embedded_pod_spec(data.get("spec"), ("spec",))
    for found in (*check_native(data), *embedded):
        assert found.code in load_findings()
        value_at(data, found.path)
