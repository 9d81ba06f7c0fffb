"""Programs that start another one, which is what a reader wants to know of."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .words import Word

# Each with its own options that take a value as a word of its own.
_LAUNCHERS: dict[str, frozenset[str]] = {
    "builtin": frozenset(),
    "command": frozenset(),
    "env": frozenset({"-u", "-C", "-S"}),
    "exec": frozenset({"-a"}),
    "nice": frozenset({"-n"}),
    "nohup": frozenset(),
    "stdbuf": frozenset({"-i", "-o", "-e"}),
    "sudo": frozenset({"-u", "-g", "-h", "-p", "-C", "-r", "-t", "-T", "-U"}),
    "time": frozenset({"-f", "-o"}),
    "timeout": frozenset({"-s", "-k", "--signal", "--kill-after"}),
    "xargs": frozenset({"-I", "-n", "-P", "-L", "-d", "-E", "-s", "-a", "--max-procs"}),
}
_OPERANDS = {"timeout": 1}
_ASSIGNMENT = re.compile(r"[A-Za-z_]\w*=")
# `command -v` asks about a program and does not start it.
_QUESTIONS = {"-v", "-V"}


def strip_launchers(words: tuple[Word, ...]) -> tuple[Word, ...]:
    """Leave out `sudo`, `timeout 5` and their like before the program that a command is about."""
    while words and words[0].text in _LAUNCHERS:
        launcher, rest = words[0].text, words[1:]
        with_value = _LAUNCHERS[launcher]
        while rest and (rest[0].text.startswith("-") or _ASSIGNMENT.match(rest[0].text)):
            if launcher == "command" and rest[0].text in _QUESTIONS:
                return ()
            rest = rest[2:] if rest[0].text in with_value else rest[1:]
        rest = rest[_OPERANDS.get(launcher, 0) :]
        if not rest:
            return words
        words = rest
    return words
