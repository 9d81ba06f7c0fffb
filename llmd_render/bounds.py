"""YAML whose aliases or nesting would cost more than anybody meant, found before it is built.

The parser's events cost no more than the text is long; what they describe may be exponential, and
the C library that builds it dies on deep nesting.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

import yaml

DEEPEST = 100
_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_MOST_SEPARATORS = 240_000
# Nothing can be deep or multiply without one of these; almost no file needs the closer look.
_SIGNS = (" " * DEEPEST, "- - ", "- ? ", "? - ", "? ? ", "-\t", "?\t")
_ALIAS = re.compile(r"\*[^\s,\]}]")
_MOST_BRACKETS = DEEPEST


@dataclass(frozen=True, slots=True)
class Excess:
    """Where a text asks for too much, and of what."""

    line: int
    column: int
    message: str
    code: str


def find_excess(text: str, most_values: int, most_in_all: int = 0) -> Excess | None:
    """Find the first place where a text goes beyond the bounds; None when it never does.

    `most_values` is the bound of each document, and `most_in_all` that of all together. Malformed
    YAML is none of its business: whoever parses the text reports that.
    """
    separators = text.count("\n") + text.count(",")
    few = separators <= min(most_values, _MOST_SEPARATORS) and _has_few_brackets(text)
    if few and not any(sign in text for sign in _SIGNS) and not _ALIAS.search(text):
        return None
    try:
        return _Walk(most_values, most_in_all or most_values).run(text)
    except (yaml.YAMLError, ValueError):
        return None


def _has_few_brackets(text: str) -> bool:
    """Whether no document has as many brackets as it takes to nest too deep with them."""
    # A line of `---` ends a document whatever is open in it, so each can be counted by itself.
    documents = text.split("\n---\n")
    return all(part.count("[") + part.count("{") <= _MOST_BRACKETS for part in documents)


class _Walk:
    def __init__(self, most_values: int, most_in_all: int) -> None:
        self._most = most_values
        self._most_in_all = most_in_all
        self._aliased = False
        self._before = 0
        self._sizes: dict[str, int] = {}
        self._open: list[tuple[str | None, int]] = []
        self._total = 0

    def run(self, text: str) -> Excess | None:
        for event in yaml.parse(text, Loader=_Loader):
            problem = self._take(event)
            mark = event.start_mark
            if problem and mark:
                return Excess(mark.line + 1, mark.column + 1, *problem)
        return None

    def _take(self, event: Any) -> tuple[str, str] | None:
        match event:
            case yaml.AliasEvent():
                if any(anchor == event.anchor for anchor, _ in self._open):
                    return "an alias contains itself", "yaml-alias-bomb"
                self._aliased = True
                self._total += self._sizes.get(str(event.anchor), 0)
            case yaml.ScalarEvent():
                self._total += 1
                self._close(event.anchor, self._total - 1)
            case yaml.CollectionStartEvent():
                self._open.append((event.anchor, self._total))
                self._total += 1
            case yaml.CollectionEndEvent():
                self._close(*self._open.pop())
            case yaml.DocumentStartEvent():
                self._sizes.clear()
                self._aliased = False
                self._before += self._total
                self._total = 0
        return self._judge()

    def _judge(self) -> tuple[str, str] | None:
        if len(self._open) > DEEPEST:
            return f"the data is nested more than {DEEPEST} levels deep", "yaml-nested-too-deep"
        if self._total > self._most and self._aliased:
            return f"aliases expand to more than {self._most:,} values", "yaml-alias-bomb"
        if self._total > self._most:
            return f"the document has more than {self._most:,} values", "yaml-too-large"
        if self._before + self._total > self._most_in_all:
            return f"the file has more than {self._most_in_all:,} values", "yaml-too-large"
        return None

    def _close(self, anchor: str | None, before: int) -> None:
        if anchor:
            self._sizes[anchor] = self._total - before
