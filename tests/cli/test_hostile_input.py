"""Input that nobody means well: a message and an exit code, never a traceback, nothing lost."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import unicodedata
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from support import CHECKOUT, MINIMAL, files_of, run, tree

from llmd_render import report
from llmd_render.diagnostics import Diagnostic, Location

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
        *(("os.remove", number) for number in (1, 2, 40)),
        *(("os.rmdir", number) for number in (1, 5)),
        *(("shutil.rmtree", number) for number in (1, 2)),
        ("tempfile.mkdtemp", 1),
        *(("fcntl.flock", number) for number in (1, 2)),
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
    assert [path.name for path in (tmp_path / "out").iterdir()] == ["example"]


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


DRIVING = "\x1b[31m\x1b]0;title\x07\x9b\x7f\n\r\t\u202e\u2028\u200b\ufeff\udcff\U000e0001"
DRIVEN = r"\x1b[31m\x1b]0;title\x07\x9b\x7f\n\r\t\u202e\u2028\u200b\ufeff\udcff\U000e0001"


def test_no_text_of_a_finding_drives_a_terminal_or_forges_a_line() -> None:
    item = Diagnostic(
        Location(f"a{DRIVING}.yaml", 1, 1), f"b{DRIVING}", "some-code-here", hint=f"c{DRIVING}"
    )
    assert report.to_text([item]) == (
        f"a{DRIVEN}.yaml:1:1: error: b{DRIVEN} [some-code-here]\n  hint: c{DRIVEN}\n"
    )
    known = Diagnostic(Location("f"), "m", "some-code-here", acknowledged="one\n two \x1b\n")
    assert report.to_text([known]).splitlines()[1:] == [r"  acknowledged: one two \x1b"]


def test_text_that_people_write_is_printed_as_it_is() -> None:
    text = "ä ß 日本語 é 🚀 \u00a0 \u3000 «…»"
    assert report.make_printable(text) == text


@pytest.mark.parametrize(
    ("excerpt", "column", "line", "caret"),
    [
        ("\x1b[31mkey: value", 11, r"\x1b[31mkey: value", 13),
        ("\tkey:\u202e x", 8, r"    key:\u202e x", 15),
        ("key: \x1b", 6, r"key: \x1b", 5),
        ("key: x\r", 6, "key: x", 5),
        ("a" * 150 + "\x1b" * 20, 151, "a" * 150 + r"\x1b" * 10 + "…", 150),
    ],
)
def test_the_caret_stands_under_its_character_after_escapes(
    excerpt: str, column: int, line: str, caret: int
) -> None:
    item = Diagnostic(Location("f", 1, column), "m", "some-code-here", excerpt=excerpt)
    shown = [text.removeprefix("  1 | ") for text in report.to_text([item]).splitlines()[1:]]
    assert shown == [line, f"    | {' ' * caret}^"]


@pytest.fixture
def odd(tmp_path: Path) -> Path:
    """Make a profile whose name is not UTF-8 and holds a terminal sequence and a line break."""
    name = os.fsdecode(b"\xff\x1b[2J\nforged.yaml: error: x [y].yaml")
    place = tmp_path / name
    place.write_text(MINIMAL.replace("example", "odd"))
    return place


@pytest.mark.parametrize("name", [*report.CI_FORMATS, "json", "text"])
@pytest.mark.parametrize("command", [("--dry-run", "--profile"), ("check", "--profile")])
def test_a_file_name_that_is_not_utf_8_is_escaped_in_every_format(
    name: str, command: tuple[str, ...], odd: Path, tmp_path: Path
) -> None:
    result = run(*command, odd, "--out", tmp_path / "out", "--format", name)
    assert result.exit_code == (1 if "check" in command else 0), result.stderr
    output = result.stdout + (result.stderr if name == "text" else "")
    assert r"\udcff" in output or "%5Cudcff" in output
    if name == "junit":
        ET.fromstring(output)  # noqa: S314 - our own output
    elif name in {"json", "sarif", "gitlab"}:
        assert "\udcff" not in json.dumps(json.loads(output), ensure_ascii=False)
    elif name == "text":
        assert {unicodedata.category(item) for item in output} & {"Cc", "Cf", "Cs"} == {"Cc"}
        assert not [line for line in output.splitlines() if line.startswith("forged")]
        assert "\x1b" not in output


def test_junit_holds_no_character_that_xml_does_not_know() -> None:
    everything = "".join(map(chr, (*range(0x100), *range(0xD7F0, 0xE010), *range(0xFFF0, 0x10010))))
    item = Diagnostic(Location(everything), everything, "some-code-here", hint=everything)
    ET.fromstring(report.to_format("junit", [item]).encode())  # noqa: S314 - our own output


def test_a_profile_that_cannot_be_read_is_a_usage_error_by_name_and_by_path(tmp_path: Path) -> None:
    (tmp_path / "mine.yaml").symlink_to("nowhere")
    for name in (tmp_path / "mine.yaml", "mine"):
        result = run("--profile", name, "--profiles", tmp_path, "--out", tmp_path / "out")
        assert result.exit_code == 2
        assert "mine.yaml: error: cannot read the file: No such file" in result.stderr


def test_one_bad_profile_hides_no_good_one(odd: Path, tmp_path: Path) -> None:
    tree(tmp_path, {"good.yaml": MINIMAL, "bad.yaml": "name: x\n", "worse.yaml": "[" * 5_000})
    (tmp_path / "none.yaml").symlink_to("nowhere")
    result = run("list", "profiles", "--profiles", tmp_path)
    assert result.exit_code == 0
    rows = {line.split()[0]: line.split()[1:3] for line in result.stdout.splitlines()}
    assert rows["good"] == ["hf://Qwen/Qwen3-4B", "v6e"]
    assert rows["bad"] == rows["worse"] == rows["none"] == ["?", "?"]
    assert rows[r"\udcff\x1b[2J\nforged.yaml:"][:1] == ["error:"]
    assert result.stderr.splitlines() == [
        f"{file}: this cannot be read as a profile; "
        f"`llmd-render --profile {file} --dry-run` says why"
        for file in (tmp_path / "bad.yaml", tmp_path / "none.yaml", tmp_path / "worse.yaml")
    ]
    listed = json.loads(run("list", "profiles", "--profiles", tmp_path, "--format", "json").stdout)
    assert [row["model"] for row in listed if row["profile"] == "bad"] == [None]
    assert odd.is_file()


@pytest.mark.parametrize("command", [(), ("check",), ("--dry-run",)])
def test_an_empty_folder_for_trees_is_a_usage_error(
    command: tuple[str, ...], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "p.yaml").write_text(MINIMAL)
    monkeypatch.chdir(tmp_path)
    result = run(*command, "--profile", "./p.yaml", "--out", "")
    assert result.exit_code == 2
    assert "Error: --out is empty; `--out .` is the working directory." in result.stderr
    assert [path.name for path in tmp_path.iterdir()] == ["p.yaml"]


def test_a_file_that_a_template_makes_a_folder_stops_a_dry_run_too(tmp_path: Path) -> None:
    (tmp_path / "p.yaml").write_text(MINIMAL)
    tree(tmp_path / "templates", {"README.md/x.sh.j2": "#!/usr/bin/env bash\ntrue\n"})
    args = ("--profile", tmp_path / "p.yaml", "--templates", tmp_path / "templates")
    for more in ((), ("--dry-run",)):
        result = run(*args, "--out", tmp_path / "out", *more)
        assert result.exit_code == 1
        assert "so it cannot be a folder too [tree-paths-conflict]" in result.stderr
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("command", [(), ("check",), ("--dry-run",)])
def test_a_folder_whose_name_is_too_long_is_a_finding(
    command: tuple[str, ...], tmp_path: Path
) -> None:
    (tmp_path / "p.yaml").write_text(MINIMAL)
    result = run(*command, "--profile", tmp_path / "p.yaml", "--out", tmp_path / ("x" * 300))
    assert result.exit_code == 1
    assert "File name too long [tree-not-writable]\n  hint: choose a shorter" in result.stderr


@pytest.fixture
def related(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Make two profiles of one base, and go to where they are."""
    text = "apiVersion: llmd-render/v1\nextends: ./base.yaml\nname: {0}\n"
    reason = "lint: {{ignore: [{{rule: model-unknown-to-catalog, reason: because of {0}}}]}}\n"
    files = {f"{name}.yaml": (text + reason).format(name) for name in ("one", "two")}
    tree(tmp_path, {"base.yaml": MINIMAL.replace("Qwen/Qwen3-4B", "a/b"), **files})
    monkeypatch.chdir(tmp_path)


def findings(*arguments: str, code: str) -> list[tuple[str, int, str, str]]:
    document = json.loads(run(*arguments, "--format", "json").stdout)["diagnostics"]
    return [
        (item["file"], item["line"], item["message"], item["acknowledged"] or "")
        for item in document
        if item["code"] == code
    ]


@pytest.mark.usefixtures("related")
@pytest.mark.parametrize("command", [("check",), ("--dry-run",)])
def test_a_finding_in_a_common_base_says_of_which_profile_it_is(command: tuple[str, ...]) -> None:
    code = "model-unknown-to-catalog"
    ((file, line, message, reason),) = findings(*command, "--profile", "./one.yaml", code=code)
    assert (file, line, reason) == ("./base.yaml", 6, "because of one")
    both = ("--profile", "./one.yaml", "--profile", "./two.yaml")
    assert findings(*command, *both, code=code) == [
        ("./base.yaml", 6, f"{message} (in profile ./one.yaml)", "because of one"),
        ("./base.yaml", 6, f"{message} (in profile ./two.yaml)", "because of two"),
    ]
    own = findings(*command, *both, code="kserve-images-move")
    assert [file for file, *_ in own] == ["./one.yaml", "./two.yaml"]
    assert not [message for _, _, message, _ in own if "(in profile" in message]


@pytest.mark.usefixtures("related")
def test_an_error_in_a_common_base_says_of_which_profile_it_is(tmp_path: Path) -> None:
    (tmp_path / "base.yaml").write_text(MINIMAL + "nonsense: 1\n")
    found = findings("check", "--all", "--profiles", ".", code="profile-unknown-key")
    message = "nonsense is not a key of a profile"
    assert found == [
        ("./base.yaml", 12, f"{message} (in profile one)", ""),
        ("./base.yaml", 12, f"{message} (in profile two)", ""),
        ("base.yaml", 12, message, ""),
    ]
