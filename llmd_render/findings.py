"""What every finding means that comes from no rule; a rule says so itself."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cache

from .kubectl_yaml import read_document
from .resources import data_file

DEFERRED = "-deferred"
"""Ends the code of what the API server takes, and refuses in the Pod that is made of it."""

_LATER = "Here the API server takes the object itself, and refuses the Pod that is made of it."


@dataclass(frozen=True, slots=True)
class Finding:
    """A finding that some stage may have: what is wrong, and what to do.

    Without a `remedy` the hint of each finding says it. `mirrors` names code of others that
    refuses the same.
    """

    code: str
    meaning: str
    remedy: str = ""
    mirrors: str = ""


@cache
def load_findings() -> dict[str, Finding]:
    """Load all findings, by code and in the order of the stages that have them."""
    text = data_file("findings.yaml").read_text(encoding="utf-8")
    rows: dict[str, dict[str, str]] = read_document(text)
    found = {code: Finding(code, **row) for code, row in rows.items()}
    for code, item in tuple(found.items()):
        if code.startswith("native-"):
            later = f"{code}{DEFERRED}"
            found[later] = replace(item, code=later, meaning=f"{item.meaning} {_LATER}")
    return found
