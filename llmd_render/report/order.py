"""The order and the counts of findings, the same in every format."""

from __future__ import annotations

import hashlib
from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING

from llmd_render.diagnostics import Diagnostic, Severity, format_path

from .secrets import hide_secrets

if TYPE_CHECKING:
    from collections.abc import Iterable


def sort_diagnostics(diagnostics: Iterable[Diagnostic]) -> list[Diagnostic]:
    """Order findings by place, then code, so that output never depends on anything else.

    From here on they hold only what every format can hold and anybody may see.
    """
    items = map(_clean_all, diagnostics)
    return sorted(items, key=lambda item: (item.location, item.code, item.message))


def escape_surrogates(text: str) -> str:
    """Write what UTF-8 cannot hold, such as a byte of a file name, with a backslash."""
    return text.encode("utf-8", "backslashreplace").decode()


def _clean(text: str) -> str:
    return hide_secrets(escape_surrogates(text))


def _clean_all(item: Diagnostic) -> Diagnostic:
    return replace(
        item,
        location=replace(item.location, file=_clean(item.location.file)),
        message=_clean(item.message),
        hint=_clean(item.hint),
        path=tuple(_clean(step) if isinstance(step, str) else step for step in item.path),
        excerpt=_clean(item.excerpt),
        acknowledged=_clean(item.acknowledged),
    )


def count(diagnostics: Iterable[Diagnostic]) -> dict[str, int]:
    """Count findings for the summary; acknowledged ones apart."""
    counts = dict.fromkeys(("errors", "warnings", "infos", "acknowledged"), 0)
    names = {Severity.ERROR: "errors", Severity.WARNING: "warnings", Severity.INFO: "infos"}
    for item in diagnostics:
        counts["acknowledged" if item.acknowledged else names[item.severity]] += 1
    return counts


def make_fingerprints(items: Iterable[Diagnostic]) -> list[str]:
    """Name findings so that each keeps its name when the lines around it move.

    Findings that are alike in all but their line are told apart by which of them comes first.
    """
    seen: Counter[tuple[str, ...]] = Counter()
    names = []
    for item in items:
        place = (item.location.file, format_path(item.path), item.excerpt.strip())
        parts = (item.code, *place, item.message)
        seen[parts] += 1
        text = "\0".join((*parts, str(seen[parts])))
        names.append(hashlib.sha256(text.encode()).hexdigest())
    return names
