"""Findings as one JSON document, in our own form."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from llmd_render.diagnostics import Diagnostic, format_path

from .order import escape_surrogates, sort_diagnostics

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from llmd_render.versions import Changes, Versions


def to_json(
    diagnostics: Iterable[Diagnostic],
    written: Sequence[str],
    summary: dict[str, Any],
    changes: Changes | None = None,
) -> str:
    """Write findings, what was written and what a target changes as one JSON document."""
    document: dict[str, Any] = {
        "diagnostics": [_to_dict(item) for item in sort_diagnostics(diagnostics)],
        "written": [escape_surrogates(path) for path in written],
        "summary": {name: _escape(value) for name, value in summary.items()},
    }
    if changes is not None:
        document["changes"] = {
            "from": _name_versions(changes.before),
            "to": _name_versions(changes.after),
            "new": [_to_dict(item) for item in sort_diagnostics(changes.new)],
            "gone": [_to_dict(item) for item in sort_diagnostics(changes.gone)],
        }
    return json.dumps(document, indent=2, ensure_ascii=False) + "\n"


def _name_versions(versions: Versions) -> dict[str, str]:
    names = {"gateway_api": "gatewayApi"}
    return {names.get(name, name): version for name, version in versions.pairs()}


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
