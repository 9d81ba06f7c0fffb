"""YAML that kubectl reads otherwise than its author, or the next program, does."""

from __future__ import annotations

import pytest

from llmd_render.diagnostics import Severity
from llmd_render.manifest import read_manifests


@pytest.mark.parametrize(
    ("written", "sentence"),
    [
        ("on", "kubectl reads on as true, and YAML 1.2 as text"),
        ("Off", "kubectl reads Off as false, and YAML 1.2 as text"),
        ("yes", "kubectl reads yes as true, and YAML 1.2 as text"),
        ("n", "kubectl reads n as false, and YAML 1.2 as text"),
        ("010", "kubectl reads 010 as 8, and YAML 1.2 as 10"),
        ("-0644", "kubectl reads -0644 as -420, and YAML 1.2 as -644"),
        ("0b11", "kubectl reads 0b11 as a number, and YAML 1.2 as text"),
        ("1_000", "kubectl reads 1_000 as a number, and YAML 1.2 as text"),
        ("1e3", "kubectl reads 1e3 as a number, and YAML 1.1 as text"),
        ("0o17", "kubectl reads 0o17 as a number, and YAML 1.1 as text"),
    ],
)
@pytest.mark.parametrize("form", ["a: {}", "a: [x, {}]", "a:\n- {}", "b: 1\n---\na: {}", "{}: 1"])
def test_a_value_that_readers_disagree_about_is_a_warning_at_its_place(
    written: str, sentence: str, form: str
) -> None:
    text = form.replace("{}", written)
    _, (found,) = read_manifests(text, "f.yaml")
    line = text[: text.rindex(written)].count("\n") + 1
    column = text.split("\n")[line - 1].rindex(written) + 1
    assert (found.code, found.severity) == ("yaml-value-ambiguous", Severity.WARNING)
    assert (found.location.line, found.location.column) == (line, column)
    assert found.message == sentence


@pytest.mark.parametrize(
    "written",
    [
        *("true", "False", "null", "~", "12", "-1", "0", "1.5", "1.5e+3", ".inf", "0x1F", '"on"'),
        *("'010'", "2026-01-01", "12:30", "only", "no-op", "1.2.3", "1e3x", "007x", "online", "="),
        *("|\n  on", "# on", "0.10", "1.0", "0644"),
    ],
)
def test_a_value_that_all_read_alike_or_kubectl_reads_as_text_is_fine(written: str) -> None:
    assert read_manifests(f"a: {written}", "f.yaml")[1] == []


def test_a_value_met_again_through_an_alias_is_reported_once() -> None:
    _, found = read_manifests("a: &x [on]\nb: *x\nc: *x\n", "f.yaml")
    assert [item.location.line for item in found] == [1]
