"""Findings for a terminal: place, sentence, the line with a caret, what to do."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .order import sort_diagnostics

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from llmd_render.diagnostics import Diagnostic

    Style = Callable[[str, str], str]

_TAB_WIDTH = 4
_LONGEST_EXCERPT = 160


def to_text(diagnostics: Iterable[Diagnostic], style: Style | None = None) -> str:
    """Write findings for a terminal: place, sentence, the line with a caret, what to do.

    `style(text, severity)` may colour the severity.
    """
    return "".join(_format(item, style) for item in sort_diagnostics(diagnostics))


def _format(item: Diagnostic, style: Style | None) -> str:
    severity = item.severity.value
    shown = style(severity, severity) if style else severity
    lines = [f"{item.location}: {shown}: {item.message} [{item.code}]"]
    if item.acknowledged:
        lines.append(f"  acknowledged: {item.acknowledged}")
    elif item.excerpt.strip():
        number = str(item.location.line)
        before = item.excerpt[: item.location.column - 1].expandtabs(_TAB_WIDTH)
        excerpt = item.excerpt.expandtabs(_TAB_WIDTH)
        if len(before) < _LONGEST_EXCERPT:
            cut = excerpt[:_LONGEST_EXCERPT] + ("…" if len(excerpt) > _LONGEST_EXCERPT else "")
            lines.append(f"  {number} | {cut}")
            lines.append(f"  {' ' * len(number)} | {' ' * len(before)}^")
    if item.hint and not item.acknowledged:
        lines.append(f"  hint: {item.hint}")
    return "\n".join(lines) + "\n"
