"""What the tool has to say to a person, and where: the types every other module speaks in."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

DataPath = tuple[str | int, ...]
"""A place in YAML data: mapping keys and list indexes from the root."""


class Severity(StrEnum):
    """How bad a finding is; only errors stop a render."""

    ERROR = "error"
    WARNING = "warning"
    INFO = "info"


@dataclass(frozen=True, slots=True, order=True)
class Location:
    """A place in a file, 1-based as editors count; line 0 means the file as a whole."""

    file: str
    line: int = 0
    column: int = 0

    def __str__(self) -> str:
        if not self.line:
            return self.file
        return f"{self.file}:{self.line}:{self.column}"


def locate_offset(file: str, text: str, offset: int) -> Location:
    """Give the place of a character of a file, counted from 0."""
    line = text.count("\n", 0, offset) + 1
    return Location(file, line, offset - text.rfind("\n", 0, offset))


@dataclass(frozen=True, slots=True)
class Violation:
    """What a check found, in terms of the data; whoever ran the check finds the file and line.

    `key` asks for the position of the mapping key instead of its value; `acknowledged` is the
    reason for which it was allowed beforehand.
    """

    path: DataPath
    message: str
    hint: str = ""
    code: str = ""
    key: bool = False
    severity: Severity = Severity.ERROR
    acknowledged: str = ""


@dataclass(frozen=True, slots=True)
class Diagnostic:
    """One finding as a person sees it; the words are those of the Language Server Protocol.

    `excerpt` is the offending line of the file, `acknowledged` the reason for which somebody
    decided to live with the finding.
    """

    location: Location
    message: str
    code: str
    severity: Severity = Severity.ERROR
    hint: str = ""
    path: DataPath = ()
    excerpt: str = ""
    acknowledged: str = ""

    @property
    def blocks(self) -> bool:
        """Whether this finding stops a render."""
        return self.severity is Severity.ERROR and not self.acknowledged


class InputError(Exception):
    """The input is wrong in a way that a stage cannot go on with; carries diagnostics."""

    def __init__(self, *diagnostics: Diagnostic) -> None:
        super().__init__(*(f"{item.location}: {item.message}" for item in diagnostics))
        self.diagnostics = diagnostics


def format_path(path: DataPath) -> str:
    """Write a path the way JSONPath does: `$.spec.rules[0].matches`."""
    parts = ["$"]
    for step in path:
        if isinstance(step, int):
            parts.append(f"[{step}]")
        elif step.replace("_", "").replace("-", "").isalnum():
            parts.append(f".{step}")
        else:
            parts.append(f"[{step!r}]")
    return "".join(parts)


def dotted(*path: str | int) -> str:
    """Write a path the way a person names a field: `spec.rules[0].matches`."""
    return format_path(path).removeprefix("$").removeprefix(".")


def suggest(word: str, known: Iterable[str], *, likeness: float = 0.6) -> str:
    """Name the one known word that somebody who typed `word` most likely meant, or nothing.

    `likeness`, from 0 to 1, is how much of the two must agree.
    """
    from difflib import get_close_matches  # noqa: PLC0415 - only when something is wrong

    candidates = sorted(known)
    folded = {candidate.lower(): candidate for candidate in reversed(candidates)}
    if word.lower() in folded:
        return folded[word.lower()]
    matches = get_close_matches(word, candidates, n=1, cutoff=likeness)
    return matches[0] if matches else ""


def did_you_mean(word: str, known: Iterable[str], otherwise: str = "") -> str:
    """Write the hint for an unknown word: the near known one, or something else to try."""
    near = suggest(word, known)
    return f"did you mean `{near}`?" if near else otherwise


def has_blocking(diagnostics: Iterable[Diagnostic]) -> bool:
    """Whether any of the findings stops a render."""
    return any(item.blocks for item in diagnostics)
