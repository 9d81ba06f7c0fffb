"""A place is where an editor shows it, however lines end."""

from __future__ import annotations

from llmd_render.pipeline import Inputs, lint_inputs

BAD_NAME = "apiVersion: v1\nkind: Namespace\nmetadata: {name: A}\n"


def places(text: str) -> list[tuple[str, int, int]]:
    found = lint_inputs(Inputs(texts=[("a.yaml", text)])).diagnostics
    return [(item.code, item.location.line, item.location.column) for item in found]


def test_a_place_is_the_same_whatever_ends_the_lines() -> None:
    text = f"# Names\n---\n{BAD_NAME}"
    for end in ("\n", "\r\n", "\r"):
        assert places(text.replace("\n", end)) == [("metadata-invalid-name", 5, 18)]


def test_a_comment_is_found_where_lines_end_in_a_carriage_return() -> None:
    text = f"a: b\r# llmd-render: ignore\r{BAD_NAME}"
    assert ("lint-ignore-malformed", 2, 1) in places(text)


def test_the_end_of_a_text_is_on_its_last_line() -> None:
    assert places("{a: b") == [("yaml-syntax-error", 1, 6)]
