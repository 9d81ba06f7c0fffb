"""Several profiles in one run: all trees are planned before any is written."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from support import MINIMAL, files_of, run


@pytest.fixture
def pair(tmp_path: Path) -> tuple[str, ...]:
    for name in ("one", "two"):
        (tmp_path / f"{name}.yaml").write_text(MINIMAL.replace("name: example", f"name: {name}"))
    return tuple(
        str(item) for name in ("one", "two") for item in ("--profile", tmp_path / f"{name}.yaml")
    )


def test_a_tree_edited_by_hand_stops_all_before_any_is_written(
    pair: tuple[str, ...], tmp_path: Path
) -> None:
    out = tmp_path / "out"
    assert run(*pair, "--out", out).exit_code == 0
    edited = out / "two" / "README.md"
    edited.write_text("mine\n")
    one = tmp_path / "one.yaml"
    one.write_text(one.read_text() + "service: {replicas: 2}\n")
    before = files_of(out)
    for options in ([], ["--dry-run"]):
        result = run(*pair, "--out", out, *options)
        assert result.exit_code == 1
        assert str(edited) in result.stderr
        assert "[tree-file-hand-edited]" in result.stderr
        assert files_of(out) == before
    result = run(*pair, "--out", out, "--format", "json")
    assert json.loads(result.stdout)["written"] == []


def test_only_what_changed_is_reported_as_written(pair: tuple[str, ...], tmp_path: Path) -> None:
    def written() -> set[str]:
        result = run(*pair, "--out", tmp_path / "out", "--format", "json")
        assert result.exit_code == 0
        return {
            Path(item).relative_to(tmp_path / "out").parts[0]
            for item in json.loads(result.stdout)["written"]
        }

    assert written() == {"one", "two"}
    assert written() == set()
    two = tmp_path / "two.yaml"
    two.write_text(two.read_text() + "service: {replicas: 2}\n")
    assert written() == {"two"}


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("--profile", "x", "lint", "x.yaml"), "--profile belongs after `lint`, if that knows it."),
        (("--dry-run", "list", "rules"), "--dry-run belongs after `list`, if that knows it."),
        (("--dry-run",), "Give --profile NAME or a command."),
        (("--out", "x"), "Give --profile NAME or a command."),
    ],
)
def test_options_that_would_be_ignored_are_usage_errors(
    arguments: tuple[str, ...], message: str
) -> None:
    result = run(*arguments)
    assert result.exit_code == 2
    assert message in result.stderr
