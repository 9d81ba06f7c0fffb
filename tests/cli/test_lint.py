"""What `lint` takes, what it says, what silences it, and what it never passes over."""

from __future__ import annotations

import json
import os
import sys
from io import StringIO
from pathlib import Path

import pytest
from support import CHECKOUT, MINIMAL, need, run, tree

from llmd_render.cli import lint
from llmd_render.rules import TREE_RULES

BAD = "apiVersion: v1\nkind: Namespace\nmetadata: {name: Bad_Name}\n"
GOOD = "apiVersion: v1\nkind: Namespace\nmetadata: {name: good}\n"
MAP = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: good, namespace: a}\n"
WORKFLOW = "apiVersion: argoproj.io/v1alpha1\nkind: Workflow\nmetadata: {name: a}\n"
NAME = "metadata-invalid-name"


def test_lint_judges_manifests_scripts_and_profiles(tmp_path: Path) -> None:
    tree(
        tmp_path,
        {
            "ns.yaml": "apiVersion: v1\nkind: Namespace\nmetadata: {name: a, labls: {}}\n",
            "kind.yaml": "apiVersion: example.com/v1\nkind: Thing\nmetadata: {name: a}\n",
            "bad.sh": "if true; then\n",
            "mine.yaml": MINIMAL.replace("2x2", "3x3"),
            "twice.yaml": "a: 1\na: 2\n",
        },
    )
    result = run("lint", tmp_path, "--format", "json")
    assert result.exit_code == 1
    found = json.loads(result.stdout)["diagnostics"]
    errors = {(Path(item["file"]).name, item["code"]) for item in found if item["line"]}
    assert {
        ("ns.yaml", "schema-unknown-field"),
        ("kind.yaml", "schema-missing-for-kind"),
        ("bad.sh", "shell-syntax-error"),
        ("mine.yaml", "tpu-topology-not-formable"),
        ("twice.yaml", "yaml-duplicate-key"),
    } <= errors


def test_lint_reads_standard_input() -> None:
    manifest = "apiVersion: v1\nkind: Namespace\nmetadata: {name: Bad_Name}\n"
    result = run("lint", "-", stdin=manifest)
    assert result.exit_code == 1
    assert "-:3:18: error:" in result.stdout


@pytest.mark.parametrize("text", ["", "# nothing\n", "---\n---\n"])
def test_lint_of_nothing_is_a_finding_and_not_a_pass(text: str) -> None:
    result = run("lint", "-", stdin=text)
    assert result.exit_code == 1
    assert "[lint-input-empty]" in result.stdout


def test_lint_of_binary_input_is_a_finding() -> None:
    assert run("lint", "-", stdin=b"\xff\xfe\x00").exit_code == 1


def test_lint_of_a_missing_path_is_a_usage_error(tmp_path: Path) -> None:
    assert run("lint", tmp_path / "none").exit_code == 2


def test_lint_accepts_the_committed_tree() -> None:
    result = run("lint", CHECKOUT / "out" / "qwen-3b-v6e")
    assert result.exit_code == 0, result.stdout


def test_a_target_decides_which_core_schema_judges() -> None:
    manifest = "apiVersion: policy/v1beta1\nkind: PodSecurityPolicy\nmetadata: {name: a}\n"
    assert run("lint", "-", "--target", "kubernetes=1.34", stdin=manifest).exit_code == 1
    flow = "apiVersion: flowcontrol.apiserver.k8s.io/v1\nkind: FlowSchema\nmetadata: {name: a}\n"
    assert run("lint", "-", "--target", "kubernetes=1.34", stdin=flow).exit_code == 0
    assert run("lint", "-", "--target", "gke=1.28", stdin=flow).exit_code == 1


def codes(*args: str | Path, stdin: str | None = None) -> list[tuple[str, int, str | None]]:
    """Run lint and list code, line and the reason for each finding."""
    result = run("lint", *args, "--format", "json", stdin=stdin)
    assert result.exit_code in {0, 1}, result.output
    found = json.loads(result.stdout)["diagnostics"]
    return [(item["code"], item["line"], item["acknowledged"]) for item in found]


def test_the_objects_of_a_list_are_judged_one_by_one() -> None:
    text = """\
apiVersion: v1
kind: List
items:
- {apiVersion: v1, kind: Namespace, metadata: {name: good}}
- apiVersion: v1
  kind: NamespaceList
  items:
  - {apiVersion: v1, kind: Namespace, metadata: {name: Bad_Name}}
- {kind: Namespace}
"""
    result = run("lint", "-", stdin=text)
    assert "-:8:56: error: " in result.stdout
    assert "-:9:3: error: apiVersion is missing [manifest-without-kind]" in result.stdout
    assert (
        f"1 file, 3 objects of 1 kind, {len(TREE_RULES)} tree rules: 2 errors, 0 warnings"
        in result.stdout
    )


def test_yaml_that_is_no_kubernetes_is_pointed_out_and_not_judged(tmp_path: Path) -> None:
    chart = "apiVersion: v2\nname: a\nversion: 0.1.0\n"
    files = {"values.yaml": "replicas: 2\n", "list.yaml": "- 1\n", "Chart.yaml": chart}
    tree(tmp_path, {"ns.yaml": GOOD, **files})
    assert codes(tmp_path) == [("manifest-not-kubernetes", 1, None)] * 3
    assert run("lint", tmp_path).exit_code == 0
    (tmp_path / "ns.yaml").unlink()
    assert run("lint", tmp_path).exit_code == 1


def test_half_of_an_identity_is_an_error() -> None:
    assert codes("-", stdin="kind: Namespace\nmetadata: {name: a}\n") == [
        ("manifest-without-kind", 1, None)
    ]


@pytest.mark.parametrize(
    "text",
    [
        BAD.replace("metadata", f"# llmd-render: ignore {NAME} an old name\nmetadata"),
        BAD.replace("metadata", f"#llmd-render: ignore {NAME} an old name\n\n# more\nmetadata"),
        BAD.replace("Name}", f"Name}} # llmd-render: ignore {NAME} an old name"),
        BAD.replace("\n", "\r\n").replace(
            "Name}", f"Name}} # llmd-render: ignore {NAME} an old name"
        ),
    ],
)
def test_a_comment_silences_a_finding_of_its_line_or_the_next(text: str) -> None:
    ((code, _, reason),) = codes("-", stdin=text)
    assert (code, reason) == (NAME, "an old name")
    result = run("lint", "-", stdin=text)
    assert result.exit_code == 0
    assert "acknowledged: an old name" in result.stdout
    assert "0 errors, 0 warnings, 1 acknowledged" in result.stdout


def test_a_comment_silences_neither_other_lines_nor_other_findings() -> None:
    comment = f"# llmd-render: ignore {NAME} an old name\n"
    found = codes("-", stdin=comment + BAD)
    assert (NAME, 4, None) in found
    assert ("lint-ignore-unused", 1, None) in found


@pytest.mark.parametrize(
    ("comment", "code", "message"),
    [
        (f"ignore {NAME}", "lint-ignore-malformed", f"{NAME} is ignored without a reason"),
        ("ignor x y", "lint-ignore-malformed", "`ignor x y` is not of the form"),
        ("ignore metadata-invalid-nam why", "lint-ignore-unknown", f"did you mean `{NAME}`?"),
    ],
)
def test_a_comment_that_silences_nothing_is_a_finding(
    comment: str, code: str, message: str
) -> None:
    result = run("lint", "-", stdin=f"# llmd-render: {comment}\n{GOOD}")
    assert result.exit_code == 1
    assert f"[{code}]" in result.stdout
    assert message in result.stdout


def test_a_comment_without_its_colon_is_pointed_out() -> None:
    result = run("lint", "-", stdin=f"# llmd-render ignore {NAME} why\n{GOOD}")
    assert result.exit_code == 1
    assert "there is no colon behind llmd-render, so that this silences nothing" in result.stdout
    assert run("lint", "-", stdin=f"# written by llmd-render\n{GOOD}").exit_code == 0


def test_nothing_silences_yaml_that_cannot_be_read() -> None:
    text = "# llmd-render: ignore yaml-syntax-error why\na: [\n"
    assert run("lint", "-", stdin=text).exit_code == 1


def test_a_config_file_silences_by_code_and_glob_and_reports_what_is_stale(tmp_path: Path) -> None:
    tree(tmp_path, {"in/old/a.yaml": BAD, "in/new/a.yaml": BAD, "in/x.yaml": WORKFLOW})
    config = tmp_path / "lint.yaml"
    config.write_text(
        "ignore:\n"
        f"- {{code: {NAME}, files: '*/old/*', reason: history}}\n"
        "- {code: schema-unknown-field, reason: none left}\n"
        "allowUnknown:\n"
        "- {kind: Workflow.argoproj.io, reason: judged elsewhere}\n"
    )
    assert sorted(codes("--config", config, tmp_path / "in"), key=str) == [
        ("lint-ignore-unused", 3, None),
        (NAME, 3, "history"),
        (NAME, 3, None),
        ("schema-missing-for-kind", 2, "judged elsewhere"),
    ]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("ignor: []\n", "did you mean `ignore`?"),
        ("ignore:\n- {code: x}\n", "ignore[0] lacks reason, a required field"),
        ("ignore: x\n", "ignore is 'x', a string; it must be a list"),
        ("ignore:\n- {code: x, reason: ''}\n", "reason"),
        ("[", "this is not YAML"),
        ("a: 1\na: 2\n", "duplicate key"),
    ],
)
def test_a_config_file_that_is_malformed_is_a_usage_error(
    text: str, message: str, tmp_path: Path
) -> None:
    (tmp_path / "lint.yaml").write_text(text)
    result = run("lint", "--config", tmp_path / "lint.yaml", "-", stdin=GOOD)
    assert result.exit_code == 2
    assert f"{tmp_path}/lint.yaml:" in result.stderr
    assert message in result.stderr


def test_a_kind_without_schema_is_refused_unless_allowed_for_a_reason() -> None:
    assert codes("-", stdin=WORKFLOW) == [("schema-missing-for-kind", 2, None)]
    allowed = "--allow-unknown=Workflow.argoproj.io=its own linter"
    assert codes(allowed, "-", stdin=WORKFLOW) == [("schema-missing-for-kind", 2, "its own linter")]
    assert run("lint", allowed, "-", stdin=WORKFLOW).exit_code == 0
    stale = codes(allowed, "-", stdin=GOOD)
    assert stale == [("lint-ignore-unused", 0, None)]
    for wrong in ("Workflow.argoproj.io", "Workflow.argoproj.io=", "=x"):
        assert run("lint", "--allow-unknown", wrong, "-", stdin=GOOD).exit_code == 2


def test_no_rules_leaves_the_schemas(tmp_path: Path) -> None:
    tree(tmp_path, {"kustomization.yaml": "resources: [none.yaml]\n", "a.yaml": BAD})
    assert {code for code, _, _ in codes(tmp_path)} == {
        NAME,
        "kustomization-file-missing",
        "kustomization-file-unlisted",
    }
    assert {code for code, _, _ in codes("--no-rules", tmp_path)} == {NAME}


def test_kustomize_judges_what_it_builds(tmp_path: Path) -> None:
    need("kubectl")
    tree(tmp_path, {"kustomization.yaml": "resources: [a.yaml]\nnamePrefix: X_\n", "a.yaml": MAP})
    result = run("lint", "--kustomize", tmp_path)
    assert result.exit_code == 1
    assert f"{tmp_path} (built):4:9: error: " in result.stdout
    (tmp_path / "a.yaml").unlink()
    broken = run("lint", "--kustomize", tmp_path)
    assert broken.exit_code == 1
    assert "kustomize cannot build this: " in broken.stdout
    assert run("lint", "--kustomize", tmp_path / "none").exit_code == 2


def test_kustomize_that_is_not_installed_is_a_usage_error(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    result = run("lint", "--kustomize", tmp_path)
    assert result.exit_code == 2
    assert "[kustomize-not-installed]" in result.stderr


def test_a_folder_with_nothing_to_judge_is_a_finding(tmp_path: Path) -> None:
    tree(tmp_path, {"empty/notes.txt": "x", "full/a.yaml": GOOD})
    result = run("lint", tmp_path / "empty", tmp_path / "full")
    assert result.exit_code == 1
    assert f"{tmp_path}/empty: error: " in result.stdout


def test_one_file_that_cannot_be_read_does_not_hide_the_others(tmp_path: Path) -> None:
    tree(tmp_path, {"a.yaml": BAD})
    (tmp_path / "b.yaml").write_bytes(b"\xff\xfe")
    assert {code for code, _, _ in codes(tmp_path)} == {NAME, "file-not-text"}


def test_a_link_that_leads_nowhere_is_a_finding(tmp_path: Path) -> None:
    tree(tmp_path, {"a.yaml": GOOD})
    (tmp_path / "b.yaml").symlink_to("nowhere")
    assert codes(tmp_path) == [("file-not-readable", 0, None)]


def test_names_of_files_cannot_forge_lines(tmp_path: Path) -> None:
    tree(tmp_path, {"a\nb: error: no [x].yaml": BAD})
    Path(os.fsdecode(os.fsencode(tmp_path) + b"/\xff.yaml")).write_text(BAD)
    result = run("lint", tmp_path)
    assert result.exit_code == 1
    assert f"{tmp_path}/a\\nb: error: no [x].yaml:3:" in result.stdout
    assert f"{tmp_path}/\\xff.yaml:3:" in result.stdout


def test_a_pattern_without_match_is_a_usage_error() -> None:
    result = run("lint", "none/*.yaml")
    assert result.exit_code == 2
    assert "no file matches" in result.stderr


def test_the_same_path_twice_is_judged_once(tmp_path: Path) -> None:
    tree(tmp_path, {"a.yaml": BAD})
    assert len(codes(tmp_path / "a.yaml", tmp_path / "a.yaml")) == 1


def test_what_looks_like_a_chart_says_so() -> None:
    result = run("lint", "-", stdin="{{- if .Values.on }}\nkind: {{ .x }}\n")
    assert "render it first, as with `helm template`" in result.stdout
    assert "[manifest-is-template]" in result.stdout


@pytest.mark.parametrize(("environment", "shown"), [({}, True), ({"CI": "true"}, False)])
def test_progress_is_shown_on_a_terminal_when_it_takes_long_and_never_in_ci(
    environment: dict[str, str], shown: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Terminal(StringIO):
        def isatty(self) -> bool:
            return True

    now = iter([0.0, 0.5, 1.2, 1.25, 1.4, 1.5])
    terminal = Terminal()
    monkeypatch.delenv("CI", raising=False)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr("llmd_render.cli.lint.time.monotonic", lambda: next(now))
    monkeypatch.setattr(sys, "stderr", terminal)
    progress = lint.make_progress()
    for done in range(5):
        progress(done, 5)
    written = "\r1 of 5 documents\r3 of 5 documents\r\x1b[K" if shown else ""
    assert terminal.getvalue() == written


def test_no_progress_is_written_to_a_file() -> None:
    assert run("lint", "-", stdin="---\n".join([GOOD] * 20)).stderr == ""
