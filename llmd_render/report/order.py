"""The order and the counts of findings, the same in every format."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from llmd_render.diagnostics import Diagnostic, Severity, format_path

if TYPE_CHECKING:
    from collections.abc import Iterable


def sort_diagnostics(diagnostics: Iterable[Diagnostic]) -> list[Diagnostic]:
    """Order findings by place, then code, so that output never depends on anything else."""
    return sorted(diagnostics, key=lambda item: (item.location, item.code, item.message))


def count(diagnostics: Iterable[Diagnostic]) -> dict[str, int]:
    """Count findings for the summary; acknowledged ones apart."""
    counts = dict.fromkeys(("errors", "warnings", "infos", "acknowledged"), 0)
    names = {Severity.ERROR: "errors", Severity.WARNING: "warnings", Severity.INFO: "infos"}
    for item in diagnostics:
        counts["acknowledged" if item.acknowledged else names[item.severity]] += 1
    return counts


def fingerprint(item: Diagnostic) -> str:
    """Name a finding so that it keeps its name when the lines around it move."""
    place = (item.location.file, format_path(item.path), item.excerpt.strip())
    parts = (item.code, *place, item.message)
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()
