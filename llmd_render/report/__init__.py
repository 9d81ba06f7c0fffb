"""Diagnostics to what people and programs read."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from .documents import to_json
from .order import count, sort_diagnostics
from .text import changes_to_text, make_printable, to_text

if TYPE_CHECKING:
    from collections.abc import Iterable

    from llmd_render.diagnostics import Diagnostic

_HOMES = {"sarif": "sarif", "junit": "ci", "github": "ci", "gitlab": "ci"}

CI_FORMATS = tuple(_HOMES)
"""The formats that hold findings and nothing else, by the name that `--format` knows."""

__all__ = [
    "CI_FORMATS",
    "changes_to_text",
    "count",
    "make_printable",
    "sort_diagnostics",
    "to_format",
    "to_json",
    "to_text",
]


def to_format(name: str, diagnostics: Iterable[Diagnostic]) -> str:
    """Write findings in one of the formats of CI services, of which each is loaded when used."""
    write: Any = getattr(import_module(f".{_HOMES[name]}", __name__), f"to_{name}")
    written: str = write(diagnostics)
    return written
