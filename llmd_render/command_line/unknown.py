"""Commands that gcloud or kubectl does not have, where all that their group has is known."""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING

from llmd_render.diagnostics import Severity, suggest

from .invocation import Refusal
from .kubectl import find_flag
from .subcommands import find_meant, load_subcommands
from .suggestions import is_close
from .tables import PROGRAMS, load_table

if TYPE_CHECKING:
    from llmd_render.script import Call, Word

    from .table import Table

_CODES = {"gcloud": "gcloud-command-unknown", "kubectl": "kubectl-command-unknown"}
# Here gcloud gets new services, and kubectl takes plug-ins: only a slip is told.
_OPEN_GROUPS = {("gcloud", ""), ("kubectl", ""), ("kubectl", "create")}
# Other tracks have other commands, and help is taken anywhere.
_UNJUDGED = {"alpha", "beta", "preview", "help"}


def find_unknown_command(call: Call) -> Refusal | None:
    """Find the word of a call that is no command of its program."""
    program = call.program.rpartition("/")[2]
    if program not in PROGRAMS:
        return None
    table = load_table(program)
    known = load_subcommands(program)
    found = _find_word(call, table, known)
    return _explain(program, table.version, *found, known) if found else None


def _find_word(
    call: Call, table: Table, known: dict[str, tuple[str, ...]]
) -> tuple[str, Word] | None:
    """Find the first word that its group does not have; flags of all commands may stand between."""
    words = deque(call.words)
    group = ""
    while group in known and words and words[0].is_known:
        word = words.popleft()
        if word.text.startswith("-"):
            flag = find_flag(word.text, table.common)
            if flag is None:
                return None
            if not flag.is_switch and word.text in flag.names and words:
                words.popleft()
        elif word.text in _UNJUDGED:
            return None
        elif word.text not in known[group]:
            return group, word
        else:
            group = f"{group} {word.text}".strip()
    return None


def _explain(
    program: str, version: str, group: str, word: Word, known: dict[str, tuple[str, ...]]
) -> Refusal | None:
    message = f"{f'{program} {group}'.strip()} has no command {word.text}"
    code = _CODES[program]
    meant = find_meant(f"{group} {word.text}")
    if meant:
        return Refusal(code, message, f"use `{meant}`", word)
    near = suggest(word.text, known[group])
    if near and _is_slip(word.text, near):
        return Refusal(code, message, f"did you mean `{near}`?", word)
    if (program, group) in _OPEN_GROUPS:
        return None
    message = f"{message} in version {version}"
    hint = "see its --help; a newer version may have it"
    return Refusal(code, message, hint, word, Severity.WARNING)


def _is_slip(word: str, other: str) -> bool:
    """Whether a word is another one mistyped, and not a command made of the same words."""
    ours, theirs = word.split("-"), other.split("-")
    if word.replace("-", "") == other.replace("-", ""):
        return True
    differing = [pair for pair in zip(ours, theirs, strict=False) if pair[0] != pair[1]]
    if len(ours) != len(theirs) or len(differing) != 1:
        return False
    one, two = differing[0]
    return one[:1] == two[:1] and is_close(one, two)
