"""The text of a rule: what it reads, how its work can grow, and how the engine must be given it.

The engine refuses a second declaration of a function that it has, and a Python function cannot
return an optional. So calls of such functions are renamed, and what returns an optional returns a
list instead, from which `[?0]` takes it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

OWN = "llmd_"
"""What the names of our versions of an engine's functions begin with."""

_TOKEN = re.compile(
    r"""
    (?P<text>(?:[bB]?[rR]|[rR][bB])(?:\"{3}.*?\"{3}|'{3}.*?'{3}|"[^"\n]*"|'[^'\n]*')
        |[bB]?(?:\"{3}(?:\\.|[^\\])*?\"{3}|'{3}(?:\\.|[^\\])*?'{3}
            |"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'))
    |(?P<name>[A-Za-z_][A-Za-z0-9_]*)
    |(?P<number>0[xX][0-9a-fA-F]+[uU]?|[0-9]+(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?[uU]?)
    |(?P<blank>\s+|//[^\n]*)
    |(?P<other>==|!=|<=|>=|&&|\|\||.)
    """,
    re.VERBOSE | re.DOTALL,
)
_RENAMED_MEMBERS = frozenset({"indexOf", "lastIndexOf"})
_LOOPS = frozenset(
    {"all", "exists", "exists_one", "existsOne", "filter", "map", "sortBy"}
    | {"transformList", "transformMap", "transformMapEntry"}
)
# What gives a value made of a named one can use that twice, and so double it.
_MAKERS = frozenset(
    {"map", "bind", "optMap", "optFlatMap", "transformList", "transformMap", "transformMapEntry"}
)
_GROWING = frozenset({"+", "format", "join", "replace"})
_MULTIPLYING = frozenset({"join", "replace"})
# How often these go over what they are given, as a power.
_SCANS = {"in": 1, "indexOf": 1, "lastIndexOf": 1, "sort": 1, "sets": 2, "distinct": 2}
_COMPARING = frozenset({"==", "!=", "+"})

Token = tuple[str, str]
"""What kind of token, and its text."""


@dataclass(frozen=True, slots=True)
class Source:
    """A rule's text for the engine, and what had to be known about it.

    `fields` are the properties of `self` that it reads, or None where it may read any of them.
    `compared` are the operands of comparisons and sums that are plain paths such as `self.a.b`.
    `depth` is the power with which its work grows with the data, `growth` a factor beside it;
    `multiplies` tells that it can put a text between the characters of another.
    """

    text: str
    uses_old_self: bool
    fields: frozenset[str] | None
    compared: frozenset[tuple[str, ...]]
    depth: int
    growth: int
    multiplies: bool


@lru_cache(maxsize=4096)
def read(rule: str) -> Source:
    """Read the text of a rule once."""
    tokens = [(match.lastgroup or "", match[0]) for match in _TOKEN.finditer(rule)]
    solid = [token for token in tokens if token[0] != "blank"]
    names = {
        text
        for index, (kind, text) in enumerate(solid)
        if kind == "name" and not _is_member(solid, index)
    }
    words = [text for kind, text in solid if kind == "name"]
    growing = sum(text in _GROWING for kind, text in solid if kind != "text")
    depth = _depth(solid)
    makers = sum(word in _MAKERS for word in words)
    return Source(
        text=_rewrite(tokens, opaque=not {"ip", "cidr"}.isdisjoint(words)),
        uses_old_self="oldSelf" in names,
        fields=_fields_of_self(solid),
        compared=frozenset(_compared(solid)),
        depth=depth,
        growth=(growing + 1) ** (makers + depth + 1),
        multiplies=not _MULTIPLYING.isdisjoint(words),
    )


def without_old_self(text: str) -> str:
    """Give `oldSelf` the value that it has on create, an empty optional."""
    return f"cel.bind(oldSelf, optional.none(), {text}\n)"


def _is_member(tokens: list[Token], index: int) -> bool:
    if index and tokens[index - 1][1] == ".":
        return True
    return index > 1 and tokens[index - 1][1] == "?" and tokens[index - 2][1] == "."


def _fields_of_self(tokens: list[Token]) -> frozenset[str] | None:
    found = set()
    for index, (kind, text) in enumerate(tokens):
        if kind != "name" or text != "self" or _is_member(tokens, index):
            continue
        after = [text for _, text in tokens[index + 1 : index + 5]]
        if after[:2] == [".", "?"]:
            del after[1]
        if len(after) < 2 or after[0] != "." or after[2:3] == ["("]:  # noqa: PLR2004 - dot, name
            return None
        found.add(after[1])
    return frozenset(found)


def _depth(tokens: list[Token]) -> int:
    """Find how deep loops are nested; what goes over a list once more counts as a loop."""
    deepest, now = 0, 0
    closing: list[bool] = []
    for index, (kind, text) in enumerate(tokens):
        if kind == "other" and text == "(":
            loop = index > 1 and tokens[index - 1][1] in _LOOPS and tokens[index - 2][1] == "."
            closing.append(loop)
            now += loop
            deepest = max(deepest, now)
        elif kind == "other" and text == ")" and closing:
            now -= closing.pop()
        elif kind == "name" and text in _SCANS:
            literal = text == "in" and tokens[index + 1 : index + 2] == [("other", "[")]
            deepest = max(deepest, now + (0 if literal else _SCANS[text]))
    return deepest


def _compared(tokens: list[Token]) -> list[tuple[str, ...]]:
    found = []
    for index, (kind, text) in enumerate(tokens):
        if kind == "other" and text in _COMPARING:
            found += [_path_before(tokens, index), _path_after(tokens, index)]
    return [path for path in found if path]


def _path_before(tokens: list[Token], index: int) -> tuple[str, ...]:
    path: list[str] = []
    position = index - 1
    while position >= 0 and tokens[position][0] == "name":
        path.insert(0, tokens[position][1])
        if position < 1 or tokens[position - 1][1] != ".":
            return tuple(path)
        position -= 2
    # What the path begins with is a call or an index: only the last names are known.
    return ("", *path) if path else ()


def _path_after(tokens: list[Token], index: int) -> tuple[str, ...]:
    path: list[str] = []
    position = index + 1
    while position < len(tokens) and tokens[position][0] == "name":
        path.append(tokens[position][1])
        following = tokens[position + 1][1] if position + 1 < len(tokens) else ""
        if following in {"(", "["}:
            return ()
        if following != ".":
            break
        position += 2
    return tuple(path)


def _rewrite(tokens: list[Token], *, opaque: bool) -> str:
    """Rename calls, and put `[?0]` after those that the server answers with an optional."""
    parts: list[str] = []
    closing: list[str] = []
    waiting = ""
    last: list[str] = ["", "", ""]
    for (kind, text), called in zip(tokens, _calls(tokens), strict=True):
        if kind == "blank":
            parts.append(text)
            continue
        shown = text
        if kind == "name" and called:
            member = last[-1] == "."
            if (member and text in _RENAMED_MEMBERS) or (
                not member and opaque and text == "string"
            ):
                shown = OWN + text
            named = text == "named" and last[-2:] == ["format", "."]
            if (member and text == "validate") or named:
                waiting = "[?0]"
        elif kind == "other" and text == "(":
            closing.append(waiting)
            waiting = ""
        elif kind == "other" and text == ")" and closing:
            shown += closing.pop()
        parts.append(shown)
        last = [*last[1:], text]
    return "".join(parts)


def _calls(tokens: list[Token]) -> list[bool]:
    """Tell of each token whether an opening parenthesis comes next."""
    following = ""
    answers = []
    for kind, text in reversed(tokens):
        answers.append(following == "(")
        if kind != "blank":
            following = text
    return answers[::-1]
