"""What somebody meant who wrote a flag that a command does not have."""

from __future__ import annotations

from typing import TYPE_CHECKING

from llmd_render.diagnostics import Severity, suggest

from .subcommands import find_meant

if TYPE_CHECKING:
    from .table import Command, Table

_CLOSE = 0.8
_ALIKE = 0.7


def explain_unknown(name: str, command: Command, table: Table) -> tuple[str, str, Severity]:
    """Say what is wrong with a flag that a command does not have, what to do, and how bad it is.

    A newer version may have a flag that the table has not: where no other is near, who knows.
    """
    what = f"{table.program} {command.path}"
    message = f"{what} has no flag {name}"
    meant = find_meant(f"{command.path} {name}")
    if meant:
        return message, f"use `{meant}`", Severity.ERROR
    near = suggest(name, command.flags)
    if near and is_close(name, near):
        return message, f"did you mean `{near}`?", Severity.ERROR
    message = f"{message} in version {table.version}"
    hint = "see its --help; a newer version may have it"
    if near and is_close(name, near, _ALIKE):
        hint = f"{hint}, or you meant `{near}`"
    return message, hint, Severity.WARNING


def is_close(one: str, other: str, least: float = _CLOSE) -> bool:
    """Whether one word is the other one but for a slip."""
    from difflib import SequenceMatcher  # noqa: PLC0415 - only when something is wrong

    return SequenceMatcher(None, one, other).ratio() >= least
