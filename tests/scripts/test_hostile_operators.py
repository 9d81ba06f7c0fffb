"""What an operator gives by option, environment or keyboard arrives whole, or is refused."""

from __future__ import annotations

import base64
import shlex
from typing import TYPE_CHECKING

import pytest
from benchmark_world import TEN, render
from scripts.life import BY_PATH, LIFE, ONLY_LOOK, TREE, Script, full_tree, world_before
from scripts.model_server import Model, serve
from scripts.stand_ins import run_script
from scripts.test_diagnose import read_archive
from scripts.world import LOGIN, Answer, World

if TYPE_CHECKING:
    from pathlib import Path

    from benchmark_world import World as Machine

ALL = [script.path for script in BY_PATH.values() if script.shipped] + list(ONLY_LOOK)
TEXT = '-x it\'s a "place" $(touch canary) `touch canary`;touch canary& \\ é ~ * {a,b}'
TEST = "scripts/test-cluster.sh"
MODEL = "Qwen/Qwen2.5-3B-Instruct"


def assert_nothing_ran(world: World) -> None:
    assert [name for name in world.home if name.rpartition("/")[2] == "canary"] == []


@pytest.mark.parametrize("path", ALL)
def test_an_unknown_option_is_told_as_it_is(path: str) -> None:
    world = World()
    run = run_script(TREE / path, TEXT, world=world)
    assert run.err == f"error: unknown option: {TEXT} (--help lists what there is)\n"
    assert (run.code, run.calls) == (2 if path == TEST else 1, [])
    assert_nothing_ran(world)


@pytest.mark.parametrize("path", ALL)
def test_a_script_finds_its_library_whatever_cdpath_is(path: str) -> None:
    begin = ("-c", 'cd "${0%/*/*}" && script=${0#"$PWD/"} && exec bash "$script" "$@"')
    environment = {"CDPATH": f".:{full_tree()}"}
    run = run_script(TREE / path, "--help", options=begin, environment=environment)
    assert (run.code, run.err) == (0, "")
    assert "\n  --dry-run   print the commands" in run.out


def test_home_caches_and_temporary_files_may_be_anywhere() -> None:
    worlds = World(), World()
    for item in LIFE:
        if not isinstance(item, Script):
            for world in worlds:
                item(world)
        elif item.shipped:
            plain, hostile = (
                run_script(TREE / item.path, "--yes", world=world, stdin=item.stdin, place=place)
                for world, place in zip(worlds, ("", TEXT), strict=True)
            )
            assert (hostile.code, hostile.err) == (plain.code, plain.err) == (0, ""), item
            assert hostile.lines == plain.lines, item
            assert worlds[1].state == worlds[0].state, item
            assert list(worlds[1].home) == list(worlds[0].home), item


def test_a_relative_folder_for_temporary_files_is_refused() -> None:
    run = run_script(TREE / "scripts/diagnose.sh", environment={"TMPDIR": "-x $(touch canary)"})
    assert (run.code, run.calls) == (1, [])
    assert run.err == "error: there is no folder ./-x $(touch canary)\n"
    run = run_script(TREE / "cluster/preflight.sh", environment={"TMPDIR": "-x"})
    assert (run.code, run.calls) == (1, [])
    assert run.err == "error: TMPDIR is '-x'; it must begin with /\n"


def test_a_relative_folder_for_caches_is_refused() -> None:
    path = "infrastructure/deploy-cert-manager.sh"
    run = run_script(TREE / path, environment={"XDG_CACHE_HOME": "-x $(touch canary)"})
    assert (run.code, run.calls) == (1, [])
    assert run.err == "error: XDG_CACHE_HOME is '-x $(touch canary)'; it must begin with /\n"


ADDRESSES = [
    TEXT,
    "a b",
    "host/path",
    "user@host",
    "host?x",
    "host#x",
    "a,b",
    "{a,b}",
    "$(id)",
    "é",
]


@pytest.mark.parametrize("address", [*ADDRESSES, "host\n"])
def test_an_address_that_is_none_is_refused(address: str, machine: Machine) -> None:
    world = World()
    run = run_script(TREE / TEST, world=world, environment={"GATEWAY_ADDRESS": address})
    said = f"warning: GATEWAY_ADDRESS is '{address}': give the address or name alone\n"
    assert (run.code, run.err, run.calls) == (2, said, [])
    done = machine.bash(TREE, GATEWAY_ADDRESS=address)
    assert done.returncode == 1
    assert done.stderr.startswith(said)
    assert machine.seen == []
    assert_nothing_ran(world)


@pytest.mark.parametrize(
    "address", ["models.example.com", "10.0.0.1:8080", "[::1]", "[fe80::1]:80"]
)
def test_an_address_is_asked_as_it_was_given(address: str) -> None:
    run = run_script(TREE / TEST, "--dry-run", environment={"GATEWAY_ADDRESS": address})
    assert run.code == 0
    urls = [word for word in shlex.split(run.out, comments=True) if word.endswith("/v1/models")]
    assert urls == [f"http://{address}/llm-d-inference-scheduling/qwen2-3b-pattern1/v1/models"]


@pytest.mark.parametrize("seconds", ["x", "0", "08", "1.5", "-1", "1e3", "[1]", "100000", "$(id)"])
def test_a_time_that_is_none_is_refused(seconds: str, machine: Machine) -> None:
    said = f"error: REQUEST_TIMEOUT is '{seconds}': give whole seconds, from 1 to 99999\n"
    run = run_script(TREE / TEST, environment={"REQUEST_TIMEOUT": seconds})
    assert (run.code, run.err, run.calls) == (2, said, [])
    done = machine.bash(TREE, REQUEST_TIMEOUT=seconds)
    assert (done.returncode, done.stderr, machine.seen) == (1, said, [])


def test_results_of_the_tests_go_into_any_folder() -> None:
    world = world_before(BY_PATH["scripts/status.sh"])
    with serve(Model(MODEL)) as port:
        world.answers += [
            Answer(" port-forward ", f"Forwarding from 127.0.0.1:{port} -> 8000\n"),
            Answer(" logs "),
        ]
        run = run_script(
            TREE / TEST, "--port-forward", "--output", TEXT, world=world, without=("curl",)
        )
    assert (run.code, run.err) == (0, "")
    assert f"\nresults are in ./{TEXT}\n" in run.out
    written = {name for name in world.home if name.startswith(f"{TEXT}/")}
    assert written == {f"{TEXT}/test-results.json", f"{TEXT}/test-results.xml"}
    assert_nothing_ran(world)


def test_a_diagnosis_goes_into_any_folder(tmp_path: Path) -> None:
    (tmp_path / TEXT).mkdir()
    begin = ("-c", 'cd "$PLACE" && exec bash "$0" "$@"')
    environment = {"WAIT_FACTOR": "0", "PLACE": str(tmp_path)}
    script = TREE / "scripts/diagnose.sh"
    run = run_script(script, "--output", TEXT, options=begin, environment=environment)
    assert (run.code, run.err) == (0, "")
    assert f"\narchive: ./{TEXT}/diagnose-" in run.out
    assert "0-summary.txt" in read_archive(tmp_path / TEXT)
    assert [path.name for path in tmp_path.iterdir()] == [TEXT]


def test_results_of_a_benchmark_go_into_any_folder_and_are_compared_there(machine: Machine) -> None:
    begun = sorted(path.name for path in machine.folder.iterdir())
    done = machine.bash(render(machine.folder, TEN), "--output", TEXT)
    assert (done.returncode, done.stderr) == (0, "")
    (run,) = (machine.folder / TEXT).iterdir()
    assert f"\n./{TEXT}/{run.name}\n" in done.stdout
    run.rename(machine.folder / f"{TEXT}2")
    compared = machine.bash(TREE, "--compare", f"{TEXT}2", f"{TEXT}2")
    assert (compared.returncode, compared.stderr) == (0, "")
    assert compared.stdout.startswith("load        value  before  after  change\n")
    made = {path.name for path in machine.folder.iterdir()} - set(begun)
    assert made == {"calls", "made.yaml", "out", TEXT, f"{TEXT}2"}


FILES = [
    "secrets/check-pull-secret.sh",
    "secrets/create-pull-secret.sh",
    "infrastructure/deploy-cert-manager.sh",
]


@pytest.mark.parametrize("path", FILES)
def test_credentials_are_read_from_a_file_of_any_name(path: str) -> None:
    world = world_before(BY_PATH[path])
    world.home[TEXT] = world.home.pop(LOGIN)
    run = run_script(TREE / path, "--file", TEXT, world=world)
    assert (run.code, run.err) == (0, "")
    assert f"used: a login by user name from {TEXT}\n" in run.out
    assert_nothing_ran(world)


@pytest.mark.parametrize("path", FILES)
def test_a_file_without_credentials_is_named_as_it_was_given(path: str) -> None:
    run = run_script(TREE / path, "--file", TEXT, world=world_before(BY_PATH[path]))
    assert run.code == 1
    assert run.err.startswith(f"error: {TEXT} cannot be read\n")


SECRET = "hf_$(>canary)`>canary`'\"\\;&|*~é{{x}}%s-x"  # noqa: S105 - made for this test


@pytest.mark.parametrize("way", ["pipe", "terminal", "file"])
def test_a_token_of_any_signs_is_stored_as_it_is_and_never_shown(way: str) -> None:
    path = "secrets/create-hf-token.sh"
    world = world_before(BY_PATH[path], full_tree())
    arguments: tuple[str, ...] = ()
    if way == "file":
        world.home[TEXT] = SECRET
        arguments = ("--file", TEXT)
    run = run_script(
        full_tree() / path, *arguments, world=world, stdin=f"{SECRET}\n", terminal=way == "terminal"
    )
    assert (run.code, run.err.removeprefix(PROMPT)) == (0, "")
    (stored,) = (
        row for row in world.state["objects"].values() if row["metadata"]["name"] == "hf-token"
    )
    assert base64.b64decode(stored["data"]["HF_TOKEN"]).decode() == SECRET
    assert ">canary" not in run.out + run.err + "".join(run.lines)
    assert_nothing_ran(world)


PROMPT = "Hugging Face token (it stays invisible): \n"
STOP = "cluster/scale-to-zero.sh"
CLUSTER = "llmd-gke-native-tpu-pattern1"


@pytest.mark.parametrize(
    "typed",
    ["", "$CLUSTER", "${CLUSTER}", f'"{CLUSTER}"', f"{CLUSTER} now", "*", "-n", TEXT, CLUSTER[:-1]],
)
def test_what_is_typed_instead_of_the_name_of_the_cluster_changes_nothing(typed: str) -> None:
    world = world_before(BY_PATH[STOP])
    before = world.picture()
    run = run_script(TREE / STOP, world=world, stdin=f"{typed}\n", terminal=True)
    assert run.code == 1
    assert "\nerror: that is not its name; nothing was changed\n" in f"\n{run.err}".replace(
        "to go on: ", "\n"
    )
    assert world.picture() == before


def test_with_the_name_of_the_cluster_typed_it_goes_on() -> None:
    world = world_before(BY_PATH[STOP])
    run = run_script(TREE / STOP, world=world, stdin=f"{CLUSTER}\n", terminal=True)
    assert run.code == 0
    assert world.state["clusters"][CLUSTER]["sizes"]["tpu-v6e-pool"] == 0
