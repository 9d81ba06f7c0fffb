"""Whether Go's text/template can parse a text: the grammar of actions, and nothing of their effect.

Only what cannot be anything but an error is reported. A block may begin in one text and end in
another, because KServe parses a whole document as one template; so ends are only counted here.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

BUILTINS = (
    frozenset({"and", "or", "not", "eq", "ne", "lt", "le", "gt", "ge", "len", "index", "slice"})
    | {"print", "printf", "println", "html", "js", "urlquery", "call"}
    # These two are statements, but only inside of a range.
    | {"break", "continue"}
)
_OPENING = frozenset({"if", "with", "range", "define", "block"})
_KEYWORDS = _OPENING | {"else", "end", "template"}
_LAZY = frozenset({"and", "or"})

_TOKEN = re.compile(
    r"""
      (?P<close>(?:[ ]-)?\}\})
    | (?P<space>(?:[ ](?!-\}\}))+)
    | (?P<assign>:?=)
    | (?P<pipe>\|)
    | (?P<literal>"(?:\\.|[^"\\])*"|`[^`]*`|'(?:\\.|[^'\\])*')
    | (?P<number>[+-]?\.?[0-9][0-9A-Za-z_.+-]*)
    | (?P<field>\.\w+)
    | (?P<dot>\.)
    | (?P<variable>\$\w*)
    | (?P<word>\w+)
    | (?P<open>\()
    | (?P<shut>\))
    | (?P<comma>,)
    """,
    re.VERBOSE,
)
_COMMENT = re.compile(r"(?:- )?/\*")
_ENDS_A_NAME = re.compile(r"[ .,|:()]|\}\}|\Z")
_CLOSE = re.compile(r"(?: -)?\}\}")
_DIGITS = r"(?:0[xXbBoO][0-9a-fA-F_.]+(?:[pP][+-]?[0-9]+)?|[0-9_]*\.?[0-9_]*(?:[eE][+-]?[0-9]+)?)"
_NUMBER = re.compile(rf"[+-]?{_DIGITS}i?|[+-]?{_DIGITS}[+-]{_DIGITS}i")
_VALUES = frozenset({"literal", "number", "dot", "constant"})
_SHOWN = {
    '\\"': "a double quote",
    "\\n": "a line break",
    "\\t": "a tab",
    "\\\\": "a backslash",
    "\\u": "a character that JSON escapes",
}
_MOST_PARENTHESES = 100


class TemplateProblem(Exception):  # noqa: N818 - what it says is shown, and it never escapes
    """Why Go would not parse a text."""


@dataclass(slots=True)
class Outline:
    """What a text has of a template, as far as its document must be judged as a whole."""

    depth: int = 0
    deepest_end: int = 0
    declared: set[str] = field(default_factory=set)
    variables: set[str] = field(default_factory=set)
    certain_fields: list[tuple[str, ...]] = field(default_factory=list)

    @property
    def balanced(self) -> bool:
        """Whether all blocks that begin here also end here."""
        return self.depth == 0 and self.deepest_end == 0


Token = tuple[str, str]


def parse_template(text: str, functions: frozenset[str]) -> Outline:
    """Parse all actions of a text; raises TemplateProblem."""
    outline = Outline()
    position = text.find("{{")
    while position >= 0:
        position += 2
        comment = _COMMENT.match(text, position)
        if comment:
            position = _skip_comment(text, comment.end())
        else:
            # A trim marker counts only with the space behind it.
            if text.startswith("- ", position):
                position += 2
            tokens, position = _read_action(text, position)
            if tokens.count(("open", "(")) <= _MOST_PARENTHESES:
                _Action(tokens, functions | BUILTINS, outline).parse()
        position = text.find("{{", position)
    return outline


def _skip_comment(text: str, start: int) -> int:
    end = text.find("*/", start)
    if end < 0:
        raise TemplateProblem("a comment is not closed by */")
    close = _CLOSE.match(text, end + 2)
    if not close:
        raise TemplateProblem("}} must follow the end of a comment at once")
    return close.end()


def _read_action(text: str, position: int) -> tuple[list[Token], int]:
    tokens: list[Token] = []
    while True:
        match = _TOKEN.match(text, position)
        if match is None:
            if position >= len(text):
                raise TemplateProblem("{{ is not closed by }}")
            raise TemplateProblem(f"{_what_is_at(text, position)} cannot stand inside {{{{ }}}}")
        kind, value, position = str(match.lastgroup), match[0], match.end()
        if kind == "close":
            return tokens, position
        if kind in {"field", "variable", "word"} and not _ENDS_A_NAME.match(text, position):
            bad = _what_is_at(text, position)
            raise TemplateProblem(f"{bad} cannot stand right behind {value}")
        _check_token(kind, value)
        if kind == "word" and value in {"true", "false", "nil"}:
            kind = "constant"
        tokens.append((kind, value))


def _check_token(kind: str, value: str) -> None:
    if kind == "number" and not _NUMBER.fullmatch(value):
        raise TemplateProblem(f"`{value}` is not a number")
    # What is escaped may be one character; only Go knows all the ways.
    if value.startswith("'") and len(value) != len("'x'") and "\\" not in value:
        raise TemplateProblem("single quotes hold one character; a text needs back-quotes")


def _what_is_at(text: str, position: int) -> str:
    # The text is as JSON writes it: a quote and a line break come with a backslash.
    return _SHOWN.get(text[position : position + 2], f"`{text[position]}`")


class _Action:
    """One action, read from its tokens."""

    def __init__(self, tokens: list[Token], functions: frozenset[str], outline: Outline) -> None:
        self._tokens = tokens
        self._next = 0
        self._functions = functions
        self._outline = outline
        # Arguments of `and` and `or` are evaluated only as far as needed.
        self._is_certain = outline.balanced and not any(
            kind == "word" and value in _LAZY for kind, value in tokens
        )

    def parse(self) -> None:
        self._skip_spaces()
        kind, word = self._peek()
        if kind != "word" or word not in _KEYWORDS:
            self._pipeline("an action")
            self._finish("an action")
            return
        self._next += 1
        self._keyword(word)
        self._finish(word)

    def _keyword(self, word: str) -> None:
        outline = self._outline
        if word in {"if", "with", "range"}:
            self._pipeline(word)
        elif word == "else":
            self._is_certain = False
            if outline.depth == 0:
                outline.deepest_end = max(outline.deepest_end, 1)
            self._skip_spaces()
            if self._peek()[1] in {"if", "with"}:
                self._next += 1
                self._pipeline("else")
        elif word in {"define", "template", "block"}:
            self._skip_spaces()
            if self._peek()[0] != "literal":
                raise TemplateProblem(f"{word} needs the name of a template")
            self._next += 1
            self._skip_spaces()
            if word == "block" or (word == "template" and self._peek()[0]):
                self._pipeline(word)
        if word in _OPENING:
            outline.depth += 1
        elif word == "end":
            outline.depth -= 1
            outline.deepest_end = max(outline.deepest_end, -outline.depth)

    def _finish(self, where: str) -> None:
        self._skip_spaces()
        kind, value = self._peek()
        if kind:
            raise TemplateProblem(f"`{value}` is not expected in {where}")

    def _pipeline(self, where: str) -> None:
        self._declarations(where)
        stages = 0
        while True:
            self._skip_spaces()
            kind, value = self._peek()
            if kind in {"", "shut"}:
                if not stages:
                    raise TemplateProblem(f"{where} is empty")
                return
            if kind in {"pipe", "comma", "assign"}:
                raise TemplateProblem(f"`{value}` is not expected in {where}")
            if stages and kind in _VALUES:
                raise TemplateProblem(f"`{value}` cannot stand behind |, only a function can")
            self._command(where)
            stages += 1

    def _declarations(self, where: str) -> None:
        self._skip_spaces()
        start = self._next
        names: list[str] = []
        while self._peek()[0] == "variable":
            names.append(self._peek()[1])
            self._next += 1
            self._skip_spaces()
            kind, _ = self._peek()
            if kind == "assign":
                self._next += 1
                self._outline.declared.update(names)
                return
            if kind != "comma" or where != "range" or len(names) > 1:
                break
            self._next += 1
            self._skip_spaces()
        self._next = start

    def _command(self, where: str) -> None:
        while True:
            self._skip_spaces()
            kind, value = self._peek()
            if kind in {"", "shut"}:
                return
            self._next += 1
            if kind == "pipe":
                return
            self._operand(kind, value, where)
            follows, other = self._peek()
            if follows not in {"", "space", "pipe", "shut"}:
                raise TemplateProblem(f"`{other}` cannot stand right behind `{value}`")

    def _operand(self, kind: str, value: str, where: str) -> None:
        if kind in {"comma", "assign"} or (kind == "word" and value in _KEYWORDS):
            raise TemplateProblem(f"`{value}` is not expected in {where}")
        if kind == "word" and value not in self._functions:
            raise TemplateProblem(f"there is no function {value}")
        if kind == "variable" and value != "$":
            self._outline.variables.add(value)
        if kind == "open":
            self._pipeline("parentheses")
            if self._peek()[0] != "shut":
                raise TemplateProblem("a parenthesis is not closed")
            self._next += 1
        chain = [value] if kind == "field" else []
        while self._peek()[0] == "field":
            if kind in _VALUES:
                raise TemplateProblem(f"`{self._peek()[1]}` cannot stand right behind `{value}`")
            chain.append(self._peek()[1])
            self._next += 1
        if self._is_certain and (kind == "field" or (kind, value) == ("variable", "$")) and chain:
            self._outline.certain_fields.append(tuple(item[1:] for item in chain))

    def _skip_spaces(self) -> None:
        while self._peek()[0] == "space":
            self._next += 1

    def _peek(self) -> Token:
        return self._tokens[self._next] if self._next < len(self._tokens) else ("", "")
