"""What a dry run prints can be run, and does what a first run of the script does."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING

import pytest
from scripts.life import BY_PATH, SCRIPTS, TOKEN, TREE, Script, trees, world_before
from scripts.stand_ins import Call, Run, run_script
from scripts.test_common import run_text
from scripts.world import World

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

EVERY = [
    pytest.param(script, name, id=f"{name}: {script.path}")
    for name, folder in trees().items()
    for script in SCRIPTS
    if (folder / script.path).exists()
]
every_script = pytest.mark.parametrize(("script", "tree"), EVERY)


@cache
def dry_run(script: Script, tree: str) -> Run:
    return script.run(trees()[tree], "--dry-run", world=World())


def run_printed(folder: Path, printed: str, world: World, stdin: str = "") -> Run:
    """Run what a dry run printed, in the home of whoever runs it now."""
    path = folder / "printed.sh"
    path.write_text(printed.replace("/desk/home", "$HOME"), encoding="utf-8")
    return run_script(path, world=world, options=("-eu",), stdin=stdin)


def is_known_beforehand(call: Call) -> bool:
    """Whether a dry run can print a call.

    What undeploy.sh notes for a later run are the names that GKE gave, which only it tells.
    """
    return not {"annotate", "namespace"} <= set(call.argv)


def changes_of(calls: Iterable[Call]) -> list[tuple[str, tuple[str, ...]]]:
    """List the calls that change something; what a wait repeats counts once."""
    made = [(call.tool, call.argv) for call in calls if call.changing]
    return [item for number, item in enumerate(made) if made[number - 1 : number] != [item]]


@every_script
def test_a_dry_run_calls_nothing(script: Script, tree: str) -> None:
    dry = dry_run(script, tree)
    assert (dry.code, dry.err, dry.calls) == (0, "", [])


@every_script
def test_what_a_dry_run_prints_does_what_a_first_run_does(
    script: Script, tree: str, tmp_path: Path
) -> None:
    expected = world_before(script, trees()[tree])
    run = script.run(trees()[tree], "--yes", world=expected)
    first = list(filter(is_known_beforehand, run.calls))
    world = world_before(script, trees()[tree])
    done = run_printed(tmp_path, dry_run(script, tree).out, world, script.stdin)
    assert done.code == 0, done.err
    assert world.picture() == expected.picture()
    assert changes_of(done.calls) == changes_of(first)
    missing = {call.argv for call in first} - {call.argv for call in done.calls}
    assert missing == set()


@pytest.mark.parametrize(
    "path",
    [
        "secrets/create-hf-token.sh",
        "secrets/create-pull-secret.sh",
        "infrastructure/deploy-cert-manager.sh",
        "infrastructure/undeploy.sh",
    ],
)
def test_what_a_dry_run_prints_shows_no_credentials(path: str, tmp_path: Path) -> None:
    script = BY_PATH[path]
    world = world_before(script)
    done = run_printed(tmp_path, dry_run(script, "main").out, world, script.stdin)
    assert done.code == 0, done.err
    for secret in (TOKEN, "c29tZWJvZHk6eA==", '"auths"', "current-context"):
        assert secret not in done.out + done.err
    assert {modes for _, *modes_ in done.reads for modes in [tuple(modes_)]} <= {("0o600", "0o700")}


@pytest.mark.parametrize("option", ["--file", "--secret-manager"])
def test_a_token_from_elsewhere_is_read_by_what_is_printed(option: str, tmp_path: Path) -> None:
    script = BY_PATH["secrets/create-hf-token.sh"]
    name = "it's $(x) a name"
    dry = run_script(TREE / script.path, "--dry-run", option, name)
    world = world_before(script)
    world.home[name] = f"{TOKEN}\n"
    expected = world.copy()
    assert run_script(TREE / script.path, option, name, world=expected).code == 0
    done = run_printed(tmp_path, dry.out, world)
    assert done.code == 0, done.err
    assert world.picture() == expected.picture()
    assert TOKEN not in done.out + dry.out


def test_a_dry_run_leaves_the_kubeconfig_of_the_user_alone() -> None:
    for path in ("infrastructure/deploy-cert-manager.sh", "infrastructure/undeploy.sh"):
        lines = dry_run(BY_PATH[path], "main").out.splitlines()
        used = [
            line for line in lines if re.search(r"use-context|\bmake -C|helmfile destroy", line)
        ]
        assert len(used) == 2
        assert [line for line in used if 'KUBECONFIG="$WORK"/kubeconfig ' not in line] == []


def test_redirections_folders_and_conditions_are_printed_around_a_command(tmp_path: Path) -> None:
    text = (
        'take_options "$@"\nmake_work_folder\nlist=\n'
        'into "$WORK/a b" kubectl get x\n'
        'inside "it\'s" kubectl get y\n'
        "maybe kubectl get z\n"
        'keep list kubectl get names\nkubectl delete "$list" "all of $list"\n'
        'wait_until 9 3 "it" answers READY kubectl get state\n'
        'KUBECONFIG="$WORK/kubeconfig" kubectl get it\n'
        'locally awk "{ print }" "$WORK/a b"\n'
    )
    run = run_text(tmp_path, text, "--dry-run", WAIT_INTERVAL="3")
    assert (run.code, run.err) == (0, "")
    assert run.out.splitlines() == [
        'WORK=$(umask 077 && mktemp -d "${TMPDIR:-/tmp}/llmd-render.XXXXXX")',
        "(umask 077 && kubectl get x >\"$WORK\"'/a b')",
        "(cd 'it'\\''s' && kubectl get y)",
        "kubectl get z || true",
        "list=$(kubectl get names)",
        'kubectl delete "$list" \'all of \'"$list"',
        "# wait for it: at most 9 s",
        'until [ "$(kubectl get state)" = READY ]; do sleep 3; done',
        'KUBECONFIG="$WORK"/kubeconfig kubectl get it',
        "awk '{ print }' \"$WORK\"'/a b'",
        'rm -rf "$WORK"',
    ]
