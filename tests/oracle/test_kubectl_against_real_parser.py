"""Our table of kubectl against the real one: flag by flag, and call by call.

With `--help` kubectl parses all flags, refuses those that it does not have, and asks no server.
"""

from __future__ import annotations

import random
import re
import subprocess
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import pytest
from command_lines import fill, golden_calls, judge, known
from support import need

from llmd_render.command_line import load_table

if TYPE_CHECKING:
    from llmd_render.command_line.table import Flag

TABLE = load_table("kubectl")
CALLS = [item for item in golden_calls("kubectl") if item.words[-1].text.strip("\0")]
FLAG = re.compile(r"^    (?:(-\w), )?(--[\w-]+)\[?=(.*?)\]?:$", re.MULTILINE)
# Flags that came or went between the releases that the table covers.
NOT_IN_EVERY_RELEASE = {
    "annotate --field-manager",
    "api-resources --categories",
    "apply --subresource",
    "config set-credentials --exec-interactive-mode",
    "config set-credentials --exec-provide-cluster-info",
    "debug --custom",
    "debug --keep-annotations",
    "debug --keep-init-containers",
    "debug --keep-labels",
    "debug --keep-liveness",
    "debug --keep-readiness",
    "debug --keep-startup",
    "delete --interactive",
    "diff --concurrency",
    "drain --pod-selector",
    "explain --output",
    "kustomize --helm-api-versions",
    "kustomize --helm-debug",
    "kustomize --helm-kube-version",
    "logs --all-pods",
}

# What kubectl finds after its parser, and so not with --help.
LATER = {"kubectl-argument-missing", "kubectl-format-unknown"}


def ask(path: str, *arguments: str) -> str:
    """Give what kubectl has against the flags of a call."""
    command = [need("kubectl"), *path.split(), "--help", *arguments]
    done = subprocess.run(command, check=False, capture_output=True, text=True, timeout=60)
    return done.stderr if done.returncode else ""


@pytest.mark.parametrize("path", TABLE.paths)
def test_a_command_knows_the_flags_that_the_real_one_shows(path: str) -> None:
    command = [need("kubectl"), *path.split(), "--help"]
    shown = subprocess.run(command, check=True, capture_output=True, text=True, timeout=60).stdout
    ours = TABLE.find(path)
    assert ours is not None
    for short, name, default in FLAG.findall(shown):
        flag = ours.flags[name]
        assert not short or short in flag.names, name
        assert flag.is_switch is (default in {"true", "false"}), name


def own_flags(path: str) -> list[Flag]:
    ours = TABLE.find(path)
    assert ours is not None
    flags = dict.fromkeys(ours.flags.values())
    return [item for item in flags if f"{path} {item.name}" not in NOT_IN_EVERY_RELEASE]


@pytest.mark.parametrize("path", TABLE.paths)
def test_the_real_command_takes_all_flags_as_the_table_says(path: str) -> None:
    assert ask(path, *(word for flag in own_flags(path) for word in _use(flag))) == ""


def test_what_needs_a_value_is_refused_without_one() -> None:
    places = {flag: path for path in TABLE.paths for flag in own_flags(path)}
    for flag, path in places.items():
        takes_it_alone = flag.is_switch or flag.is_optional
        assert (ask(path, flag.name) == "") is takes_it_alone, (path, flag.name)


def _use(flag: Flag) -> Iterator[str]:
    values = {"int": "1", "go-duration": "5m"}
    for name in flag.names:
        if flag.kind is None or flag.is_optional:
            yield name
        else:
            separator = "=" if name.startswith("--") else ""
            yield f"{name}{separator}{values.get(flag.kind.name, 'x=1')}"


def split(call: Any) -> tuple[str, list[str], list[str]]:
    """Give the words of the command of a call, and those before and after them."""
    path = known(call).command.path
    arguments = fill(known(call))
    words = path.split()
    begin = next(
        index for index in range(len(arguments)) if arguments[index : index + len(words)] == words
    )
    return path, arguments[:begin], arguments[begin + len(words) :]


@pytest.mark.parametrize("call", CALLS, ids=str)
def test_a_call_of_a_rendered_tree_is_taken_by_both(call: Any) -> None:
    path, before, after = split(call)
    assert ask(path, *before, *after) == ""
    assert [code for code, _ in judge("kubectl", fill(known(call))) if code not in LATER] == []


def mutants() -> Iterator[tuple[str, list[str], int]]:
    """Give calls with one flag made wrong, and the word that is wrong."""
    seen = set()
    for call in CALLS:
        path, before, after = split(call)
        arguments = [*before, *path.split(), *after]
        for index, word in enumerate(arguments):
            name = word.partition("=")[0]
            flag = known(call).command.flags.get(name)
            if flag is None or (path, name) in seen or index < len(before):
                continue
            seen.add((path, name))
            for wrong in _make_wrong(name, flag):
                yield path, [*arguments[:index], wrong, *arguments[index + 1 :]], index
            if flag.kind and not flag.is_optional:
                size = 1 if "=" in word else 2
                rest = [*arguments[:index], *arguments[index + size :]]
                yield path, [*rest, name], len(rest)


def _make_wrong(name: str, flag: Flag) -> Iterator[str]:
    yield f"{name[:4]}{name[3:]}=x"  # a letter twice
    if flag.kind is None:
        yield f"{name}=perhaps"
    elif flag.kind.name in {"int", "go-duration"}:
        yield f"{name}=many"


@pytest.mark.parametrize(
    ("path", "arguments", "index"), list(mutants()), ids=lambda item: str(item)[-80:]
)
def test_a_mutant_is_refused_by_both_at_its_line(
    path: str, arguments: list[str], index: int
) -> None:
    begin = arguments.index(path.split(maxsplit=1)[0])
    after = arguments[begin + len(path.split()) :]
    assert ask(path, *arguments[:begin], *after)
    assert [line for _, line in judge("kubectl", arguments) if line == index + 2]


WORDS = ["x", "-n", "-nx", "-n=x", "-it", "-A", "-An", "-Anx", "-", "-z", "-w=false", "-w=x"]
WORDS += ["--watch", "--watch=true", "--watch=perhaps", "--output", "-o", "-ojson", "--nonsense"]
WORDS += ["--chunk-size=5", "--chunk-size", "--chunk-size=x", "--chunk-size=", "--all-namespaces=1"]
WORDS += ["--request-timeout=5", "--log-flush-frequency=5", "--log-flush-frequency=1h5m", "---x"]


def test_random_calls_are_taken_or_refused_by_both() -> None:
    chooser = random.Random(1)  # noqa: S311 - nothing secret
    for _ in range(300):
        words = chooser.choices(WORDS, k=chooser.randrange(1, 5))
        refused = [code for code, _ in judge("kubectl", ["get", *words]) if code not in LATER]
        assert bool(refused) is bool(ask("get", *words)), words
