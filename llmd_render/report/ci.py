"""Findings in the forms that CI services show beside the changed lines."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING
from xml.sax.saxutils import escape, quoteattr

from llmd_render.diagnostics import Diagnostic, Severity

from .order import make_fingerprints, sort_diagnostics

if TYPE_CHECKING:
    from collections.abc import Iterable

_GITHUB = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "notice"}
_GITLAB = {Severity.ERROR: "major", Severity.WARNING: "minor", Severity.INFO: "info"}
_CONTROLS = dict.fromkeys((*range(9), 11, 12, *range(14, 32), 0x7F, 0xFFFE, 0xFFFF), "?")


def to_github(diagnostics: Iterable[Diagnostic]) -> str:
    """Write findings as GitHub workflow commands; acknowledged ones become notices.

    Source: https://docs.github.com/actions/reference/workflow-commands-for-github-actions (2026)
    """
    return "".join(map(_github_line, sort_diagnostics(diagnostics)))


def _github_line(item: Diagnostic) -> str:
    level = "notice" if item.acknowledged else _GITHUB[item.severity]
    text = f"{item.message}\n{item.hint}" if item.hint else item.message
    if item.acknowledged:
        text = f"{item.message}\nacknowledged: {item.acknowledged}"
    properties = {"file": item.location.file, "title": item.code}
    if item.location.line:
        properties |= {"line": str(item.location.line), "col": str(item.location.column)}
    shown = ",".join(f"{name}={_github_escape(value, ':,')}" for name, value in properties.items())
    return f"::{level} {shown}::{_github_escape(text)}\n"


def _github_escape(text: str, more: str = "") -> str:
    for character in f"%\r\n{more}":
        text = text.replace(character, f"%{ord(character):02X}")
    return text


def to_gitlab(diagnostics: Iterable[Diagnostic]) -> str:
    """Write findings as a GitLab code quality report; acknowledged ones are information.

    Source: https://docs.gitlab.com/ci/testing/code_quality/ (2026)
    """
    items = sort_diagnostics(diagnostics)
    report = [
        {
            "description": f"{item.message}; {item.hint}" if item.hint else item.message,
            "check_name": item.code,
            "fingerprint": name,
            "severity": "info" if item.acknowledged else _GITLAB[item.severity],
            "location": {
                "path": item.location.file,
                "lines": {"begin": max(item.location.line, 1)},
            },
        }
        for item, name in zip(items, make_fingerprints(items), strict=True)
    ]
    return json.dumps(report, indent=2, ensure_ascii=False) + "\n"


def to_junit(diagnostics: Iterable[Diagnostic]) -> str:
    """Write findings as JUnit XML: one case a finding, failed for errors, skipped otherwise.

    Source: https://github.com/testmoapp/junitxml (2024)
    """
    items = sort_diagnostics(diagnostics)
    cases = [_junit_case(item) for item in items]
    if not cases:
        cases = ['    <testcase classname="llmd-render" name="no findings"/>\n']
    failures = sum(item.blocks for item in items)
    skipped = len(items) - failures
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n<testsuites>\n'
        f'  <testsuite name="llmd-render" tests="{len(cases)}" failures="{failures}" '
        f'errors="0" skipped="{skipped}">\n{"".join(cases)}  </testsuite>\n</testsuites>\n'
    )


def _junit_case(item: Diagnostic) -> str:
    name = f"{item.code} at {item.location.line}:{item.location.column}"
    place = f"classname={_attribute(item.location.file)} name={_attribute(name)}"
    if item.blocks:
        body = escape(f"{item.location}\n{item.hint}".translate(_CONTROLS))
        attributes = f"message={_attribute(item.message)} type={_attribute(item.code)}"
        inside = f"<failure {attributes}>{body}</failure>"
    else:
        inside = f"<skipped message={_attribute(item.acknowledged or item.message)}/>"
    return f"    <testcase {place}>\n      {inside}\n    </testcase>\n"


def _attribute(text: str) -> str:
    return quoteattr(text.translate(_CONTROLS))
