"""Findings as one JSON document, in our own form."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from llmd_render.diagnostics import Diagnostic, format_path

from .order import escape_surrogates, sort_diagnostics

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence


def to_json(
    diagnostics: Iterable[Diagnostic], written: Sequence[str], summary: dict[str, Any]
) -> str:
    """Write findings and what was written as one JSON document."""
    document = {
        "diagnostics": [_to_dict(item) for item in sort_diagnostics(diagnostics)],
        "written": [escape_surrogates(path) for path in written],
        "summary": {name: _escape(value) for name, value in summary.items()},
    }
    return json.dumps(document, indent=2, ensure_ascii=False) + "\n"


def _escape(value: Any) -> Any:
    return list(map(escape_surrogates, value)) if isinstance(value, list) else value


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
