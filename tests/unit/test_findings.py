"""Whatever the program can find, it can explain."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

import pytest
from support import CHECKOUT, run

from llmd_render.findings import DEFERRED, load_findings
from llmd_render.rules import ALL_RULES

PACKAGE = CHECKOUT / "llmd_render"
FAMILIES = {code.partition("-")[0] for code in load_findings()}
CODE = re.compile(rf"(?:{'|'.join(sorted(FAMILIES))})(?:-[a-z0-9]+)+")
# Made of a state by `check`, so that no literal says it.
STATES = {f"tree-file-{state}" for state in ("missing", "changed", "stale", "hand-edited", "extra")}


def literals() -> Iterator[str]:
    for path in PACKAGE.rglob("*.py"):
        if "rules" in path.parts:
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                yield node.value


def test_each_code_in_the_program_is_explained_and_each_explanation_has_a_code() -> None:
    used = {text for text in literals() if CODE.fullmatch(text)} - {"cel-selector"}  # annotation
    derived = {code for code in load_findings() if DEFERRED in code} - used
    assert all(code.startswith("native-") for code in derived)
    assert used | STATES | derived == set(load_findings())


def test_no_finding_has_the_name_of_a_rule() -> None:
    assert not set(load_findings()) & {rule.name for rule in ALL_RULES}


@pytest.mark.parametrize("code", load_findings())
def test_a_finding_says_what_is_wrong_and_what_to_do(code: str) -> None:
    item = load_findings()[code]
    assert item.remedy or code.startswith(("native-", "kserve-"))
    for text in filter(None, (item.meaning, item.remedy, item.mirrors)):
        assert text.endswith(".")
    assert item.meaning in run("explain", code).stdout
