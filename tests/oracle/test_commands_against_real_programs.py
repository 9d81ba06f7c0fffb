"""The commands that our tables know of each group, against the real gcloud and kubectl."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Iterator

import pytest
from oracle.test_gcloud_against_real_parser import Ask, start
from support import need

from llmd_render.command_line.subcommands import load_subcommands
from llmd_render.lint import lint_calls
from llmd_render.manifest import Tree

WRONG = [
    "container node-pools resize p --cluster=c --num-nodes=0",
    "container node-pools upgrade p --cluster=c",
    "container cluster list",
    "container nodepools list --cluster=c",
    "compute regions descrbe us-central1",
    "container clusters create c --zone=a --kubernetes-version=1.34",
    "container clusters update c --zone=a --enable-cloud-logging",
]
LISTED = re.compile(r"^  ([a-z][\w-]*) ", re.MULTILINE)
ALIASES = re.compile(r"^Aliases:\n(.*)$", re.MULTILINE)
# What help does not list, or what newer and older versions have.
UNLISTED = {"", "alpha", "convert", "help", "kuberc", "options"}


@pytest.fixture(scope="module")
def ask(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ask]:
    yield from start(tmp_path_factory.mktemp("gcloud"))


@pytest.mark.parametrize("group", load_subcommands("gcloud"))
def test_a_group_of_gcloud_has_the_commands_of_the_real_one(group: str, ask: Ask) -> None:
    assert ask({"group": group}) == sorted(load_subcommands("gcloud")[group])


@pytest.mark.parametrize("text", WRONG)
def test_what_is_an_error_here_is_refused_by_the_real_gcloud(text: str, ask: Ask) -> None:
    assert ask(text.split())
    (found,) = lint_calls(Tree({"call.sh": f"gcloud {text}"}, ()))
    assert found.severity == "error"


def run_kubectl(*arguments: str) -> str:
    command = [need("kubectl"), *arguments, "--help"]
    return subprocess.run(command, check=True, capture_output=True, text=True, timeout=60).stdout


@pytest.mark.parametrize("group", load_subcommands("kubectl"))
def test_a_group_of_kubectl_has_the_commands_of_the_real_one(group: str) -> None:
    shown = run_kubectl(*group.split()).partition("\nUsage:")[0]
    shown = shown[re.search(r"^\w[\w ()]*Commands", shown, re.MULTILINE).start() :]  # type: ignore[union-attr]
    listed = set(LISTED.findall(shown.partition("\nOptions:")[0]))
    for name in sorted(listed):
        found = ALIASES.search(run_kubectl(*group.split(), name))
        listed |= set(found[1].split(", ")) if found else set()
    known = set(load_subcommands("kubectl")[group])
    assert known - (set() if group else UNLISTED) == listed - (set() if group else UNLISTED)


@pytest.mark.parametrize("text", ["rollout statuss deployment/x", "aply -f x", "config switch x"])
def test_what_is_found_here_is_refused_by_the_real_kubectl(text: str) -> None:
    command = [need("kubectl"), *text.split()]
    done = subprocess.run(command, check=False, capture_output=True, text=True, timeout=60)
    assert done.returncode == 1
    assert "unknown command" in done.stderr
    assert list(lint_calls(Tree({"call.sh": f"kubectl {text}"}, ())))


@pytest.fixture(scope="module")
def ask_deep(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ask]:
    yield from start(tmp_path_factory.mktemp("deep"), "--deep")


@pytest.mark.parametrize(
    "text",
    [
        "compute addresses describe x",
        "compute addresses create x",
        "compute addresses delete x",
        "compute backend-services describe x",
        "compute backend-services get-health x",
        "compute backend-services delete x",
        "compute forwarding-rules describe x",
        "compute forwarding-rules delete x",
    ],
)
def test_a_place_left_open_is_refused_by_the_real_gcloud_alone(text: str, ask_deep: Ask) -> None:
    assert ask_deep(text.split())
    assert ask_deep([*text.split(), "--region=r"]) == ""
    assert ask_deep([*text.split(), "--global"]) == ""
