"""For every rule a mutant of a shipped profile, or of a tree, that breaks exactly this rule.

The tables in `mutants/` say what is changed, and where the one finding is: `at` holds a piece of
the mutated text that is in its file once; `»` stands before the place. `names` are words of the
message or hint: both ends of what does not fit. `also` lists what else must be found, and why.
Where `only` is given, no other files of the tree are there.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import yaml
from support import CHECKOUT, OUT, SHIPPED

from llmd_render.diagnostics import Diagnostic, Location
from llmd_render.pipeline import (
    Inputs,
    LintOptions,
    lint_inputs,
    load_text,
    parse_target,
    render_profile,
)
from llmd_render.rules import ALL_RULES, PROFILE_RULES

if TYPE_CHECKING:
    from collections.abc import Sequence

TABLES = Path(__file__).parent / "mutants"
PROFILE = "profile.yaml"
JUDGED = (".sh", ".md", ".yaml", ".yml")
PLACE = "»"
OF_PROFILES = {rule.name for rule in PROFILE_RULES}

Edits = list[list[str]]


@dataclass(frozen=True)
class Mutant:
    """What is changed in what, and what is then found."""

    rule: str
    at: dict[str, str]
    names: list[str]
    base: str = "shipped"
    target: str = ""
    edit: dict[str, Edits] = field(default_factory=dict)
    append: dict[str, str] = field(default_factory=dict)
    add: dict[str, str] = field(default_factory=dict)
    remove: list[str] = field(default_factory=list)
    only: list[str] = field(default_factory=list)
    line: str = ""
    also: dict[str, str] = field(default_factory=dict)


def read_table(name: str) -> Any:
    return yaml.safe_load((TABLES / name).read_text(encoding="utf-8"))


BASES: dict[str, dict[str, Any]] = read_table("bases.yaml")
MUTANTS = [
    Mutant(**entry)
    for path in sorted(TABLES.glob("*.yaml"))
    if path.name != "bases.yaml"
    for entry in read_table(path.name)
]


def change(text: str, edits: Edits) -> str:
    for old, new in edits:
        assert text.count(old) == 1, f"{old!r} is there {text.count(old)} times"
        text = text.replace(old, new)
    return text


@cache
def base_profile(name: str) -> str:
    text = (CHECKOUT / "profiles" / f"{SHIPPED[0]}.yaml").read_text(encoding="utf-8")
    base = BASES[name]
    append: str = base.get("append", "")
    for rule in base.get("unacknowledge", ()):
        text, count = re.subn(rf" +- rule: {rule}\n +reason: .*\n", "", text)
        assert count == 1, rule
    return change(text, base.get("edit", [])) + append


@cache
def base_tree(name: str) -> dict[str, str]:
    if not BASES[name]:
        folder = OUT / SHIPPED[0]
        paths = [path for path in sorted(folder.rglob("*")) if path.name.endswith(JUDGED)]
        return {path.relative_to(folder).as_posix(): path.read_text("utf-8") for path in paths}
    files = render_profile(load_text(base_profile(name), PROFILE)).files
    return {item.path: item.text for item in files if item.path.endswith(JUDGED)}


def mutate(mutant: Mutant) -> dict[str, str]:
    """Make the files of a mutant; that of a profile is one file."""
    if mutant.rule in OF_PROFILES:
        files = {PROFILE: base_profile(mutant.base)}
    else:
        files = dict(base_tree(mutant.base))
        files = {path: files[path] for path in mutant.only or files}
    for path, edits in mutant.edit.items():
        files[path] = change(files[path], edits)
    for path, text in mutant.append.items():
        files[path] += text
    for path, text in mutant.add.items():
        assert path not in files, path
        files[path] = text
    for path in mutant.remove:
        del files[path]
    return files


def judge_profile(text: str) -> Sequence[Diagnostic]:
    return render_profile(load_text(text, PROFILE)).diagnostics


def judge_tree(files: dict[str, str], target: str = "") -> Sequence[Diagnostic]:
    options = LintOptions(target=parse_target(target))
    return lint_inputs(Inputs(sorted(files.items())), options).diagnostics


def judge(mutant: Mutant, files: dict[str, str]) -> Sequence[Diagnostic]:
    if mutant.rule in OF_PROFILES:
        return judge_profile(files[PROFILE])
    return judge_tree(files, mutant.target)


def unacknowledged(found: Sequence[Diagnostic]) -> list[Diagnostic]:
    return [item for item in found if not item.acknowledged]


def place_of(mutant: Mutant, files: dict[str, str]) -> Location:
    ((path, snippet),) = mutant.at.items()
    if not snippet:
        return Location(path)
    before, _, after = snippet.rpartition(PLACE)
    text = files[path]
    assert text.count(before + after) == 1, f"{snippet!r} is not there once"
    head = text[: text.index(before + after) + len(before)]
    return Location(path, head.count("\n") + 1, len(head) - head.rfind("\n"))


@pytest.fixture(autouse=True)
def _in_the_shipped_tree(monkeypatch: pytest.MonkeyPatch) -> None:
    # Kustomizations name files that nobody judges; whether they are there is asked of the disk.
    monkeypatch.chdir(OUT / SHIPPED[0])


@pytest.mark.parametrize("mutant", MUTANTS, ids=lambda mutant: mutant.rule)
def test_a_mutant_breaks_its_rule_once_and_no_other(mutant: Mutant) -> None:
    files = mutate(mutant)
    found = unacknowledged(judge(mutant, files))
    assert Counter(item.code for item in found) == Counter([mutant.rule, *mutant.also])
    (finding,) = (item for item in found if item.code == mutant.rule)
    place = place_of(mutant, files)
    assert finding.location == place
    if mutant.line:
        assert f"{place.line}:{place.column}" == mutant.line
    said = f"{finding.message}; {finding.hint}"
    assert [name for name in mutant.names if name not in said] == []


def test_every_rule_has_a_mutant() -> None:
    assert {mutant.rule for mutant in MUTANTS} == {rule.name for rule in ALL_RULES}


def test_both_ends_are_named() -> None:
    assert [mutant.rule for mutant in MUTANTS if len(mutant.names) < 2] == []


@pytest.mark.parametrize("name", BASES)
def test_nothing_is_unacknowledged_where_nothing_is_changed(name: str) -> None:
    assert unacknowledged(judge_profile(base_profile(name))) == []
    assert unacknowledged(judge_tree(base_tree(name))) == []


def test_the_shipped_tree_is_what_the_shipped_profile_renders() -> None:
    rendered = render_profile(load_text(base_profile("shipped"), PROFILE)).files
    texts = {item.path: item.text for item in rendered}
    assert {path: texts[path] for path in base_tree("shipped")} == base_tree("shipped")
