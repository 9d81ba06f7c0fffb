"""The documentation is current, complete and true: what it shows is what the program does."""

from __future__ import annotations

import json
import re
import runpy
import subprocess
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from typing import Any, get_args

import pytest
from pydantic import BaseModel
from support import CHECKOUT, OUT, absent, need, run

from llmd_render import InputError, load, load_text, render_profile
from llmd_render.findings import load_findings
from llmd_render.profile import Profile
from llmd_render.rules import ALL_RULES, ProfileRule, TreeRule

DOCS = CHECKOUT / "docs"
README = (CHECKOUT / "README.md").read_text(encoding="utf-8")
PAGES = sorted(
    [*CHECKOUT.glob("*.md"), *DOCS.glob("*.md"), *OUT.glob("*/*.md")],
    key=lambda path: path.relative_to(CHECKOUT).as_posix(),
)
_FENCE = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")
_HEADING = re.compile(r"^#+ (.+)$", re.MULTILINE)


def blocks(text: str, language: str) -> list[str]:
    return [body for word, body in _FENCE.findall(text) if word == language]


def prose(path: Path) -> str:
    """Read a page without its code."""
    return re.sub(r"`[^`\n]*`", "", _FENCE.sub("", path.read_text(encoding="utf-8")))


def anchors(path: Path) -> set[str]:
    """List the anchors of a page as GitHub makes them from its headings."""
    text = _FENCE.sub("", path.read_text(encoding="utf-8"))
    headings = (re.sub(r"[^\w\- ]", "", heading.lower()) for heading in _HEADING.findall(text))
    return {heading.replace(" ", "-") for heading in headings}


def generator() -> Any:
    spec = spec_from_file_location("generate", DOCS / "generate.py")
    assert spec is not None
    assert spec.loader is not None
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def keys_of(model: type[BaseModel], prefix: str = "") -> list[str]:
    """List each key of a profile as a dotted path, from the models and not from their schema."""
    found: list[str] = []
    for field in model.model_fields.values():
        path = f"{prefix}{field.alias}"
        found.append(path)
        for inner, mark in _models_in(field.annotation):
            found += keys_of(inner, f"{path}{mark}.")
    return found


def _models_in(annotation: Any) -> list[tuple[type[BaseModel], str]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return [(annotation, "")]
    mark = "[]" if getattr(annotation, "__origin__", None) is list else ""
    return [(model, mark) for part in get_args(annotation) for model, _ in _models_in(part)]


PROFILE_BLOCK = blocks(README, "yaml")[0]
EXTENDING_BLOCK = blocks(README, "yaml")[1]
OVERLAY_BLOCK = blocks(README, "yaml")[2]


def test_the_generated_documentation_is_current(capsys: pytest.CaptureFixture[str]) -> None:
    code = generator().main(["--check"])
    assert code == 0, capsys.readouterr().err


def test_the_generator_names_what_is_stale_and_writes_it(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    generate = generator()
    assert generate.main([], tmp_path) == 0
    assert generate.main(["--check"], tmp_path) == 0
    (tmp_path / "rules.md").write_text("old")
    (tmp_path / "cli.md").unlink()
    capsys.readouterr()
    assert generate.main(["--check"], tmp_path) == 1
    stale = capsys.readouterr().err
    assert "docs/rules.md" in stale
    assert "docs/cli.md" in stale
    assert "docs/profile.md" not in stale
    assert (tmp_path / "rules.md").read_text() == "old"


def test_the_committed_schema_is_what_the_command_prints() -> None:
    assert (DOCS / "profile.schema.json").read_text(encoding="utf-8") == run("schema").stdout


@pytest.mark.parametrize("key", keys_of(Profile))
def test_a_key_of_the_profile_is_documented(key: str) -> None:
    assert f"\n| `{key}` |" in (DOCS / "profile.md").read_text(encoding="utf-8")


def test_nothing_but_the_keys_of_the_profile_is_documented() -> None:
    page = (DOCS / "profile.md").read_text(encoding="utf-8")
    assert sorted(re.findall(r"^\| `([^`]+)` \|", page, re.MULTILINE)) == sorted(keys_of(Profile))


def test_every_rule_is_documented_and_no_other() -> None:
    page = (DOCS / "rules.md").read_text(encoding="utf-8")
    assert re.findall(r"^## (.+)$", page, re.MULTILINE) == [rule.name for rule in ALL_RULES]
    for rule in ALL_RULES:
        assert f"| [{rule.name}](#{rule.name}) | {rule.severity.value} |" in page


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.relative_to(CHECKOUT).as_posix())
def test_internal_links_lead_somewhere(path: Path) -> None:
    for link in _LINK.findall(prose(path)):
        if "://" in link:
            continue
        target, _, anchor = link.partition("#")
        place = path.parent / target if target else path
        assert place.exists(), link
        assert not anchor or anchor in anchors(place), link


def test_the_profile_of_the_readme_is_the_shortest_and_renders() -> None:
    outcome = render_profile(load_text(PROFILE_BLOCK, "readme.yaml"))
    assert outcome.ok
    assert outcome.files
    lines = PROFILE_BLOCK.splitlines(keepends=True)
    assert len(lines) == 11
    for index in range(len(lines)):
        with pytest.raises(InputError):
            load_text("".join(lines[:index] + lines[index + 1 :]), "readme.yaml")


def test_the_diagnostic_of_the_readme_is_what_the_command_prints(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (shown,) = [block for block in blocks(README, "console") if "wrong.yaml" in block]
    command, _, diagnostic = shown.partition("\n")
    monkeypatch.chdir(tmp_path)
    wrong = PROFILE_BLOCK.replace("topology: 2x2", "topology: 2x3")
    assert wrong != PROFILE_BLOCK
    Path("wrong.yaml").write_text(wrong)
    result = run(*command.removeprefix("$ llmd-render ").split())
    assert result.exit_code == 1
    assert diagnostic in result.stderr
    assert result.stderr.count(": error: ") == 1
    assert result.stderr.endswith("nothing was written\n")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["wrong.yaml"]


def test_the_tree_of_the_readme_is_there() -> None:
    (shown,) = [block for block in blocks(README, "text") if block.startswith("out/")]
    root, *entries = (line.split()[0] for line in shown.splitlines())
    if not OUT.is_dir():
        absent("out/ is not there; run `make accept`")
    assert entries
    assert [path for path in entries if not (CHECKOUT / root / path).is_file()] == []


def test_of_the_extending_profile_of_the_readme_only_the_quota_is_to_be_seen_to() -> None:
    loaded = load_text(EXTENDING_BLOCK, "readme.yaml")
    outcome = render_profile(loaded)
    assert outcome.ok
    open_findings = [item for item in outcome.diagnostics if not item.acknowledged]
    assert [item.code for item in open_findings] == ["tpu-quota-above-default"]


def test_the_overlay_of_the_readme_merges_container_and_variable_by_name(tmp_path: Path) -> None:
    written = run("--profile", "qwen-3b-v6e", "--out", tmp_path / "out")
    assert written.exit_code == 0, written.stderr
    overlay = tmp_path / "overlays" / "qwen-3b-v6e" / "production"
    overlay.mkdir(parents=True)
    (overlay / "kustomization.yaml").write_text(OVERLAY_BLOCK)
    command = [need("kubectl"), "kustomize", str(overlay)]
    built = subprocess.run(command, capture_output=True, text=True, check=False)
    assert built.returncode == 0, built.stderr
    assert "name: VLLM_LOGGING_LEVEL" in built.stdout
    assert "name: TPU_HOST_BOUNDS" in built.stdout
    assert "image: registry.redhat.io/" in built.stdout
    linted = run("lint", "-", stdin=built.stdout)
    assert linted.exit_code == 0, linted.stdout


@pytest.mark.parametrize("setting", re.findall(r"--set '?([\w.]+=[^\s'`]+)", README))
def test_a_setting_of_the_readme_is_one(setting: str) -> None:
    assert load("qwen-3b-v6e", [setting]).profile.name == "qwen-3b-v6e"


@pytest.mark.parametrize("command", re.findall(r"`llmd-render (\w+)", README))
def test_a_command_of_the_readme_exists(command: str) -> None:
    assert run(command, "--help").exit_code == 0


def test_no_markup_of_click_shows_in_the_help() -> None:
    assert "\\b" not in (DOCS / "cli.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("target", sorted(set(re.findall(r"\bmake (\w+)", README))))
def test_a_make_target_of_the_readme_exists(target: str) -> None:
    makefile = (CHECKOUT / "Makefile").read_text(encoding="utf-8")
    assert re.search(rf"^{target}:", makefile, re.MULTILINE)


LIBRARY = (DOCS / "library.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("source", [*blocks(README, "python"), *blocks(LIBRARY, "python")])
def test_a_library_example_runs(
    source: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    program = tmp_path / "example.py"
    program.write_text(source)
    monkeypatch.chdir(tmp_path)
    runpy.run_path(str(program))
    if "write_tree" in source:
        assert (tmp_path / "out" / "qwen-3b-v6e" / ".llmd-render.json").is_file()


def test_the_names_of_the_library_page_are_public() -> None:
    import llmd_render  # noqa: PLC0415 - only here is the package itself meant

    named = re.findall(r"^\| (`.+?) \|", LIBRARY, re.MULTILINE)
    names = {name.partition(".")[0] for row in named for name in re.findall(r"`([\w.]+)`", row)}
    assert names <= set(llmd_render.__all__)


def test_the_json_of_the_command_line_page_has_the_fields_that_are_printed(
    tmp_path: Path,
) -> None:
    (shown,) = blocks((DOCS / "cli.md").read_text(encoding="utf-8"), "json")
    wrong = tmp_path / "mine.yaml"
    wrong.write_text(PROFILE_BLOCK.replace("topology: 2x2", "topology: 2x3"))
    printed = json.loads(run("--profile", wrong, "--format", "json").stdout)
    documented = json.loads(shown)
    assert list(documented) == list(printed)
    assert list(documented["diagnostics"][0]) == list(printed["diagnostics"][0])
    assert set(documented["summary"]) <= set(printed["summary"])


def test_contributing_names_files_that_exist() -> None:
    text = (CHECKOUT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    named = re.findall(r"`((?:llmd_render|templates|tests|docs)/[\w./-]+)`", text)
    assert named
    assert [path for path in named if not (CHECKOUT / path).exists()] == []


FAULTS = [
    [cell.strip() for cell in line.strip("|").split(" | ")]
    for line in (DOCS / "field-rules.md").read_text(encoding="utf-8").splitlines()
    if line.startswith("| ") and not line.startswith("| Fault ")
]


@pytest.mark.parametrize("row", FAULTS, ids=lambda row: row[0])
def test_what_finds_a_fault_of_the_field_exists(row: list[str]) -> None:
    _, profile, tree, prevented = row
    findings = set(load_findings())
    known = (
        {rule.name for rule in ALL_RULES if isinstance(rule, ProfileRule)} | findings,
        {rule.name for rule in ALL_RULES if isinstance(rule, TreeRule)} | findings,
        {path.relative_to(OUT / "qwen-3b-v6e").as_posix() for path in OUT.glob("qwen-3b-v6e/**/*")},
    )
    for cell, names in zip((profile, tree, prevented), known, strict=True):
        if cell not in {"—", "no field"}:
            assert set(re.findall(r"`([^`]+)`", cell)) <= names
            assert re.sub(r"`[^`]+`", "", cell).strip(", ") == ""
