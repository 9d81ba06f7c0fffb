"""Parsing shell scripts with the grammar of bash."""

from __future__ import annotations

from functools import cache, lru_cache
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

_TEXTS = {"comment", "heredoc_body", "raw_string", "string", "ansi_c_string", "translated_string"}
MOST_KEPT = 256
"""How many scripts stay parsed: they are looked at more than once."""


@cache
def _make_parser() -> Any:
    # The grammar is a compiled library: only runs that meet a script pay for loading it.
    import tree_sitter_bash  # noqa: PLC0415
    from tree_sitter import Language, Parser  # noqa: PLC0415

    return Parser(Language(tree_sitter_bash.language()))


@lru_cache(maxsize=MOST_KEPT)
def parse(text: str) -> Any:
    """Parse a script and give the root of its syntax tree; what is wrong is a node in it."""
    return _make_parser().parse(text.encode("utf-8")).root_node


def walk(root: Any) -> Iterator[Any]:
    """Give all nodes of a syntax tree in the order of the text, a node before those inside it."""
    # A cursor makes no list of children for each node, which would take three times as long.
    cursor = root.walk()
    while True:
        yield cursor.node
        if cursor.goto_first_child():
            continue
        while not cursor.goto_next_sibling():
            if not cursor.goto_parent():
                return


def locate(node: Any, lines: list[bytes]) -> tuple[int, int]:
    """Give line and column, from 1 and in characters, of a node in a text of these lines."""
    row, byte_column = node.start_point
    return row + 1, len(lines[row][:byte_column].decode("utf-8", errors="replace")) + 1


def is_code(text: str, offset: int) -> bool:
    """Whether a place in a script is in no quotes, here-document or comment."""
    place = len(text[:offset].encode("utf-8"))
    node = parse(text).descendant_for_byte_range(place, place + 1)
    while node is not None:
        if node.type in _TEXTS or node.is_error:
            return False
        node = node.parent
    return True
