"""Our table of gcloud against the parser of the real one: flag by flag, and call by call."""

from __future__ import annotations

import json
import os
import shlex
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

import pytest
from command_lines import calls_in, fill, golden_calls, judge, known, make_call
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from scripts.life import trees
from support import need

from llmd_render.command_line import load_table
from llmd_render.command_line.gcloud import judge_gcloud_call, read_gcloud_call

if TYPE_CHECKING:
    from llmd_render.command_line.table import Flag, ValueKind

PARSER = Path(__file__).with_name("gcloud_parser.py")
TABLE = load_table("gcloud")
ALONE = replace(TABLE, demands=())
CALLS = list(golden_calls("gcloud"))
# What only trees of other profiles call.
OTHERS = [
    call for call in calls_in(trees().values(), "gcloud") if str(call) not in set(map(str, CALLS))
]
Ask = Callable[[object], Any]
# Kinds that we leave as any text, and what the real one says of them is not compared.
LOOSE = {"--help", "-h", "--document", "--flags-file"}


def start(folder: Path, *options: str) -> Iterator[Ask]:
    root = Path(need("gcloud")).resolve().parent.parent
    own = root / "platform" / "bundledpythonunix" / "bin" / "python3"
    python = str(own) if own.exists() else sys.executable
    environment = {
        "CLOUDSDK_AUTH_DISABLE_CREDENTIALS": "1",
        "CLOUDSDK_CONFIG": str(folder),
        "CLOUDSDK_CORE_DISABLE_PROMPTS": "1",
        "CLOUDSDK_CORE_DISABLE_USAGE_REPORTING": "1",
        "CLOUDSDK_CORE_PROJECT": "my-project",
        "HOME": str(folder),
        "PATH": os.environ["PATH"],
    }
    with subprocess.Popen(
        [python, "-S", str(PARSER), str(root / "lib"), *options],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        env=environment,
    ) as process:
        yield partial(_ask, process)
        assert process.stdin
        process.stdin.close()


def _ask(process: subprocess.Popen[str], question: object) -> Any:
    assert process.stdin
    assert process.stdout
    process.stdin.write(f"{json.dumps(question)}\n")
    process.stdin.flush()
    return json.loads(process.stdout.readline())


def ask_alone(arguments: list[str]) -> Any:
    with TemporaryDirectory() as folder, contextmanager(start)(Path(folder)) as ask:
        return ask(arguments)


@pytest.fixture(scope="module")
def ask(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ask]:
    yield from start(tmp_path_factory.mktemp("gcloud"))


@pytest.fixture(scope="module")
def ask_deep(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ask]:
    yield from start(tmp_path_factory.mktemp("deep"), "--deep")


@pytest.mark.parametrize("path", TABLE.paths)
def test_a_command_has_the_flags_of_the_real_one(path: str, ask: Ask) -> None:
    real = ask(path)
    assert real is not None, "the real gcloud has no such command"
    command = TABLE.find(path)
    assert command is not None
    assert sorted(command.flags) == sorted(
        name for name in real["flags"] if name in command.flags or not _is_hidden(real, name)
    )
    for name, flag in command.flags.items():
        if name not in LOOSE:
            compare(name, flag, real["flags"][name])


def _is_hidden(real: dict[str, Any], name: str) -> bool:
    flags = real["flags"]
    positive = flags.get(f"--{name.removeprefix('--no-')}", flags[name])
    return bool(flags[name]["hidden"] or positive["hidden"])


def compare(name: str, flag: Flag, real: dict[str, Any]) -> None:
    assert flag.is_switch is not real["value"], name
    if flag.kind is None:
        return
    assert (flag.repeats == "adds") is real["adds"], name
    if flag.kind.name in {"choice", "list"}:
        assert sorted(flag.kind.choices) == real["choices"], name
    elif flag.kind.name == "map":
        assert sorted(flag.kind.choices) == real["keys"], name
        assert sorted(flag.kind.needed) == real["needed"], name
    if flag.kind.name in {"int", "float", "list", "map"}:
        assert flag.kind.name == real["kind"], name
    else:
        assert real.get("kind", "") == "", name
    if flag.kind.name in {"int", "float"}:
        assert flag.kind.least == real.get("least"), name
    if flag.kind.name == "list":
        assert (flag.kind.least or 0, flag.kind.most) == (real["least"], real["most"]), name


@pytest.mark.parametrize("path", TABLE.paths)
def test_a_command_has_the_arguments_of_the_real_one(path: str, ask: Ask) -> None:
    command = TABLE.find(path)
    assert command is not None
    signs = {(True, False): "1", (False, False): "?", (True, True): "+", (False, True): "*"}
    ours = [signs[item.is_needed, item.is_many] for item in command.arguments]
    assert [item.replace("None", "1") for item in ask(path)["arguments"]] == ours


@pytest.mark.parametrize("call", [*CALLS, *OTHERS], ids=str)
def test_a_call_of_a_rendered_tree_is_taken_by_both(call: Any, ask_deep: Ask, ask: Ask) -> None:
    arguments = fill(known(call))
    assert ask(arguments) == ""
    if arguments[0] == "container":
        assert ask_deep(arguments) == ""
    assert judge("gcloud", arguments) == []


def mutants() -> Iterator[tuple[list[str], int]]:
    """Give each call with one thing made wrong in it, and the word that is wrong."""
    seen = set()
    for call in (*CALLS, *OTHERS):
        arguments = fill(known(call))
        for index, word in enumerate(arguments):
            name, equals, _ = word.partition("=")
            flag = known(call).command.flags.get(name)
            if flag is None or (call.program, known(call).command.path, name) in seen:
                continue
            seen.add((call.program, known(call).command.path, name))
            for wrong in _make_wrong(name, flag):
                yield [*arguments[:index], wrong, *arguments[index + 1 :]], index
            if equals:
                rest = [*arguments[:index], *arguments[index + 1 :]]
                yield [*rest, name], len(rest)
            if name in {"--zone", "--location", "--region"} and "clusters" in arguments:
                other = "--region=x" if name != "--region" else "--zone=x"
                yield [*arguments, other], len(arguments)


def _make_wrong(name: str, flag: Flag) -> Iterator[str]:
    value = "=x1" if flag.kind else ""
    yield f"{name[:4]}{name[3:]}{value}"  # a letter twice
    yield f"{name[:-1]}{value}"
    if flag.kind is None:
        yield f"{name}=true"
    elif flag.kind.name in {"int", "choice", "size", "map", "project"}:
        yield f"{name}=!"
    elif flag.kind.choices:
        yield f"{name}=nonsense"


@pytest.mark.parametrize(("arguments", "index"), list(mutants()), ids=lambda item: str(item)[-90:])
def test_a_mutant_is_refused_by_both_at_its_line(
    arguments: list[str], index: int, ask: Ask
) -> None:
    assert ask(arguments)
    codes = [code for code, line in judge("gcloud", arguments) if line == index + 2]
    assert codes


# What gcloud checks after its parser: what it refuses, and what it then takes.
CREATE = "container clusters create c --zone=a"
POOL = "container node-pools create n --cluster=c --zone=a"
DEMANDS = [
    (CREATE, "--enable-private-nodes", "--enable-ip-alias"),
    (CREATE, "--enable-private-endpoint", "--enable-private-nodes --enable-ip-alias"),
    (CREATE, "--master-ipv4-cidr=172.16.0.0/28", "--enable-private-nodes --enable-ip-alias"),
    (CREATE, "--max-pods-per-node=30", "--enable-ip-alias"),
    (CREATE, "--default-max-pods-per-node=30", "--enable-ip-alias"),
    (CREATE, "--enable-tpu", "--enable-ip-alias"),
    (CREATE, "--shielded-secure-boot", "--shielded-integrity-monitoring"),
    (CREATE, "--no-shielded-secure-boot", "--shielded-integrity-monitoring"),
    (POOL, "--shielded-integrity-monitoring", "--no-shielded-secure-boot"),
    (POOL, "--reservation=r", "--reservation-affinity=specific"),
    (POOL, "--reservation-affinity=specific", "--reservation=r"),
    (POOL, "--max-surge-upgrade=1", "--max-unavailable-upgrade=0"),
    (POOL, "--max-unavailable-upgrade=1", "--max-surge-upgrade=0"),
    (POOL, "--tpu-topology=2x2", "--machine-type=ct6e-standard-4t"),
    (POOL, "--tpu-topology=2x2 --machine-type=e2-small", "--num-nodes=1"),
    (POOL, "--tpu-topology=nonsense --machine-type=ct6e-standard-4t", "--num-nodes=1"),
    (POOL, "--node-taints=a=b:c", "--node-taints=a=b:NoExecute"),
    ("container node-pools create n --zone=a", "", "--cluster=c"),
]


@pytest.mark.parametrize(("call", "flag", "needed"), DEMANDS)
def test_what_gcloud_checks_after_its_parser_is_refused_by_both(
    call: str, flag: str, needed: str, ask: Ask, ask_deep: Ask
) -> None:
    wrong = shlex.split(f"{call} {flag}")
    right = shlex.split(f"{call} {flag if 'taints' not in flag else ''} {needed}")
    assert (ask(wrong), bool(ask_deep(wrong))) == ("", True)
    assert judge("gcloud", wrong)
    assert ask_deep(right) == ""
    assert judge("gcloud", right) == []


VALUES = {
    "project": ["p", "my-project", "example.com:p", "P", "a b", ""],
    "int": ["1", "0", "-1", "007", "1.5", "x", "", "5000"],
    "float": ["0.5", "1", "x", "7"],
    "list": ["a", "a,b", "", "^:^a:b", "a,b,c,d"],
    "map": ["a=b", "a=b,c=d", "a", "", "a=", "=b", "^;^a=b;c=d,e"],
    "size": ["10GB", "10", "9", "1TB", "x", "20480MB", "10gb", "10.5GB", "5GB"],
    "duration": ["5", "5s", "5m", "1h", "x", "5x", "1h30m"],
    "text": ["x", "", "a b", "-x y", "-1"],
}


def choose_value(kind: ValueKind, random: Random) -> str:
    """Choose a value for a flag, a good one or a bad one."""
    if kind.name == "choice":
        extra = [kind.choices[0].upper(), kind.choices[0].lower(), "nonsense", ""]
        return random.choice([*kind.choices, *extra])
    if kind.choices:
        return random.choice([*kind.choices, ",".join(kind.choices[:2]), "nonsense", ""])
    return random.choice(VALUES[kind.name])


# Their types are ones that we take for any text, or their values are files.
UNTRIED = {
    "--addons",
    "--condition",
    "--document",
    "--flags-file",
    "--help",
    "--labels",
    "--metadata",
    "--node-taints",
    "--tpu-topology",
    "--update-addons",
    "-h",
}


class Plain:
    """Flags by command; no dataclass, because Hypothesis would show all of them."""

    def __init__(self, flags: dict[str, set[str]]) -> None:
        self.flags = flags


def make_command_line(plain: Plain, random: Random) -> list[str]:
    """Make up a call: a command, some of its flags and arguments, and now and then a slip."""
    # Those of service accounts look into their argument, too.
    path = random.choice(sorted(item for item in plain.flags if not item.startswith("iam ")))
    command = TABLE.find(path)
    assert command is not None
    names = sorted(plain.flags[path])
    parts: list[list[str]] = [["x"] for item in command.arguments if item.is_needed]
    for name in random.choices(names, k=random.randrange(5)):
        kind = command.flags[name].kind
        value = choose_value(kind, random) if kind else ""
        spelt = [[name, value], [f"{name}={value}"]]
        parts.append(random.choice(spelt) if kind else [name])
    slips = [["--nonsense"], ["x"], ["--"], [random.choice(names)]]
    parts.append(random.choice([*slips, [], [], [], []]))
    random.shuffle(parts)
    return [*path.split(), *(word for part in parts for word in part)]


@pytest.fixture(scope="module")
def plain(ask: Ask) -> Plain:
    """Say which flags of which command have a type that the table tells exactly."""
    found = {}
    for path in TABLE.paths:
        command = TABLE.find(path)
        assert command is not None
        real = ask(path)["flags"]
        found[path] = {
            name
            for name, flag in command.flags.items()
            if name not in UNTRIED
            and flag.name not in UNTRIED
            and (flag.kind is None or flag.kind.name != "text" or real[name]["plain"])
            and not (flag.kind and flag.kind.name == "map" and flag.kind.choices)
        }
    return Plain(found)


@settings(max_examples=800, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(seed=st.integers(0, 2**32))
def test_random_calls_are_taken_or_refused_by_both(seed: int, ask: Ask, plain: Plain) -> None:
    arguments = make_command_line(plain, Random(seed))  # noqa: S311 - nothing secret
    invocation = read_gcloud_call(make_call("gcloud", arguments), ALONE)
    assert invocation is not None
    refused = [
        item
        for item in judge_gcloud_call(invocation, ALONE)
        if "has no --cluster" not in item.message
    ]
    said = ask(arguments)
    if bool(refused) is not bool(said):
        # A call may change what this process of gcloud says of later ones: one alone decides.
        said = ask_alone(arguments)
    assert bool(refused) is bool(said), (shlex.join(arguments), refused, said)
