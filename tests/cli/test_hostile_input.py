"""Input that nobody means well: a message and an exit code, never a traceback, nothing lost."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from support import CHECKOUT, MINIMAL, files_of, run

ALIAS_BOMB = "a: &a [x, x, x, x, x, x, x, x, x, x]\n" + "".join(
    f"{name}: &{name} [{', '.join([f'*{before}'] * 10)}]\n"
    for before, name in zip("abcdefgh", "bcdefghi", strict=True)
)
DEEP = "[" * 5_000 + "]" * 5_000


@pytest.mark.parametrize("text", [ALIAS_BOMB, DEEP, "k: " + DEEP], ids=["bomb", "deep", "deep-map"])
@pytest.mark.parametrize("command", ["lint", "--profile"])
def test_yaml_that_would_exhaust_memory_or_stack_is_refused(
    command: str, text: str, tmp_path: Path
) -> None:
    place = tmp_path / "hostile.yaml"
    place.write_text(text)
    result = run(command, place)
    assert result.exit_code == 1
    assert f"{place}:" in result.stdout + result.stderr
    assert "[yaml-alias-bomb]" in result.output or "[yaml-nested-too-deep]" in result.output
    assert "[lint-input-empty]" not in result.output


@pytest.mark.parametrize(
    "content", [b"", b"\0\0\0", b"\xff\xfe\x00", b"\xef\xbb\xbf", b"%YAML 1.1\n---\n", b"\t- x"]
)
@pytest.mark.parametrize("command", ["lint", "--profile"])
def test_files_that_are_no_yaml_are_refused(command: str, content: bytes, tmp_path: Path) -> None:
    place = tmp_path / "hostile.yaml"
    place.write_bytes(content)
    result = run(command, place)
    assert result.exit_code == 1
    assert str(place) in result.stdout + result.stderr
    assert "internal error" not in result.stderr


@pytest.mark.parametrize("name", ["x" * 300, "a\0b", "../../etc/passwd", ".", "/", "-", "~root"])
def test_names_that_are_no_profile_are_usage_errors(name: str, tmp_path: Path) -> None:
    result = run("--profile", name, "--out", tmp_path)
    assert result.exit_code in {1, 2}
    assert result.stderr
    assert "internal error" not in result.stderr
    assert list(tmp_path.iterdir()) == []


def test_a_full_disk_is_told_in_one_line() -> None:
    with Path("/dev/full").open("w") as full:
        done = subprocess.run(
            [sys.executable, "-m", "llmd_render", "--profile", "qwen-3b-v6e", "--dry-run"],
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
            cwd=CHECKOUT,
            check=False,
        )
    assert done.returncode == 1
    assert "No space left on device" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_reader_that_leaves_early_makes_no_noise() -> None:
    command = f"{sys.executable} -m llmd_render list topologies | head -1"
    done = subprocess.run(["bash", "-c", command], capture_output=True, text=True, check=False)
    assert done.stderr == ""


# Sends itself ^C at the given occurrence of an audit event, which no clock decides.
INTERRUPT_AT = """
import os, signal, sys
import llmd_render.__main__ as program
event, wanted, sys.argv[1:] = sys.argv[1], int(sys.argv[2]), sys.argv[3:]
seen = 0
def watch(name, _arguments):
    global seen
    if name == event:
        seen += 1
        if seen == wanted:
            os.kill(os.getpid(), signal.SIGINT)
sys.addaudithook(watch)
program.run()
"""


@pytest.mark.parametrize(
    ("event", "occurrence"),
    [
        *(("import", number) for number in (5, 50, 200, 400)),
        *(("open", number) for number in (20, 100, 200, 260)),
        *(("os.mkdir", number) for number in (1, 5, 10)),
        *(("os.rename", number) for number in (1, 2)),
    ],
)
def test_an_interrupt_at_any_time_leaves_the_old_tree_or_the_new(
    event: str, occurrence: int, tmp_path: Path
) -> None:
    (tmp_path / "p.yaml").write_text(MINIMAL)
    render = ["--profile", str(tmp_path / "p.yaml"), "--out", str(tmp_path / "out")]
    assert run(*render).exit_code == 0
    old = files_of(tmp_path / "out")
    (tmp_path / "p.yaml").write_text(MINIMAL + "service: {replicas: 2}\n")
    assert run(*render, "--out", tmp_path / "expected").exit_code == 0
    new = files_of(tmp_path / "expected")
    done = subprocess.run(
        [sys.executable, "-c", INTERRUPT_AT, event, str(occurrence), *render],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 130, done
    assert done.stderr.startswith("interrupted")
    assert files_of(tmp_path / "out") in (old, new)


def test_an_ignored_interrupt_stays_ignored(tmp_path: Path) -> None:
    fifo = tmp_path / "slow.yaml"
    os.mkfifo(fifo)
    args = [sys.executable, "-m", "llmd_render", "--profile", str(fifo), "--dry-run"]
    process = subprocess.Popen(
        ["bash", "-c", 'trap "" INT; exec "$@"', "bash", *args], stdout=subprocess.PIPE, text=True
    )
    with fifo.open("w") as writer:
        process.send_signal(signal.SIGINT)
        writer.write(MINIMAL)
    stdout, _ = process.communicate(timeout=60)
    assert process.returncode == 0
    assert "would write" in stdout
