"""Each script for real: once, twice, stopped anywhere, and with each of its calls refused."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from scripts.active_code import active_code
from scripts.life import (
    BY_PATH,
    LIFE,
    ONLY_LOOK,
    SCRIPTS,
    TREE,
    Script,
    trees,
    world_before,
)
from scripts.model_server import Model, serve
from scripts.stand_ins import Fault, Run, run_script
from scripts.world import Answer, World

if TYPE_CHECKING:
    from collections.abc import Iterator

STOPPED = re.compile(r"^stopped in step \d+ of \d+, .+; run it again to go on$", re.MULTILINE)
STEP = re.compile(r"^==> step (\d+) of (\d+), after \d+ s: ", re.MULTILINE)


def _find_different() -> Iterator[tuple[Script, str]]:
    """Find the scripts of all trees, leaving out those that an earlier tree has just so."""
    for script in SCRIPTS:
        seen: set[str] = set()
        for name, tree in trees().items():
            if (tree / script.path).exists():
                code = active_code(tree / script.path)
                if code not in seen:
                    yield script, name
                seen.add(code)


every_script = pytest.mark.parametrize(
    ("script", "tree"),
    [pytest.param(*pair, id=f"{pair[1]}: {pair[0].path}") for pair in _find_different()],
)


@cache
def first_run(script: Script, tree: str) -> tuple[Run, World]:
    """Run a script for the first time; give what it left, for all tests of this process."""
    world = world_before(script, trees()[tree])
    return script.run(trees()[tree], "--yes", world=world), world


_MENDED: set[tuple[Script, str, str]] = set()


def assert_a_run_mends(script: Script, tree: str, world: World, why: object) -> None:
    """Run a script again in what an unfinished run left; each such state is tried once."""
    state = (script, tree, world.picture())
    if state in _MENDED:
        return
    again = script.run(trees()[tree], "--yes", world=world)
    assert (again.code, again.err) == (0, ""), why
    assert world.picture() == first_run(script, tree)[1].picture(), why
    _MENDED.add(state)


@every_script
def test_a_first_run_succeeds_and_counts_its_steps(script: Script, tree: str) -> None:
    run, _ = first_run(script, tree)
    assert (run.code, run.err) == (0, "")
    steps = STEP.findall(run.out)
    assert steps == [(str(number), str(len(steps))) for number in range(1, len(steps) + 1)]
    assert steps or script.tolerant


@every_script
def test_a_second_run_changes_nothing(script: Script, tree: str) -> None:
    world = first_run(script, tree)[1].copy()
    before = world.picture()
    again = script.run(trees()[tree], "--yes", world=world)
    assert (again.code, again.err) == (0, "")
    assert world.picture() == before
    assert [call for call in again.calls if call.changed] == []
    assert [call for call in again.calls if call.tool == "gcloud" and call.changing] == []


@every_script
def test_stopped_at_any_change_and_run_again_it_comes_to_the_same_end(
    script: Script, tree: str
) -> None:
    for number, call in enumerate(first_run(script, tree)[0].calls):
        for how in ("kill-before", "kill-after") if call.changing else ():
            world = world_before(script, trees()[tree])
            fault = Fault(number, how)
            killed = script.run(trees()[tree], "--yes", world=world, fault=fault)
            assert killed.code == -9, call
            assert_a_run_mends(script, tree, world, (call, how))


@every_script
def test_with_any_call_refused_it_says_so_and_a_second_run_mends_it(
    script: Script, tree: str
) -> None:
    first, end = first_run(script, tree)
    seen = set()
    for number, call in enumerate(first.calls):
        if call.argv in seen:
            continue
        seen.add(call.argv)
        world = world_before(script, trees()[tree])
        fault = Fault(number, "refuse")
        run = script.run(trees()[tree], "--yes", world=world, fault=fault)
        if run.code == 0:
            # It was asked again, by a wait, or what it answers is only shown.
            assert world.picture() == end.picture(), call
            continue
        assert run.code == 1, call
        assert re.search(r"^error: ", run.err, re.MULTILINE), call
        if STEP.search(run.out):
            assert STOPPED.search(run.err), call
        assert_a_run_mends(script, tree, world, call)


def test_what_was_deployed_passes_its_tests_and_stays_as_it_is() -> None:
    world = world_before(BY_PATH["scripts/status.sh"])
    model = Model("Qwen/Qwen2.5-3B-Instruct", headers=(("X-Went-Into-Resp-Headers", "true"),))
    with serve(model) as port:
        (gateway,) = (row for row in world.state["objects"].values() if row["kind"] == "Gateway")
        gateway["status"]["addresses"] = [{"value": f"127.0.0.1:{port}"}]
        forward = Answer(" port-forward ", f"Forwarding from 127.0.0.1:{port} -> 8000\n")
        world.answers += [forward, Answer(" logs ")]
        before = world.picture()
        script = TREE / "scripts/test-cluster.sh"
        run = run_script(script, world=world, without=("curl",))
    assert (run.code, run.err) == (0, "")
    assert "\n6 passed, 0 failed, 1 skipped\n" in run.out
    assert world.picture() == before


def test_every_script_of_every_tree_is_run_by_these_tests_or_by_its_own() -> None:
    here = Path(__file__).parent
    for tree in trees().values():
        found = {path.relative_to(tree).as_posix() for path in tree.rglob("*.sh")}
        scripts = {path for path in found if not path.startswith("lib/")}
        assert scripts - {script.path for script in SCRIPTS} == set(ONLY_LOOK)
    for path, module in ONLY_LOOK.items():
        assert Path(path).name in (here / module).read_text()


def test_the_runbook_has_the_scripts_in_the_order_in_which_they_are_tested() -> None:
    deploy = (TREE / "README.md").read_text().partition("## Deploy")[2].partition("###")[0]
    rows = "\n".join(re.findall(r"^\| \d+ \|.*", deploy, re.MULTILINE))
    named = re.findall(r"`((?:cluster|infrastructure|scripts)/[\w.-]+)`", rows)
    tested = [item.path for item in LIFE if isinstance(item, Script)]
    assert [path for path in named if path in tested] == [
        "cluster/preflight.sh",
        "cluster/enable-apis.sh",
        "cluster/create-cluster.sh",
        "cluster/get-credentials.sh",
        "infrastructure/deploy-cert-manager.sh",
        "infrastructure/deploy-lws-crds.sh",
        "infrastructure/deploy-kserve.sh",
        "cluster/create-tpu-node-pool.sh",
        "cluster/verify-cluster.sh",
        "scripts/deploy.sh",
    ]
