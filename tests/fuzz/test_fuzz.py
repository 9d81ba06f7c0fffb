"""Spoiled input of every kind: findings at a place or none, never an exception, never a hang.

LLMD_RENDER_FUZZ multiplies the number of cases, and `make fuzz` sets it to 10. A seed decides a
case alone, so that a failure, which names its seed, comes again.
"""

from __future__ import annotations

import json
import os
import re
import signal
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree as ET

import pytest
import yaml
from fuzz.mutations import spoil_bytes, spoil_data
from support import CHECKOUT, OUT

from llmd_render import report
from llmd_render.diagnostics import Diagnostic, InputError, Location
from llmd_render.findings import load_findings
from llmd_render.manifest import read_manifests
from llmd_render.pipeline import Inputs, Outcome, lint_inputs, load_text, render_profile
from llmd_render.rules import ALL_RULES
from llmd_render.validate import Admission, SchemaStore, apply_defaults

if TYPE_CHECKING:
    from collections.abc import Iterator

FACTOR = int(os.environ.get("LLMD_RENDER_FUZZ", "1"))
PARTS = range(8)
# What no case comes near to, even on a machine that is busy with something else.
LONGEST_SECONDS = 60
# YAML breaks lines at these too, where the project and many editors do not.
ODD_LINE_ENDS = re.compile("\r(?!\n)|[\x85\u2028\u2029]")
NASTY = (
    b"",
    b"a: &a [*a]\n",
    b"a: &a {b: 1}\nc: {<<: *a, <<: [*a, *a]}\n",
    b"? [a]\n: b\n? {c: d}\n: e\n",
    b"{{ if .Values.x }}\nkind: A\n{{ end }}\n",
    b"%YAML 1.1\n%TAG !e! tag:e,2000:\n---\na: !e!b c\n---\nd: !e!f g\n",
    b"apiVersion: v1\nkind: List\nitems: [1, {kind: ConfigMap}, {kind: List, items: [{}]}]\n",
    b"apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\ndata: {a: on, b: 0x10, c: 1e3, d: ~}\n",
    b"apiVersion: v1\nkind: ConfigMapList\nitems:\n- metadata: {name: a}\n  data: {a: |\n   b}\n",
    b"a: 1 # llmd-render: ignore yaml-value-ambiguous w\n# llmd-render: ignore\n# llmd-render: x\n",
    b"apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\nresources: ["
    + b"a" * 300
    + b', "a\\0b", ../.., /]\npatches: [{path: a.yaml}, {patch: "- op: x"}]\n',
    b"apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: a}\nspec: &s {tmpl: {spec: *s}}\n",
)


OVERLAY = (
    b"resources: [../base]\npatches: [{path: patch.yaml}, {path: patch.yaml, target: {kind: A}}]\n"
)
PATCHES = (
    b"apiVersion: v1\nkind: Service\nmetadata: {name: a}\nspec: {a: [{b: 1, $patch: delete}]}\n",
    b"- {op: replace, path: /spec/replicas, value: 2}\n- {op: remove, path: /metadata/labels/a}\n",
)


@cache
def files() -> tuple[tuple[str, bytes], ...]:
    """List what is spoiled: name and content."""
    found = [(path.name, path.read_bytes()) for path in sorted(OUT.rglob("*.yaml"))]
    assert len(found) > 10
    found += [(f"nasty{n}.yaml", text) for n, text in enumerate(NASTY)]
    return (*found, *(("patch.yaml", text) for text in PATCHES))


@cache
def profiles() -> tuple[bytes, ...]:
    return tuple(path.read_bytes() for path in sorted((CHECKOUT / "profiles").glob("*.yaml")))


@cache
def documents() -> tuple[Any, ...]:
    """List right documents of every kind that there is a schema or a check for."""
    found = []
    for path in sorted(OUT.rglob("*.yaml")):
        found += [item.data for item in read_manifests(path.read_text(), path.name)[0]]
    found += read_yaml(CHECKOUT / "tests/unit/native_cases.yaml")["right"].values()
    agreement = sorted((CHECKOUT / "tests/oracle/agreement").glob("*.yaml"))
    found += [read_yaml(path)["right"] for path in agreement]
    found = [item for item in found if isinstance(item, dict) and "kind" in item]
    assert len({item["kind"] for item in found}) > 30
    return tuple(found)


def read_yaml(path: Path) -> Any:
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    return yaml.load(path.read_bytes(), Loader=loader)  # noqa: S506 - it is safe


@cache
def store(kubernetes: str, _crds: Any = (), _later: Any = ()) -> SchemaStore:
    return SchemaStore(kubernetes)


@cache
def known_codes() -> frozenset[str]:
    return frozenset((*load_findings(), *(rule.name for rule in ALL_RULES)))


@contextmanager
def one_case(seed: str, shown: object) -> Iterator[None]:
    """End a case that hangs, and say of one that fails how to have it again."""

    def interrupt(*_: Any) -> None:
        raise TimeoutError(f"more than {LONGEST_SECONDS} seconds")

    before = signal.signal(signal.SIGALRM, interrupt)
    signal.alarm(LONGEST_SECONDS)
    try:
        yield
    except BaseException as error:
        error.add_note(f"seed {seed!r}: {shown!r}")
        raise
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)


def cases(name: str, part: int, count: int) -> Iterator[tuple[str, Random]]:
    for number in range(part, count * FACTOR, len(PARTS)):
        seed = f"{name} {number}"
        yield seed, Random(seed)  # noqa: S311 - the same cases in each run


def assert_well_placed(found: list[Diagnostic], text: str) -> None:
    """Check that each finding is one that `explain` knows, at a place that the text has."""
    for item in found:
        assert item.code in known_codes(), item
        assert item.message, item
        assert ODD_LINE_ENDS.search(text) or is_within(item.location, text), item


def is_within(place: Location, text: str) -> bool:
    """Whether an editor could go there; to it the end of the text may be a line of its own."""
    lines = [len(line) for line in (text if text.endswith("\n") else f"{text}\n").split("\n")]
    return place.line <= len(lines) and place.column <= (lines[place.line - 1] + 1) * bool(
        place.line
    )


def assert_can_be_reported(found: list[Diagnostic]) -> None:
    """Check that each format says all of it, in characters that can be written."""
    assert bool(report.to_text(found).encode()) == bool(found)
    assert len(json.loads(report.to_json(found, (), {}))["diagnostics"]) == len(found)
    made = {name: report.to_format(name, found) for name in report.CI_FORMATS}
    assert all(text.encode() for text in (made["sarif"], made["gitlab"], made["junit"]))
    assert len(json.loads(made["sarif"])["runs"][0]["results"]) == len(found)
    assert len(json.loads(made["gitlab"])) == len(found)
    assert made["github"].encode().count(b"\n") == len(found)
    ET.fromstring(made["junit"])  # noqa: S314 - it is ours


@pytest.mark.parametrize("part", PARTS)
def test_any_bytes_are_judged_without_an_exception(
    part: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("llmd_render.pipeline.foreign.SchemaStore", store)
    contents = [content for _, content in files()]
    for seed, chance in cases("bytes", part, 2000):
        name, good = chance.choice(files())
        spoiled = spoil_bytes(good, contents, chance)
        with one_case(seed, spoiled):
            result = lint(tmp_path, name, spoiled)
            assert_can_be_reported(result)


def lint(folder: Path, name: str, content: bytes) -> list[Diagnostic]:
    """Lint a file, a patch beside the kustomization that names it, and check the places."""
    inputs = Inputs()
    written = [(name, content)] + [("kustomization.yaml", OVERLAY)] * (name == "patch.yaml")
    for each, text in written:
        (folder / each).write_bytes(text)
        inputs.add(folder / each)
    found = lint_inputs(inputs).diagnostics
    texts = dict(inputs.texts)
    for item in found:
        assert_well_placed([item], texts.get(item.location.file, ""))
    return found


@pytest.mark.parametrize("part", PARTS)
def test_any_data_is_judged_alike_each_time_and_at_places_that_it_has(part: int) -> None:
    for seed, chance in cases("data", part, 6000):
        data = spoil_data(chance.choice(documents()), chance)
        with one_case(seed, data):
            before = repr(data)
            schemas = store(chance.choice(("1.34", "1.37")))
            found = list(Admission(schemas).check(data))
            assert repr(data) == before, "nobody changes what is judged"
            assert found == list(Admission(schemas).check(data))
            for item in found:
                assert item.code in known_codes(), item
                assert has_place(data, item.path, schemas), item


def has_place(data: Any, path: tuple[str | int, ...], schemas: SchemaStore) -> bool:
    """Whether a path leads to something in the data, or to what a thing in it lacks."""
    if leads(data, path) or leads(data, path[:-1]):
        return True
    schema = schemas.find(data["apiVersion"], data["kind"])
    return schema is not None and leads(apply_defaults(data, schema), path)


def leads(data: Any, path: tuple[str | int, ...]) -> bool:
    for step in path:
        try:
            data = data[step]
        except (KeyError, IndexError, TypeError):
            return False
    return True


@pytest.mark.parametrize("part", PARTS)
def test_any_bytes_as_a_profile_are_refused_or_rendered(part: int) -> None:
    for seed, chance in cases("profile", part, 240):
        text = spoil_bytes(chance.choice(profiles()), profiles(), chance).decode("utf-8", "replace")
        with one_case(seed, text):
            try:
                outcome = render_profile(load_text(text, "profile.yaml"))
            except InputError as error:
                found = list(error.diagnostics)
                assert found
            else:
                assert isinstance(outcome, Outcome)
                assert outcome.files or not outcome.ok
                assert all(item.text.encode() for item in outcome.files)
                found = [
                    item for item in outcome.diagnostics if item.location.file == "profile.yaml"
                ]
            assert_well_placed(found, text)
            assert_can_be_reported(found)


@pytest.mark.parametrize("thing", ["9", "1_", "9.", ": ", "- ", "? ", "[", "{", "&a ", "a/", "#"])
def test_a_long_run_of_one_thing_takes_no_longer_than_it_is_long(
    thing: str, tmp_path: Path
) -> None:
    for text in (thing * 100_000, f"apiVersion: v1\nkind: {thing * 100_000}\n"):
        with one_case(f"run of {thing}", text[:40]):
            assert lint(tmp_path, "a.yaml", text.encode())
            with pytest.raises(InputError):
                load_text(text, "profile.yaml")
