"""Whatever a free text of a profile holds, every script passes it on whole, and runs none of it.

A profile is rendered twice: with a harmless word in each free text, and with a hostile one. Every
script is run for real in both trees, and has to make the same calls, with the same words, leave the
same objects and say the same, but for the one text in the place of the other.
"""

from __future__ import annotations

import json
import re
import shlex
import shutil
from collections import defaultdict
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from free_texts import FREE, WORDS, closed_by, text_fields
from hypothesis import given, settings
from hypothesis import strategies as st
from scripts.hostile import (
    ALL_AT_ONCE,
    CANARY,
    FOLDER,
    HARMLESS,
    NASTY,
    Trace,
    assert_same,
    data_of,
    exchanged,
    fit,
    harmless_life,
    harmless_tree,
    hostile,
    hostile_tree,
    live,
    trace,
)
from scripts.life import BY_PATH, FULL, REGIONAL
from scripts.model_server import Model, serve
from scripts.stand_ins import Run, run_script
from scripts.world import Answer, World
from support import files_of

from llmd_render.pipeline import load_text, render_profile

if TYPE_CHECKING:
    from benchmark_world import World as Machine

CLOSED = {
    WORDS: """apiVersion certManager.source cluster.capacity.kind cluster.location
        cluster.releaseChannel managedRoute routing server.compileCache.accessMode server.dtype
        tpu.type use""",
    "CertManagerVersion": "certManager.version",
    "Cidr": "gateway.allowedSourceRanges[0] gateway.proxyOnlySubnet.range",
    "ClusterName": "cluster.name cluster.tpuPool.name",
    "DnsLabel": """gateway.className gateway.name gateway.namespace gateway.tls.secret
        secrets.hfToken secrets.pullSecret server.compileCache.storageClass service.namespace""",
    "Duration": "monitoring.interval server.startupBudget",
    "EnvName": "server.env.KEY",
    "GitRef": "kserve.ref",
    "GkeVersion": "cluster.version",
    "ImageRef": "benchmark.image server.image",
    "ProjectId": "project",
    "Quantity": "server.compileCache.size",
    "ResourceName": """cluster.cpuPool.machineType cluster.network cluster.subnetwork
        gateway.address gateway.proxyOnlySubnet.name gateway.tls.certificate tpu.machineType""",
    "RuleName": "lint.ignore[0].rule",
    "Scenario": "benchmark.scenarios[0]",
    "ServiceName": "name service.name",
    "Sha256": "certManager.sha256",
    "Topology": "tpu.topology",
    "Zone": "cluster.cpuPool.zones[0] zone",
}
# What the shape lets in, and no file of a tree ever holds.
NEVER_RENDERED = {"extends", "kserve.version"}
ANY = st.text(st.characters(exclude_categories=["Cc", "Cs"]), min_size=1, max_size=40)


def test_every_text_of_a_profile_is_closed_or_is_tried_below() -> None:
    found = defaultdict(list)
    for name in text_fields():
        found[closed_by(name)].append(name)
    assert set(found.pop("")) == {*FREE, *NEVER_RENDERED}
    assert {kind: sorted(names) for kind, names in found.items()} == {
        kind: names.split() for kind, names in CLOSED.items()
    }


def test_a_hostile_version_of_kserve_is_refused() -> None:
    loaded = load_text(json.dumps({**data_of(FULL, {}), "kserve": {"version": NASTY[1]}}), "p.yaml")
    outcome = render_profile(loaded)
    assert (outcome.ok, outcome.files) == (False, ())
    assert f"the tool cannot render for KServe {NASTY[1]}" in [
        i.message for i in outcome.diagnostics
    ]


@pytest.mark.parametrize("base", [FULL, REGIONAL], ids=["full", "regional"])
def test_through_a_whole_life_every_free_text_arrives_and_none_is_run(
    base: str, tmp_path: Path
) -> None:
    texts = hostile(ALL_AT_ONCE)
    tree = tmp_path / FOLDER
    shutil.copytree(hostile_tree(base, texts), tree)
    found, harmless = live(tree).traces, harmless_life(base).traces
    assert list(found) == list(harmless)
    for path, left in harmless.items():
        assert (left.code, left.err) == (0, ""), path
        assert_same(found[path], left, texts, path)
    assert [path for path in tmp_path.rglob("*") if path.name == "canary"] == []


def test_a_dry_run_of_every_script_prints_every_free_text_as_one_word(tmp_path: Path) -> None:
    texts = hostile(ALL_AT_ONCE)
    tree = tmp_path / FOLDER
    shutil.copytree(hostile_tree(FULL, texts), tree)
    for path in sorted(tree.rglob("*/*.sh")):
        name = path.relative_to(tree).as_posix()
        if not name.startswith("lib/"):
            assert_same(dry_run(tree, name), dry_run(harmless_tree(FULL), name), texts, name)


def dry_run(tree: Path, path: str) -> Trace:
    """Run a script dry; give each command that it prints as the shell reads it."""
    run = run_script(tree / path, "--dry-run")
    assert run.calls == []
    words = shlex.split(run.out, comments=True)
    read = tuple(_as_data(word.replace(str(tree), "/tree")) for word in words)
    return Trace(run.code, [read], "", run.err)


def _as_data(word: str) -> Any:
    """Read the body of a request as its receiver does."""
    return json.loads(word) if word.startswith('{"') else word


def test_only_these_files_hold_a_free_text() -> None:
    harmless = files_of(harmless_tree(FULL))
    found = files_of(hostile_tree(FULL, hostile(NASTY[3])))
    assert {path for path in found if found[path] != harmless[path]} - {".llmd-render.json"} == {
        "README.md",
        "cluster/create-tpu-node-pool.sh",
        "lib/common.sh",
        "lib/evidence.sh",
        "scripts/test-cluster.sh",
        "workload/llminferenceservice.yaml",
    }


def test_a_diagnosis_makes_the_same_calls_whatever_the_profile_holds(tmp_path: Path) -> None:
    texts = hostile(ALL_AT_ONCE)

    def diagnose(tree: Path) -> set[tuple[str, ...]]:
        world = World(answers=[Answer("")])
        script = tree / "scripts/diagnose.sh"
        run = run_script(script, "--output", str(tmp_path), world=world)
        assert (run.code, run.err) == (0, "")
        return set(trace(run, tree).calls)

    assert diagnose(hostile_tree(FULL, texts)) == exchanged(diagnose(harmless_tree(FULL)), texts)
    assert not CANARY.exists()


def test_a_benchmark_asks_for_the_model_by_its_name_whatever_that_holds(machine: Machine) -> None:
    texts = hostile(ALL_AT_ONCE)
    done = machine.bash(hostile_tree(FULL, texts))
    assert (done.returncode, done.stderr) == (0, "")
    asked = {body["model"] for _, _, body in machine.seen}
    results = json.loads((machine.results() / "results.json").read_text(encoding="utf-8"))
    assert asked == {results["model"]} == {texts["service.servedModelName"]}
    assert not CANARY.exists()


@cache
def harmless_requests() -> tuple[Trace, Any]:
    return send_requests(harmless_tree(FULL), HARMLESS)


def send_requests(tree: Path, texts: dict[str, str]) -> tuple[Trace, Any]:
    """Test the service of a model with the name of the profile; give what the server got."""
    world = harmless_life(FULL).before["scripts/status.sh"].copy()
    model = Model(texts["service.servedModelName"])
    with serve(model) as port:
        (gateway,) = (row for row in world.state["objects"].values() if row["kind"] == "Gateway")
        gateway["status"]["addresses"] = [{"value": f"127.0.0.1:{port}"}]
        forward = Answer(" port-forward ", f"Forwarding from 127.0.0.1:{port} -> 8000\n")
        world.answers += [forward, Answer(" logs ")]
        run = run_script(tree / "scripts/test-cluster.sh", world=world, without=("curl",))
    # It shows names as JSON, and another test reads what it shows.
    said = Run(run.code, run.out.splitlines()[-1], run.err, run.calls)
    got = [(item.method, item.path, item.body and item.data()) for item in model.requests]
    return trace(said, tree), json.loads(re.sub(r"Run [0-9 ]+\.", "Run N.", json.dumps(got)))


SPOTS = ("cluster/create-tpu-node-pool.sh", "scripts/deploy.sh")


def assert_arrives(texts: dict[str, str]) -> None:
    """Run the scripts that hold, apply or send a free text."""
    tree = hostile_tree(FULL, texts)
    for path in SPOTS:
        world = harmless_life(FULL).before[path].copy()
        run = BY_PATH[path].run(tree, "--yes", world=world)
        assert_same(trace(run, tree, world), harmless_life(FULL).traces[path], texts, path)
    (found, got), (harmless, wanted) = send_requests(tree, texts), harmless_requests()
    assert_same(found, harmless, texts, "scripts/test-cluster.sh")
    assert got == exchanged(wanted, texts)
    assert [body["model"] for _, _, body in got if body] == [texts["service.servedModelName"]] * 5


@pytest.mark.parametrize("text", NASTY, ids=range(len(NASTY)))
def test_a_nasty_text_in_every_free_field_arrives_as_it_is(text: str) -> None:
    assert_arrives(hostile(text))


@given(st.lists(ANY, min_size=len(FREE), max_size=len(FREE)))
@settings(max_examples=5)
def test_any_text_in_every_free_field_arrives_as_it_is(drawn: list[str]) -> None:
    assert_arrives({name: fit(name, text) for name, text in zip(FREE, drawn, strict=True)})
