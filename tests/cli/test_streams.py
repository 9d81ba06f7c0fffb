"""Streams that are closed or full, and a working directory that is gone: a line, no traceback."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from support import MINIMAL, files_of

CLOSED = "standard output: error: Bad file descriptor\n"
FULL = "standard output: error: No space left on device\n"


def shell(arguments: str, folder: Path, before: str = "") -> subprocess.CompletedProcess[str]:
    """Run the program in a folder, its arguments and redirections as bash reads them."""
    script = f'{before} exec "{sys.executable}" -m llmd_render {arguments}'
    return subprocess.run(
        ["bash", "-c", script], cwd=folder, capture_output=True, text=True, check=False
    )


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "p.yaml").write_text(MINIMAL)
    return tmp_path


@pytest.mark.parametrize(
    "arguments",
    [
        "",
        "--help",
        "--version",
        "list models",
        "list models --format json",
        "schema",
        "lint --help",
    ],
)
@pytest.mark.parametrize(("stream", "message"), [("&-", CLOSED), ("/dev/full", FULL)])
def test_what_cannot_be_printed_is_one_line_and_exit_1(
    arguments: str, stream: str, message: str, folder: Path
) -> None:
    done = shell(f"{arguments} >{stream}", folder)
    assert (done.returncode, done.stderr) == (1, message)


@pytest.mark.parametrize("closed", [">&-", ">&- 2>&-", "<&- >&-", "<&- >&- 2>&-"])
def test_closed_streams_leave_the_tree_as_it_should_be(closed: str, folder: Path) -> None:
    assert shell("--profile ./p.yaml --out expected", folder).returncode == 0
    done = shell(f"--profile ./p.yaml --out out {closed}", folder)
    assert done.returncode == 1
    assert done.stderr.endswith(CLOSED) is ("2>" not in closed)
    assert "Traceback" not in done.stderr
    assert files_of(folder / "out") == files_of(folder / "expected")


def test_a_closed_standard_output_hides_no_error(folder: Path) -> None:
    done = shell("--profile nope >&-", folder)
    assert done.returncode == 2
    assert done.stderr.startswith("nope: error: there is no profile named 'nope' ")
    assert len(done.stderr.splitlines()) == 2


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        ("--profile nope", 2),
        ("--bogus", 2),
        ("--profile ./p.yaml --out out", 0),
        ("lint p.yaml", 0),
    ],
)
def test_a_closed_standard_error_changes_no_exit_code(
    arguments: str, code: int, folder: Path
) -> None:
    done = shell(f"{arguments} 2>&-", folder)
    assert (done.returncode, done.stderr) == (code, "")
    assert bool(done.stdout) is (code == 0)


def test_a_closed_standard_input_is_a_usage_error_for_whoever_reads_it(folder: Path) -> None:
    done = shell("lint - <&-", folder)
    message = "-: error: standard input is closed [file-not-readable]\n"
    assert (done.returncode, done.stdout, done.stderr) == (2, "", message)
    assert shell("lint p.yaml <&-", folder).returncode == 0


@pytest.fixture
def gone(folder: Path) -> str:
    (folder / "gone").mkdir()
    return "cd gone; rmdir ../gone;"


def test_a_working_directory_that_is_gone_matters_only_to_what_needs_it(
    folder: Path, gone: str
) -> None:
    done = shell("list profiles", folder, gone)
    assert (done.returncode, done.stderr) == (0, "")
    assert "qwen-3b-v6e " in done.stdout


def test_a_profile_that_is_not_there_is_told_without_a_working_directory(
    folder: Path, gone: str
) -> None:
    done = shell("--profile nope", folder, gone)
    assert done.returncode == 2
    assert "there is no profile named 'nope' [profile-not-found]" in done.stderr


def test_a_tree_that_has_no_place_any_more_is_told(folder: Path, gone: str) -> None:
    done = shell("--profile qwen-3b-v6e", folder, gone)
    assert done.returncode == 1
    assert done.stderr.endswith(
        "out: error: cannot write the tree: No such file or directory "
        "[tree-not-writable]\n"
        "  hint: a folder on the way is gone, maybe the working directory itself\n"
    )
