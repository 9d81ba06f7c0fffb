"""Findings for a terminal: place, sentence, the line with a caret, what to do."""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING

from .order import sort_diagnostics

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from llmd_render.diagnostics import Diagnostic

    Style = Callable[[str, str], str]

_TAB_WIDTH = 4
_LONGEST_EXCERPT = 160
# Control, format and surrogate characters and separators of lines: they drive terminals, hide or
# reorder what stands around them, or begin lines that nobody wrote.
_UNPRINTABLE = {"Cc", "Cf", "Cs", "Zl", "Zp"}


def to_text(diagnostics: Iterable[Diagnostic], style: Style | None = None) -> str:
    """Write findings for a terminal: place, sentence, the line with a caret, what to do.

    `style(text, severity)` may colour the severity.
    """
    return "".join(_format(item, style) for item in sort_diagnostics(diagnostics))


def _format(item: Diagnostic, style: Style | None) -> str:
    severity = item.severity.value
    shown = style(severity, severity) if style else severity
    place, message = make_printable(str(item.location)), make_printable(item.message)
    lines = [f"{place}: {shown}: {message} [{item.code}]"]
    if item.acknowledged:
        lines.append(f"  acknowledged: {make_printable(' '.join(item.acknowledged.split()))}")
    elif item.excerpt.strip():
        number = str(item.location.line)
        before = item.excerpt[: item.location.column - 1].expandtabs(_TAB_WIDTH)
        excerpt = item.excerpt.rstrip("\r").expandtabs(_TAB_WIDTH)
        if len(before) < _LONGEST_EXCERPT:
            cut = excerpt[:_LONGEST_EXCERPT] + ("…" if len(excerpt) > _LONGEST_EXCERPT else "")
            lines.append(f"  {number} | {make_printable(cut)}")
            lines.append(f"  {' ' * len(number)} | {' ' * len(make_printable(before))}^")
    if item.hint and not item.acknowledged:
        lines.append(f"  hint: {make_printable(item.hint)}")
    return "\n".join(lines) + "\n"


def make_printable(text: str) -> str:
    """Write with a backslash what must not reach a terminal as it is, such as ESC."""
    if text.isprintable():
        return text
    return "".join(
        item.encode("unicode_escape").decode()
        if unicodedata.category(item) in _UNPRINTABLE
        else item
        for item in text
    )
