"""Findings that somebody decided to live with: said beside them, or in a file for all of them.

`# llmd-render: ignore CODE reason` silences CODE on its own line, or on the next line that is
more than a comment.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING

from .diagnostics import Diagnostic, Location, Severity, did_you_mean

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator

# Without the colon it is a slip: it must not look as if it silenced something.
_COMMENT = re.compile(r"#[ \t]*llmd-render(?:(?P<colon>:)[ \t]*|[ \t]+(?=ignore[ \t]))(?P<rest>.*)")
_FORM = re.compile(r"ignore[ \t]+(?P<code>[\w-]+)(?:[ \t]+(?P<reason>\S.*?))?[ \t]*")
# Whoever can write a file can also write this in it: these say that the file cannot be read.
_NEVER = frozenset(
    {"yaml-syntax-error", "yaml-alias-bomb", "yaml-nested-too-deep", "yaml-too-large"}
)


@dataclass(frozen=True, slots=True)
class Suppression:
    """A finding to live with: which, where, why, and where that was written.

    `files` is a glob; `line` is the one line it is for, or 0 for all of them.
    """

    code: str
    reason: str
    written: Location
    excerpt: str = ""
    files: str = "*"
    line: int = 0

    def covers(self, item: Diagnostic) -> bool:
        """Whether a finding is the one that was meant."""
        if self.code != item.code or item.code in _NEVER:
            return False
        if self.line:
            return item.location.file == self.files and item.location.line == self.line
        return fnmatchcase(item.location.file, self.files)


def read_comments(text: str, file: str) -> tuple[list[Suppression], list[Diagnostic]]:
    """Find the comments of a file that silence findings, and those that are malformed."""
    found: list[Suppression] = []
    wrong: list[Diagnostic] = []
    if "llmd-render" not in text:
        return found, wrong
    lines = text.split("\n")
    for index, line in enumerate(lines):
        match = _COMMENT.search(line)
        if match is None:
            continue
        written = Location(file, index + 1, match.start() + 1)
        form = _FORM.fullmatch(match["rest"].rstrip("\r"))
        if form is None or not form["reason"] or not match["colon"]:
            wrong.append(_refuse(match, form, written, line))
            continue
        alone = not line[: match.start()].strip()
        place = _next_line(lines, index) if alone else index
        found.append(
            Suppression(form["code"], form["reason"], written, line, files=file, line=place + 1)
        )
    return found, wrong


def _next_line(lines: list[str], index: int) -> int:
    for following in range(index + 1, len(lines)):
        stripped = lines[following].strip()
        if stripped and not stripped.startswith("#"):
            return following
    return index


def _refuse(
    comment: re.Match[str], form: re.Match[str] | None, written: Location, line: str
) -> Diagnostic:
    problem = f"`{comment['rest'].strip()}` is not of the form `ignore CODE reason`"
    if form is not None:
        problem = f"{form['code']} is ignored without a reason"
    if not comment["colon"]:
        problem = "there is no colon behind llmd-render, so that this silences nothing"
    return Diagnostic(
        written,
        problem,
        "lint-ignore-malformed",
        hint="write `# llmd-render: ignore CODE reason`",
        excerpt=line,
    )


def suppress(
    diagnostics: Iterable[Diagnostic],
    suppressions: Collection[Suppression],
    known: Collection[str],
) -> list[Diagnostic]:
    """Mark findings as acknowledged, and report suppressions of nothing or of no known code."""
    used: set[Suppression] = set()
    result: list[Diagnostic] = []
    for item in diagnostics:
        covering = [one for one in suppressions if not item.acknowledged and one.covers(item)]
        used.update(covering)
        reason = covering[0].reason if covering else item.acknowledged
        result.append(replace(item, acknowledged=reason) if covering else item)
    result += _report_useless(suppressions, used, known)
    return result


def report_unused(item: Suppression) -> Diagnostic:
    """Say that something is ignored that is not found any more."""
    return Diagnostic(
        item.written,
        f"{item.code} finds nothing here",
        "lint-ignore-unused",
        Severity.WARNING,
        hint="remove the entry",
        excerpt=item.excerpt,
    )


def _report_useless(
    suppressions: Iterable[Suppression], used: set[Suppression], known: Collection[str]
) -> Iterator[Diagnostic]:
    for item in suppressions:
        if item.code not in known:
            hint = did_you_mean(item.code, known, "`llmd-render list findings` shows them")
            message = f"there is no finding {item.code}"
            yield Diagnostic(
                item.written, message, "lint-ignore-unknown", hint=hint, excerpt=item.excerpt
            )
        elif item not in used:
            yield report_unused(item)
