"""Findings for a terminal: place, sentence, the line with a caret, what to do."""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING

from .order import sort_diagnostics

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from llmd_render.diagnostics import Diagnostic
    from llmd_render.versions import Changes, Versions

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


def changes_to_text(changes: Changes, style: Style | None = None) -> str:
    """Write what a target changes: a line for each finding that is new, or is no longer one."""
    before, after = (_name_versions(item) for item in (changes.before, changes.after))
    lines = [f"What changes from {before} to {after}:"]
    parts = (("+", changes.new, "new"), ("-", changes.gone, "no longer"))
    for sign, found, state in parts:
        lines += [f"  {sign} {_head(item, style)} ({state})" for item in sort_diagnostics(found)]
    if not changes.new and not changes.gone:
        lines.append("  nothing that is checked here")
    return "\n".join(lines) + "\n"


def _name_versions(versions: Versions) -> str:
    return ", ".join(f"{name.replace('_', '-')} {version}" for name, version in versions.pairs())


def _head(item: Diagnostic, style: Style | None) -> str:
    severity = item.severity.value
    shown = style(severity, severity) if style else severity
    place, message = make_printable(str(item.location)), make_printable(item.message)
    return f"{place}: {shown}: {message} [{item.code}]"


def _format(item: Diagnostic, style: Style | None) -> str:
    lines = [_head(item, style)]
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
