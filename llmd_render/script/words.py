"""What bash makes of the words of a command, as far as the script alone tells."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

from llmd_render.diagnostics import Location

from .grammar import locate

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from .values import Values

HOLE = "\0"
"""Stands in a text for what only a run of the script would tell; bash has no such character."""

_ESCAPE = re.compile(r"\\(\n|.)", re.DOTALL)
_ESCAPE_IN_QUOTES = re.compile(r'\\([$`"\\]|\n)')
_SPACE = re.compile(r"[ \t\n]+")
_PLAIN = frozenset({"word", "number", "string", "raw_string"})


# Tuples, because a tree of scripts has thousands of these.
class Word(NamedTuple):
    """One argument: its text, with a hole for each part that only a run would tell.

    With `is_many` it may turn out to be none, one or several arguments.
    """

    text: str
    line: int
    column: int
    is_many: bool = False

    @property
    def is_known(self) -> bool:
        """Whether the script alone tells all of it."""
        return not self.is_many and HOLE not in self.text


@dataclass(frozen=True, slots=True)
class Call:
    """A program that a script calls, with its arguments, and where the call is written."""

    program: str
    words: tuple[Word, ...]
    file: str
    line: int
    column: int

    @property
    def location(self) -> Location:
        """Where the call is written."""
        return Location(self.file, self.line, self.column)

    def locate(self, word: Word) -> Location:
        """Where one of its words is written."""
        return Location(self.file, word.line, word.column)

    def __str__(self) -> str:
        """Write the call on one line, with `…` for each hole."""
        return " ".join((self.program, *(item.text for item in self.words))).replace(HOLE, "…")


class _Piece(NamedTuple):
    """A part of a word; `splits` where bash would cut it at white space."""

    text: str
    splits: bool = False


class Reader:
    """Reads words of one script."""

    def __init__(self, lines: list[bytes], values: Values) -> None:
        self._lines = lines
        self._values = values

    def read(self, node: Any) -> tuple[Word, ...]:
        """Read a node that stands for an argument; unquoted text with spaces becomes several."""
        line, column = locate(node, self._lines)
        plain = _read_plain(node)
        if plain is not None:
            return (Word(plain, line, column),)
        array = _find_array(node)
        if array:
            items = self._values.find_array(array)
            if items is not None:
                return tuple(item._replace(line=line, column=column) for item in items)
        if array or _is_brace_expansion(node):
            return (Word(HOLE, line, column, is_many=True),)
        return tuple(
            Word(text, line, column, is_many=is_many)
            for text, is_many in _split(tuple(self._take_apart(node)))
        )

    def read_value(self, node: Any) -> str:
        """Read what an assignment assigns: nothing is split."""
        return "".join(piece.text for piece in self._take_apart(node))

    def _take_apart(self, node: Any, *, quoted: bool = False) -> Iterator[_Piece]:
        kind = node.type
        if kind in {"command_name", "concatenation"}:
            for child in node.children:
                yield from self._take_apart(child, quoted=quoted)
        elif kind == "string":
            yield _Piece(self._read_string(node))
        elif kind in {"word", "number", "variable_name", "special_variable_name"}:
            text = _ESCAPE.sub(lambda found: found[1].strip("\n"), _text(node))
            yield _Piece(text)
        elif kind == "raw_string":
            yield _Piece(_text(node)[1:-1])
        elif kind in {"simple_expansion", "expansion"}:
            text = _text(node)  # the grammar gives it the white space before it
            yield _Piece(text[: -len(text.lstrip())])
            yield _Piece(self._expand(node), splits=not quoted)
        elif kind in {"command_substitution", "arithmetic_expansion", "process_substitution"}:
            yield _Piece(HOLE, splits=not quoted and kind == "command_substitution")
        else:
            yield _Piece(HOLE)

    def _read_string(self, node: Any) -> str:
        # The grammar leaves out white space between two expansions: read it from the gaps.
        raw, begin = node.text, node.start_byte
        text, done = "", 1
        for child in node.children[1:-1]:
            first, last = child.start_byte - begin, child.end_byte - begin
            text += _unescape(raw[done:first])
            if child.type == "string_content":
                text += _unescape(raw[first:last])
            else:
                text += "".join(piece.text for piece in self._take_apart(child, quoted=True))
            done = last
        return text + _unescape(raw[done:-1])

    def _expand(self, node: Any) -> str:
        names = [item for item in node.children if item.type == "variable_name"]
        if not names:
            return HOLE
        operators = [item for item in node.children if not item.is_named][1:-1]
        if node.type == "simple_expansion" or not operators:
            return self._values.find(_text(names[0]))
        operator = _text(operators[0])
        if operator in {":-", "-", ":=", "="} and _text(node.children[1]) == _text(names[0]):
            return self._values.find_or(_text(names[0]), lambda: self._read_default(node))
        if operator in {":?", "?"}:
            return self._values.find(_text(names[0]))
        return HOLE

    def _read_default(self, node: Any) -> str:
        named = [item for item in node.children if item.is_named][1:]
        return "".join(self.read_value(item) for item in named)


def _read_plain(node: Any) -> str | None:
    """Read what most arguments are, text that stands for itself; None where it does not."""
    if node.type == "command_name" and node.child_count == 1:
        node = node.children[0]
    kind = node.type
    if kind not in _PLAIN or node.has_error:
        return None
    text = _text(node)
    if kind == "raw_string":
        return text[1:-1]
    if "\\" in text or "$" in text or "`" in text:
        return None
    return text[1:-1] if kind == "string" else text


def _split(pieces: Sequence[_Piece]) -> Iterator[tuple[str, bool]]:
    """Cut a word at the white space in what is not quoted; tell which may be many."""
    if not any(
        piece.splits and (HOLE in piece.text or not piece.text or _SPACE.search(piece.text))
        for piece in pieces
    ):
        yield "".join(piece.text for piece in pieces), False
        return
    fields = [["", False]]
    for piece in pieces:
        parts = _SPACE.split(piece.text) if piece.splits else [piece.text]
        for index, part in enumerate(parts):
            if index:
                fields.append(["", False])
            fields[-1][0] = f"{fields[-1][0]}{part}"
            fields[-1][1] = fields[-1][1] or (piece.splits and HOLE in part)
    for text, is_many in fields:
        if text:
            yield str(text), bool(is_many)


def _find_array(node: Any) -> str:
    """Give the name of the array that a word expands to all items of, `@` for the arguments."""
    while node.type in {"command_name", "string", "concatenation"}:
        inner = [item for item in node.children if item.is_named]
        if len(inner) != 1 or len(_text(inner[0])) + 2 * (node.type == "string") != len(
            _text(node)
        ):
            return ""
        node = inner[0]
    if node.type == "simple_expansion" and _text(node) in {"$@", "$*"}:
        return "@"
    if node.type != "expansion":
        return ""
    text = _text(node)
    if text.startswith("${@"):
        return "@"
    # With `+` the items come only where the array has some, which older versions of bash need.
    found = re.match(r'\$\{(\w+)\[[@*]\](?:\+"?\$\{\1\[@\]\}"?)?\}$', text)
    return found[1] if found else ""


def _is_brace_expansion(node: Any) -> bool:
    if node.type != "concatenation":
        return bool(node.type == "brace_expression")
    opened = False
    for child in node.children:
        if child.type == "brace_expression" or (opened and "," in _text(child)):
            return True
        opened = opened or _text(child) == "{"
    return False


def _unescape(raw: bytes) -> str:
    text = raw.decode("utf-8", errors="replace")
    return _ESCAPE_IN_QUOTES.sub(lambda found: found[1].strip("\n"), text)


def _text(node: Any) -> str:
    return str(node.text.decode("utf-8", errors="replace"))
