"""Diagnostics to what people and programs read: text with the offending line, or JSON."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from .diagnostics import Diagnostic, Severity, format_path

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    Style = Callable[[str, str], str]

_TAB_WIDTH = 4
_LONGEST_EXCERPT = 160


def sort_diagnostics(diagnostics: Iterable[Diagnostic]) -> list[Diagnostic]:
    """Order findings by place, then code, so that output never depends on anything else."""
    return sorted(diagnostics, key=lambda item: (item.location, item.code, item.message))


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


def to_json(
    diagnostics: Iterable[Diagnostic], written: Sequence[str], summary: dict[str, Any]
) -> str:
    """Write findings and what was written as one JSON document."""
    document = {
        "diagnostics": [_to_dict(item) for item in sort_diagnostics(diagnostics)],
        "written": list(written),
        "summary": summary,
    }
    return json.dumps(document, indent=2, ensure_ascii=False) + "\n"


def _to_dict(item: Diagnostic) -> dict[str, Any]:
    return {
        "file": item.location.file,
        "line": item.location.line,
        "column": item.location.column,
        "path": format_path(item.path),
        "severity": item.severity.value,
        "code": item.code,
        "message": item.message,
        "hint": item.hint,
        "acknowledged": item.acknowledged or None,
    }


def count(diagnostics: Iterable[Diagnostic]) -> dict[str, int]:
    """Count findings for the summary; acknowledged ones apart."""
    counts = dict.fromkeys(("errors", "warnings", "infos", "acknowledged"), 0)
    names = {Severity.ERROR: "errors", Severity.WARNING: "warnings", Severity.INFO: "infos"}
    for item in diagnostics:
        counts["acknowledged" if item.acknowledged else names[item.severity]] += 1
    return counts
