"""What every finding means that comes from no rule; a rule says so itself."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any

import yaml

from .resources import data_file


@dataclass(frozen=True, slots=True)
class Finding:
    """A finding that some stage may have: what is wrong, and what to do."""

    code: str
    meaning: str
    remedy: str


@cache
def load_findings() -> dict[str, Finding]:
    """Load all findings, by code and in the order of the stages that have them."""
    loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    text = data_file("findings.yaml").read_text(encoding="utf-8")
    rows: dict[str, dict[str, str]] = yaml.load(text, Loader=loader)  # noqa: S506 - it is safe
    return {code: Finding(code, **row) for code, row in rows.items()}
