"""Messages, streams and exit codes, as a person at a terminal or a program in CI meets them."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import click
import pytest
from support import CHECKOUT, MINIMAL, SHIPPED, absent, files_of, run, tree

from llmd_render import pipeline
from llmd_render.cli import main

HEAVY = ("pydantic", "jinja2", "ruamel", "jsonschema", "kubernetes_validate", "yaml", "tree_sitter")


@pytest.fixture
def mine(tmp_path: Path) -> Path:
    (tmp_path / "mine.yaml").write_text(MINIMAL)
    return tmp_path / "mine.yaml"


def test_a_profile_is_rendered_checked_and_written(tmp_path: Path) -> None:
    result = run("--profile", "qwen-3b-v6e", "--out", tmp_path)
    assert result.exit_code == 0, result.stderr
    files = sorted(files_of(tmp_path / "qwen-3b-v6e"))
    assert "workload/llminferenceservice.yaml" in files
    assert "cluster/create-cluster.sh" in files
    lines = result.stdout.splitlines()
    assert lines[0].startswith(f"wrote {tmp_path}/qwen-3b-v6e/ (")
    assert [line.strip() for line in lines if line.startswith("  ")] == sorted(
        set(files) - {".llmd-render.json"}
    )
    assert "a day" in lines[-2]
    assert lines[-1].startswith("Next: read ")


def test_rendering_again_says_that_nothing_changed(tmp_path: Path) -> None:
    run("--profile", "qwen-3b-v6e", "--out", tmp_path)
    result = run("--profile", "qwen-3b-v6e", "--out", tmp_path)
    assert result.exit_code == 0
    assert "is up to date" in result.stdout


def test_acknowledged_findings_are_still_listed(tmp_path: Path) -> None:
    result = run("--profile", "qwen-3b-v6e", "--out", tmp_path)
    assert "[kserve-images-move]\n  acknowledged: " in result.stderr


def test_a_wrong_profile_shows_the_line_with_a_caret(mine: Path, tmp_path: Path) -> None:
    mine.write_text(MINIMAL.replace("topology: 2x2", "topolgy: 2x2"))
    result = run("--profile", mine, "--out", tmp_path / "out")
    assert result.exit_code == 1
    assert result.stdout == ""
    assert (
        f"{mine}:9:3: error: tpu.topolgy is not a key of a profile [profile-unknown-key]\n"
        "  9 |   topolgy: 2x2\n"
        "    |   ^\n"
        "  hint: did you mean `topology`?\n"
    ) in result.stderr
    assert not (tmp_path / "out").exists()


def test_nothing_is_written_when_one_of_several_profiles_has_an_error(
    mine: Path, tmp_path: Path
) -> None:
    mine.write_text(MINIMAL.replace("2x2", "3x3"))
    result = run("--profile", "qwen-3b-v6e", "--profile", mine, "--out", tmp_path / "out")
    assert result.exit_code == 1
    assert "[tpu-topology-not-formable]" in result.stderr
    assert "nothing was written" in result.stderr
    assert not (tmp_path / "out").exists()


def test_two_profiles_of_one_name_are_refused(mine: Path, tmp_path: Path) -> None:
    result = run("--profile", mine, "--profile", mine, "--out", tmp_path / "out")
    assert result.exit_code == 2
    assert "[profile-given-twice]" in result.stderr


def test_dry_run_prints_the_tree_and_touches_nothing(tmp_path: Path) -> None:
    result = run("--profile", "qwen-3b-v6e", "--out", tmp_path / "out", "--dry-run")
    assert result.exit_code == 0
    assert "would write" in result.stdout
    assert "  gateway/gateway.yaml" in result.stdout
    assert not (tmp_path / "out").exists()


def test_json_is_one_document_on_stdout(mine: Path, tmp_path: Path) -> None:
    result = run("--profile", mine, "--out", tmp_path, "--format", "json")
    document = json.loads(result.stdout)
    assert result.stderr == ""
    assert set(document) == {"diagnostics", "written", "summary"}
    assert f"{tmp_path}/example/README.md" in document["written"]
    assert document["summary"]["profiles"] == ["example"]


def test_json_of_a_broken_profile_has_every_field(mine: Path, tmp_path: Path) -> None:
    mine.write_text(MINIMAL.replace("2x2", "2x"))
    result = run("--profile", mine, "--out", tmp_path, "--format", "json")
    assert result.exit_code == 1
    (found,) = json.loads(result.stdout)["diagnostics"]
    assert found == {
        "file": str(mine),
        "line": 9,
        "column": 13,
        "path": "$.tpu.topology",
        "severity": "error",
        "code": "profile-value-malformed",
        "message": "tpu.topology is `2x`; it must be chips per dimension such as 2x2 or 2x2x1",
        "hint": "",
        "acknowledged": None,
    }


def test_fail_on_warning_makes_warnings_errors(mine: Path, tmp_path: Path) -> None:
    assert run("--profile", mine, "--out", tmp_path).exit_code == 0
    result = run("--profile", mine, "--out", tmp_path / "b", "--fail-on", "warning")
    assert result.exit_code == 1
    assert not (tmp_path / "b").exists()


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("qwen-3b-v6", "did you mean `qwen-3b-v6e`?"),
        ("./none.yaml", "No such file"),
        ("/", "Is a directory"),
        ("zzz", "there are: qwen-3b-v6e, qwen-3b-v6e-as-documented"),
    ],
)
def test_a_profile_that_does_not_exist_is_a_usage_error(name: str, message: str) -> None:
    result = run("--profile", name)
    assert result.exit_code == 2
    assert message in result.stderr


def test_a_file_in_the_working_directory_is_no_name(
    mine: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(mine.parent)
    result = run("--profile", "mine")
    assert result.exit_code == 2
    assert "a path has a slash: ./mine.yaml" in result.stderr


def test_profiles_and_templates_of_the_user_are_found(mine: Path, tmp_path: Path) -> None:
    tree(tmp_path / "t", {"gateway/gateway.yaml.j2": "x: {{ stack.nobody | yaml }}\n"})
    args = ("--profile", "mine", "--profiles", mine.parent, "--templates", tmp_path / "t")
    result = run(*args, "--out", tmp_path / "out")
    assert result.exit_code == 1
    assert f"{tmp_path}/t/gateway/gateway.yaml.j2:1:1: error: " in result.stderr


def test_a_template_of_the_user_that_breaks_a_schema_is_named(mine: Path, tmp_path: Path) -> None:
    source = (CHECKOUT / "templates/gateway/gateway.yaml.j2").read_text()
    broken = source.replace("gatewayClassName:", "gatewayClasName:")
    tree(tmp_path / "t", {"gateway/gateway.yaml.j2": broken})
    result = run("--profile", mine, "--templates", tmp_path / "t", "--out", tmp_path / "out")
    assert result.exit_code == 1
    assert "gateway/gateway.yaml:7:3: error: " in result.stderr
    assert "did you mean `gatewayClassName`?" in result.stderr
    assert f"rendered from {tmp_path}/t/gateway/gateway.yaml.j2" in result.stderr
    assert not (tmp_path / "out").exists()


def test_a_script_that_bash_cannot_parse_is_not_written(mine: Path, tmp_path: Path) -> None:
    tree(tmp_path / "t", {"scripts/mine.sh.j2": "#!/usr/bin/env bash\nif true; then\n  echo\n"})
    result = run("--profile", mine, "--templates", tmp_path / "t", "--out", tmp_path / "out")
    assert result.exit_code == 1
    assert "[shell-syntax-error]" in result.stderr
    assert "scripts/mine.sh:" in result.stderr


@pytest.mark.parametrize("option", ["--templates", "--profiles"])
def test_a_folder_that_does_not_exist_is_a_usage_error(option: str, tmp_path: Path) -> None:
    result = run("--profile", "qwen-3b-v6e", option, tmp_path / "none", "--dry-run")
    assert result.exit_code == 2
    assert "there is no such folder" in result.stderr


def test_check_tells_what_differs_and_why(tmp_path: Path) -> None:
    run("--profile", "qwen-3b-v6e", "--out", tmp_path)
    assert run("check", "--profile", "qwen-3b-v6e", "--out", tmp_path).exit_code == 0
    target = tmp_path / "qwen-3b-v6e"
    (target / "README.md").write_text("mine")
    (target / "notes").write_text("mine")
    (target / "gateway/gateway.yaml").unlink()
    result = run("check", "--profile", "qwen-3b-v6e", "--out", tmp_path, "--format", "json")
    assert result.exit_code == 1
    found = json.loads(result.stdout)["diagnostics"]
    codes = {Path(item["file"]).name: item["code"] for item in found if "tree" in item["code"]}
    assert codes == {
        "README.md": "tree-file-hand-edited",
        "notes": "tree-file-extra",
        "gateway.yaml": "tree-file-missing",
    }


def test_check_tells_that_a_tree_was_never_written(tmp_path: Path) -> None:
    result = run("check", "--profile", "qwen-3b-v6e", "--out", tmp_path)
    assert result.exit_code == 1
    assert "[tree-not-rendered]" in result.stdout


def test_check_all_covers_the_shipped_profiles_and_the_committed_trees() -> None:
    result = run("check", "--all", "--out", CHECKOUT / "out")
    assert result.exit_code == 0, result.stdout
    assert f"{len(SHIPPED)} trees checked: up to date" in result.stdout


def test_check_all_with_profiles_covers_only_those(mine: Path, tmp_path: Path) -> None:
    result = run("check", "--all", "--profiles", mine.parent, "--out", tmp_path / "out")
    assert "1 tree checked" in result.stdout


def test_check_wants_either_names_or_all() -> None:
    assert run("check").exit_code == 2


@pytest.mark.parametrize(
    ("target", "message"),
    [
        ("kubernetes=1.5", "available are 1.25"),
        ("kubernets=1.34", "did you mean `kubernetes`?"),
        ("1.34", "names: kubernetes, gke, gateway-api, kserve"),
        ("gke=latest", "'latest' is not a GKE version"),
    ],
)
def test_a_target_that_makes_no_sense_is_a_usage_error(target: str, message: str) -> None:
    result = run("lint", "-", "--target", target, stdin="a: 1\n")
    assert result.exit_code == 2
    assert message in result.stderr


def test_a_target_changes_what_is_judged_and_not_what_is_written(tmp_path: Path) -> None:
    args = ("--profile", "qwen-3b-v6e", "--out", tmp_path)
    refused = run(*args, "--target", "gke=1.31")
    assert refused.exit_code == 1
    assert "[gke-version-unsupported]" in refused.stderr
    assert run(*args, "--target", "kubernetes=1.36,gke=1.36").exit_code == 0
    assert files_of(tmp_path / "qwen-3b-v6e") == files_of(CHECKOUT / "out" / "qwen-3b-v6e")


def test_explain_prints_a_rule_and_names_a_near_one() -> None:
    result = run("explain", "gateway-class-without-inference-pool")
    assert result.exit_code == 0
    assert "Source: https://" in result.stdout
    wrong = run("explain", "gateway-class-without-inference-pol")
    assert wrong.exit_code == 2
    assert "did you mean `gateway-class-without-inference-pool`?" in wrong.stderr


@pytest.mark.parametrize(
    ("kind", "rows"),
    [
        ("profiles", 2),
        ("machine-types", 13),
        ("topologies", 52),
        ("zones", 23),
        ("gateway-classes", 18),
        ("models", 35),
        ("images", 3),
        ("prices", 60),
        ("rules", 40),
        ("schemas", 9),
    ],
)
def test_list_shows_every_row(kind: str, rows: int) -> None:
    text = run("list", kind)
    assert text.exit_code == 0, text.output
    records = json.loads(run("list", kind, "--format", "json").stdout)
    assert len(text.stdout.splitlines()) == len(records) + 1
    assert len(records) >= rows
    if kind in {"machine-types", "topologies", "zones", "gateway-classes", "models"}:
        assert len(records) == rows
    if kind not in {"profiles", "rules", "schemas"}:
        assert all(record["sources"] and record["as of"] for record in records)


def test_export_copies_what_is_shipped_and_overwrites_nothing(tmp_path: Path) -> None:
    assert run("export", "templates", tmp_path / "t").exit_code == 0
    assert files_of(tmp_path / "t") == files_of(CHECKOUT / "templates")
    assert run("export", "templates", tmp_path / "t").exit_code == 2


def test_every_command_and_option_has_help_and_every_command_an_example() -> None:
    commands = [*main.commands.values()]
    commands += [
        item
        for command in commands
        if isinstance(command, click.Group)
        for item in command.commands.values()
    ]
    root = click.Context(main, info_name="llmd-render", **main.context_settings)
    for command in (main, *commands):
        context = click.Context(command, info_name=command.name, parent=root)
        assert "Example" in command.get_help(context)
        for option in command.params:
            if isinstance(option, click.Option) and not option.hidden:
                assert option.help, f"{command.name} {option.name}"


def test_help_imports_nothing_heavy() -> None:
    code = f"import llmd_render.cli, sys; print([m for m in {HEAVY} if m in sys.modules])"
    shown = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert shown.stdout.strip() == "[]"


def test_judging_manifests_imports_nothing_that_renders(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text("apiVersion: v1\nkind: Namespace\nmetadata: {name: a}\n")
    unused = [name for name in HEAVY if name != "yaml"] + ["urllib.request", "llmd_render.catalog"]
    code = (
        "import sys; from llmd_render.cli import main; "
        f"main(['lint', {str(tmp_path)!r}], standalone_mode=False); "
    )
    check = f"print([m for m in {unused} if m in sys.modules])"
    done = subprocess.run(
        [sys.executable, "-c", f"import atexit, sys\natexit.register(lambda: {check})\n{code}"],
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.splitlines()[-1] == "[]"


def test_the_command_without_arguments_shows_help() -> None:
    shown = subprocess.run(
        [sys.executable, "-m", "llmd_render"], capture_output=True, text=True, check=False
    )
    assert shown.stdout.startswith("Usage: ")
    assert "Examples:" in shown.stdout


def test_our_own_bug_is_one_line_and_exit_3(monkeypatch: pytest.MonkeyPatch) -> None:
    def crash(*_: object, **__: object) -> None:
        raise ZeroDivisionError("boom")

    monkeypatch.setattr(pipeline, "render_profile", crash)
    result = run("--profile", "qwen-3b-v6e", "--dry-run")
    assert result.exit_code == 3
    assert "internal error: ZeroDivisionError: boom" in result.stderr
    assert "Traceback" not in result.stderr
    assert isinstance(run("--traceback", "--profile", "qwen-3b-v6e").exception, ZeroDivisionError)


def test_an_interrupt_is_exit_130(monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupt(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(pipeline, "render_profile", interrupt)
    assert run("--profile", "qwen-3b-v6e", "--dry-run").exit_code == 130


def test_a_real_interrupt_in_the_middle_leaves_nothing_behind(tmp_path: Path) -> None:
    fifo = tmp_path / "slow.yaml"
    os.mkfifo(fifo)
    args = [sys.executable, "-m", "llmd_render", "--profile", str(fifo), "--out", str(tmp_path)]
    process = subprocess.Popen(args, stderr=subprocess.PIPE, text=True)
    # Opening the other end waits until the program is in the middle of reading its profile.
    with fifo.open("w"):
        process.send_signal(signal.SIGINT)
        _, stderr = process.communicate(timeout=60)
    assert process.returncode == 130
    assert "Traceback" not in stderr
    assert sorted(path.name for path in tmp_path.iterdir()) == ["slow.yaml"]


def test_an_unwritable_folder_is_exit_1(mine: Path, tmp_path: Path) -> None:
    if os.geteuid() == 0 and not Path("/proc/version").exists():
        absent("a folder that root cannot write to")
    result = run("--profile", mine, "--out", "/proc/none")
    assert result.exit_code == 1
    assert "[tree-not-writable]" in result.stderr
    assert tmp_path.exists()


def test_colour_is_for_terminals_only(mine: Path, tmp_path: Path) -> None:
    mine.write_text("name: x\n")
    assert "\x1b[" not in run("--profile", mine, "--out", tmp_path).stderr
