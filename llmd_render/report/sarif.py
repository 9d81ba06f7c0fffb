"""Findings as SARIF 2.1.0, which code scanning services read.

Source: https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html (2020)
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from llmd_render.diagnostics import Diagnostic, Severity

from .meaning import describe
from .order import make_fingerprints, sort_diagnostics

if TYPE_CHECKING:
    from collections.abc import Iterable

_SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"
_LEVELS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "note"}


def to_sarif(diagnostics: Iterable[Diagnostic]) -> str:
    """Write findings as one SARIF log; acknowledged ones are suppressed with their reason."""
    items = sort_diagnostics(diagnostics)
    codes = sorted({item.code for item in items})
    driver = {
        "name": "llmd-render",
        "rules": [_rule(code) for code in codes],
    }
    results = [
        _result(item, codes.index(item.code), name)
        for item, name in zip(items, make_fingerprints(items), strict=True)
    ]
    run = {"tool": {"driver": driver}, "columnKind": "unicodeCodePoints", "results": results}
    document = {"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]}
    return json.dumps(document, indent=2, ensure_ascii=False) + "\n"


def _rule(code: str) -> dict[str, Any]:
    rule: dict[str, Any] = {"id": code, "name": code}
    meaning = describe(code)
    if meaning:
        rule["shortDescription"] = {"text": meaning}
    return rule


def _result(item: Diagnostic, index: int, name: str) -> dict[str, Any]:
    place: dict[str, Any] = {"artifactLocation": {"uri": quote(item.location.file)}}
    if item.location.line:
        place["region"] = {"startLine": item.location.line, "startColumn": item.location.column}
    text = f"{item.message}. {item.hint}" if item.hint else item.message
    result: dict[str, Any] = {
        "ruleId": item.code,
        "ruleIndex": index,
        "level": _LEVELS[item.severity],
        "message": {"text": text},
        "locations": [{"physicalLocation": place}],
        "partialFingerprints": {"llmdRender/v1": name},
    }
    if item.acknowledged:
        result["suppressions"] = [{"kind": "external", "justification": item.acknowledged}]
    return result
