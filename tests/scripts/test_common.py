"""What every script has from its libraries: options, messages, waits, and the dry run."""

from __future__ import annotations

import json
import re
import shlex
import shutil
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from scripts.life import SCRIPTS, TREE, render_tree, world_before
from scripts.stand_ins import Run, run_script
from support import MINIMAL, MINIMAL_DATA, files_of, merge

if TYPE_CHECKING:
    from scripts.world import World

ALL = sorted(
    path for path in files_of(TREE) if path.endswith(".sh") and not path.startswith("lib/")
)
OPTIONS = """\
  --dry-run   print the commands of a first run, and call none
  --yes       ask nothing
  --help      this text
"""
HEAD = """\
#!/usr/bin/env bash
# Does one thing.
set -Eeuo pipefail
here=$(
  file=${BASH_SOURCE[0]}
  while link=$(readlink -- "$file"); do
    case $link in /*) file=$link ;; *) file=$(dirname -- "$file")/$link ;; esac
  done
  CDPATH='' cd -P -- "$(dirname -- "$file")" && pwd
)
. "$here/../lib/common.sh"
"""


def run_text(folder: Path, text: str, *args: str, world: World | None = None, **more: str) -> Run:
    """Run a script made for one test, beside the shipped libraries."""
    shutil.copytree(TREE / "lib", folder / "lib", dirs_exist_ok=True)
    (folder / "cluster").mkdir(exist_ok=True)
    (folder / "cluster/made.sh").write_text(HEAD + text, encoding="utf-8")
    return run_script(folder / "cluster/made.sh", *args, world=world, environment=more)


@pytest.mark.parametrize("path", ALL)
def test_help_is_the_comment_at_the_top_and_calls_nothing(path: str) -> None:
    run = run_script(TREE / path, "--help")
    assert (run.code, run.err, run.calls) == (0, "", [])
    text = (TREE / path).read_text().partition("\n")[2]
    comment = text[: re.search(r"^(?!#)", text, re.MULTILINE).start()]  # type: ignore[union-attr]
    assert run.out == re.sub(r"(?m)^# ?", "", comment) + OPTIONS


@pytest.mark.parametrize("path", ALL)
def test_an_unknown_option_is_named_and_nothing_is_called(path: str) -> None:
    run = run_script(TREE / path, "--ye")
    # There 1 says that a test failed.
    assert (run.code, run.calls) == (2 if path == "scripts/test-cluster.sh" else 1, [])
    assert run.err == "error: unknown option: --ye (--help lists what there is)\n"


ASKING = [
    "cluster/create-cluster.sh",
    "cluster/create-tpu-node-pool.sh",
    "cluster/update-tpu-node-pool.sh",
    "cluster/scale-to-zero.sh",
    "cluster/scale-up.sh",
    "scripts/undeploy.sh",
    "cluster/delete-cluster.sh",
]


@pytest.mark.parametrize("path", ASKING)
def test_what_costs_or_deletes_asks_first_and_changes_nothing_without_a_terminal(
    path: str,
) -> None:
    (script,) = (script for script in SCRIPTS if script.path == path)
    world = world_before(script)
    before = world.picture()
    run = run_script(TREE / path, world=world)
    assert run.code == 1
    assert "Without a terminal to confirm it on, add --yes." in run.err
    assert world.picture() == before
    assert [call for call in run.calls if call.changing] == []


@pytest.mark.parametrize("path", [script.path for script in SCRIPTS if script.shipped])
def test_steps_stand_at_the_left_margin_where_they_are_counted(path: str) -> None:
    text = (TREE / path).read_text()
    assert re.findall(r"^[ \t]+step .*", text, re.MULTILINE) == []


def test_a_command_that_fails_is_named_with_line_and_step(tmp_path: Path) -> None:
    text = 'take_options "$@"\nstep "first"\nstep "second"\nfalse --flag=1\nstep "third"\n'
    run = run_text(tmp_path, text)
    assert run.code == 1
    assert run.err == (
        "error: exit code 1 in line 15 of made.sh: false --flag=1\n"
        "stopped in step 2 of 3, second; run it again to go on\n"
    )
    assert run.out == "\n==> step 1 of 3, after 0 s: first\n\n==> step 2 of 3, after 0 s: second\n"


def test_a_failure_in_a_function_of_the_library_is_named_too(tmp_path: Path) -> None:
    run = run_text(tmp_path, 'step "one"\ntolerate x false\n')
    assert run.code == 1
    assert "stopped in step 1 of 1, one; run it again to go on\n" in run.err


@pytest.mark.parametrize(
    ("signal", "code", "said"),
    [("HUP", 129, "hung up"), ("INT", 130, "interrupted"), ("TERM", 143, "told to end")],
)
def test_a_signal_ends_the_script_cleanly_and_is_named(
    tmp_path: Path, signal: str, code: int, said: str
) -> None:
    run = run_text(tmp_path, f'make_work_folder\nstep "one"\nkill -{signal} $$\nstep "two"\n')
    assert run.code == code
    assert run.err == f"error: {said}\nstopped in step 1 of 2, one; run it again to go on\n"


def test_before_the_first_step_no_step_is_named(tmp_path: Path) -> None:
    run = run_text(tmp_path, "need no-such-tool other-tool bash\n")
    assert (run.code, run.err) == (1, "error: install first: no-such-tool other-tool\n")


def test_the_work_folder_is_private_and_gone_at_the_end(tmp_path: Path) -> None:
    text = 'make_work_folder\nls -ld "$WORK" | cut -c 1-10\nfail "on purpose"\n'
    run = run_text(tmp_path, text)
    assert (run.code, run.out, run.err) == (1, "drwx------\n", "error: on purpose\n")


def test_a_wait_that_ends_in_time_says_so(tmp_path: Path) -> None:
    text = 'step "one" "a minute"\nwait_until 7 1 "it" true\n'
    run = run_text(tmp_path, text)
    assert run.out.splitlines()[-2:] == [
        "waiting for it: at most 7 s, usually a minute",
        "  it: after 0 s",
    ]


def test_a_time_out_shows_the_last_answer_and_what_helps(tmp_path: Path) -> None:
    text = (
        "never() { echo no and no again; return 1; }\n"
        "show_trouble() { echo look at this; }\n"
        'step "one"\nwait_until 5 1 "the impossible" never\n'
    )
    run = run_text(tmp_path, text, WAIT_FACTOR="0")
    assert run.code == 1
    assert run.err.splitlines()[:3] == [
        (
            "warning: gave up after 0 s waiting for the impossible (WAIT_FACTOR=2 waits twice as"
            " long); the last answer was:"
        ),
        "no and no again",
        "look at this",
    ]
    assert run.err.splitlines()[-1] == "stopped in step 1 of 1, one; run it again to go on"


@pytest.mark.parametrize("factor", ["two", "-1", "1.5", "a[$(id)]", "10000", " 1", "1\n"])
def test_a_factor_that_is_no_number_is_refused(tmp_path: Path, factor: str) -> None:
    run = run_text(tmp_path, "true\n", WAIT_FACTOR=factor)
    assert run.code == 1
    assert run.err == f"error: WAIT_FACTOR is '{factor}'; it must be a whole number, at most 9999\n"


def test_a_dry_run_needs_no_tool_and_waits_for_nothing(tmp_path: Path) -> None:
    text = (
        'take_options "$@"\nneed no-such-tool\nstep "one"\n'
        'wait_until 999 99 "it" kubectl get it\n'
        "kubectl create thing | kubectl apply --filename - | jq -e .x\nsleep 99\n"
        'confirm "Really?"\nsay done\n'
    )
    run = run_text(tmp_path, text, "--dry-run")
    assert (run.code, run.err, run.calls) == (0, "", [])
    assert run.out.splitlines() == [
        "# step 1 of 1, one",
        "# wait for it: at most 999 s",
        "until kubectl get it; do sleep 0; done",
        "kubectl create thing",
        "kubectl apply --filename -",
        "# done",
    ]


@cache
def minimal_tree() -> Path:
    return render_tree(MINIMAL)


@cache
def _with_cluster(tree: Path) -> World:
    (script,) = (item for item in SCRIPTS if item.path == "cluster/create-tpu-node-pool.sh")
    return world_before(script, tree)


ANY = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=30)
NASTY = ["", " ", "a b", "'", '"', "$(id)", "`id`", "a\nb", "-x", "--", "é ☃", "~", "*", "#", "\\"]


@given(st.lists(ANY | st.sampled_from(NASTY), min_size=1, max_size=40))
@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_dry_run_prints_any_argument_as_one_word(tmp_path: Path, words: list[str]) -> None:
    text = 'take_options --dry-run\ngcloud "$@"\n'
    run = run_text(tmp_path, text, *words)
    assert run.code == 0, run.err
    assert shlex.split(run.out) == ["gcloud", *words]


TEXT = st.text(st.characters(exclude_categories=["Cs", "Cc", "Zl", "Zp"]), min_size=1, max_size=40)
LINES = [item for item in NASTY if item and "\n" not in item]
LINES += ["--project=other", "x y'\"$(touch gone)`id`\\", "; id", "a=b,c=d"]


@given(TEXT | st.sampled_from(LINES))
@settings(max_examples=6, deadline=None)
@example('--it\'s "a" $(touch gone) `id` \\ ; * é ☃')
def test_any_name_of_a_reservation_arrives_as_one_argument(text: str) -> None:
    capacity = {"kind": "reservation", "reservation": text}
    data = merge(MINIMAL_DATA, {"cluster": {"capacity": capacity}})
    tree = render_tree(json.dumps(data, ensure_ascii=False))
    (script,) = (item for item in SCRIPTS if item.path == "cluster/create-tpu-node-pool.sh")
    dry = run_script(tree / script.path, "--dry-run")
    assert dry.code == 0, dry.err
    printed = [shlex.split(line, comments=True) for line in dry.out.splitlines()]
    (made,) = (words for words in printed if "create" in words)
    run = run_script(tree / script.path, "--yes", world=_with_cluster(minimal_tree()).copy())
    assert run.code == 0, run.err
    (call,) = (call for call in run.calls if "create" in call.argv)
    assert f"--reservation={text}" in call.argv
    assert made == ["gcloud", *call.argv]
