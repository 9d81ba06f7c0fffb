from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest
from support import profile

from llmd_render import rules
from llmd_render.catalog import Catalog, load_catalog
from llmd_render.diagnostics import Diagnostic, InputError, Location, Severity, Violation
from llmd_render.lint import RuleCrashError, acknowledge, lint_profile
from llmd_render.rules import ProfileRule
from llmd_render.source import SourceMap

if TYPE_CHECKING:
    from llmd_render.profile import Profile

POSITIONS = SourceMap("p.yaml")


def finding(code: str) -> Diagnostic:
    return Diagnostic(Location("p.yaml", 1, 1), "found", code, Severity.ERROR)


def ignoring(*rules: str) -> Profile:
    return profile(lint={"ignore": [{"rule": rule, "reason": "because"} for rule in rules]})


def test_an_acknowledged_finding_stays_and_no_longer_blocks() -> None:
    found = acknowledge(
        [finding("kserve-images-move"), finding("image-tag-not-pinned")],
        ignoring("kserve-images-move"),
        POSITIONS,
    )
    assert [(item.code, item.acknowledged, item.blocks) for item in found] == [
        ("kserve-images-move", "because", False),
        ("image-tag-not-pinned", "", True),
    ]


def test_acknowledging_an_unknown_rule_is_an_error_with_a_near_name() -> None:
    (found,) = acknowledge([], ignoring("kserve-image-moves"), POSITIONS)
    assert (found.code, found.severity) == ("lint-ignore-unknown", Severity.ERROR)
    assert found.hint == "did you mean `kserve-images-move`?"


def test_an_acknowledgement_that_nothing_needs_is_a_warning() -> None:
    (found,) = acknowledge([], ignoring("kserve-images-move"), POSITIONS)
    assert (found.code, found.severity) == ("lint-ignore-unused", Severity.WARNING)


def test_a_second_acknowledgement_of_the_same_rule_is_a_warning_and_the_first_counts() -> None:
    rule = "kserve-images-move"
    twice = [{"rule": rule, "reason": reason} for reason in ("the first", "the second")]
    found = acknowledge([finding(rule)], profile(lint={"ignore": twice}), POSITIONS)
    assert [(item.code, item.message, item.acknowledged) for item in found] == [
        (rule, "found", "the first"),
        ("lint-ignore-unused", f"{rule} is acknowledged above already", ""),
    ]


@pytest.mark.parametrize("reason", [" ", "", "a\nb"])
def test_an_acknowledgement_needs_a_reason_in_words(reason: str) -> None:
    with pytest.raises(InputError):
        profile(lint={"ignore": [{"rule": "kserve-images-move", "reason": reason}]})


def test_what_a_schema_refuses_cannot_be_acknowledged() -> None:
    found = acknowledge(
        [finding("schema-unknown-field")], ignoring("schema-unknown-field"), POSITIONS
    )
    assert found[0].blocks
    assert found[1].code == "lint-ignore-unknown"


def test_a_rule_that_raises_is_our_bug_and_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    def crash(_: Profile, __: Catalog) -> Iterator[Violation]:
        raise KeyError("x")

    rule = ProfileRule("some-crashing-rule", Severity.ERROR, crash)
    monkeypatch.setattr(rules, "PROFILE_RULES", (rule,))
    with pytest.raises(RuleCrashError, match="the rule some-crashing-rule crashed"):
        lint_profile(profile(), load_catalog(), POSITIONS)
