"""Calls of kubectl, taken apart and judged as pflag does, the parser that it is built with."""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING

from llmd_render.script import HOLE

from .invocation import Given, Invocation, Refusal
from .kubectl_demands import find_unmet_needs
from .suggestions import explain_unknown
from .values import find_flaw

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from llmd_render.script import Call, Word

    from .table import Command, Flag, Table

_TRUTHS = {"1", "t", "T", "TRUE", "true", "True", "0", "f", "F", "FALSE", "false", "False"}


def read_kubectl_call(call: Call, table: Table) -> Invocation | None:
    """Take a call of kubectl apart; nothing where the table does not know the command."""
    leading, path, rest = _find_command(call, table)
    command = table.find(path) if path else None
    if command is None:
        return None
    reader = _Reader(command, table)
    reader.read(deque((*leading, *rest)))
    return Invocation(
        call,
        command,
        tuple(reader.given),
        tuple(reader.arguments),
        reader.is_open,
        refusals=tuple(reader.refusals),
    )


def judge_kubectl_call(invocation: Invocation, table: Table) -> Iterator[Refusal]:
    """Find what kubectl refuses in a call before it asks a server."""
    yield from invocation.refusals
    for item in invocation.given:
        if item.value is None or not item.value.is_known:
            continue
        wanted = _find_flaw(item.flag, item.value.text)
        if wanted:
            message = f"{item.written} is `{item.value.text}`"
            yield Refusal("kubectl-flag-value-invalid", message, f"give {wanted}", item.value)
    yield from find_unmet_needs(invocation, table)


def _find_flaw(flag: Flag, text: str) -> str:
    if flag.kind is None:
        return "" if text in _TRUTHS else "true or false"
    if flag.name == "--cascade" and text in _TRUTHS:
        return ""  # as it was written before it had names
    return find_flaw(flag.kind, text)


def _find_command(call: Call, table: Table) -> tuple[list[Word], str, list[Word]]:
    """Find the words of the command; flags that all commands take may stand before them."""
    leading: list[Word] = []
    words = deque(call.words)
    path = ""
    while words and words[0].is_known:
        word = words[0]
        # Between a group and its command they may stand, too: `create -n NAMESPACE secret`.
        if word.text.startswith("-") and (not path or path in table.groups):
            command = table.find(path)
            flag = find_flag(word.text, command.flags if command else table.common)
            if flag is None and path:
                break
            if flag is None:
                return [], "", []
            leading.append(words.popleft())
            if not flag.is_switch and word.text in flag.names and words:
                leading.append(words.popleft())
            continue
        longer = f"{path} {word.text}".strip()
        longer = table.aliases.get(longer, longer)
        if word.text.startswith("-") or not (longer in table.paths or longer in table.groups):
            break
        path = longer
        words.popleft()
    # A word that is not known may be a flag as well as another command of the group.
    is_other = path in table.groups and bool(words) and words[0].is_known
    is_other = is_other and not words[0].text.startswith("-")
    return (leading, path, list(words)) if path in table.paths and not is_other else ([], "", [])


def find_flag(text: str, flags: Mapping[str, Flag]) -> Flag | None:
    """Find the flag that a word is, whether or not it has its value, too."""
    name = text.partition("=")[0]
    return flags.get(name) or (None if name.startswith("--") else flags.get(name[:2]))


class _Reader:
    def __init__(self, command: Command, table: Table) -> None:
        self._command = command
        self._table = table
        self.given: list[Given] = []
        self.arguments: list[Word] = []
        self.refusals: list[Refusal] = []
        self.is_open = False

    def read(self, words: deque[Word]) -> None:
        """Read all words after the command."""
        while words:
            word = words.popleft()
            self.is_open = self.is_open or word.is_many
            if word.text == "--":
                self.arguments += words
                return
            name = word.text.partition("=")[0]
            if not word.text.startswith("-") or word.text == "-" or HOLE in name[:2]:
                self.arguments.append(word)
            elif name.startswith("--"):
                if HOLE not in name:
                    self._read_long(word, name, words)
            else:
                self._read_short(word, words)

    def _read_long(self, word: Word, name: str, words: deque[Word]) -> None:
        flag = self._command.flags.get(name)
        if flag is None:
            self._refuse_unknown(word, name)
        elif "=" in word.text:
            text = word.text.partition("=")[2]
            self.given.append(Given(flag, name, word, word._replace(text=text)))
        else:
            self._take(flag, name, word, words)

    def _read_short(self, word: Word, words: deque[Word]) -> None:
        """Read letters in a row: switches, and at their end one with a value."""
        letters = word.text[1:]
        while letters and not letters.startswith(HOLE):
            name, letters = f"-{letters[0]}", letters[1:]
            flag = self._command.flags.get(name)
            if flag is None:
                self._refuse_unknown(word, name)
                return
            if letters.startswith("="):
                self.given.append(Given(flag, name, word, word._replace(text=letters[1:])))
                return
            if not flag.is_switch and not flag.is_optional and letters:
                self.given.append(Given(flag, name, word, word._replace(text=letters)))
                return
            self._take(flag, name, word, deque() if letters else words)

    def _take(self, flag: Flag, name: str, word: Word, words: deque[Word]) -> None:
        if flag.is_switch or flag.is_optional:
            self.given.append(Given(flag, name, word))
            self._refuse_detached(flag, name, words)
        elif words:
            value = words.popleft()
            self.is_open = self.is_open or value.is_many
            self.given.append(Given(flag, name, word, value))
        elif not self.is_open:
            message = f"{name} has no value"
            hint = f"write it as {name}{'=' if name.startswith('--') else ' '}VALUE"
            self.refusals.append(Refusal("kubectl-flag-value-missing", message, hint, word))

    def _refuse_detached(self, flag: Flag, name: str, words: deque[Word]) -> None:
        choices = flag.kind.choices if flag.kind else ("true", "false")
        if words and words[0].text in choices:
            value = words[0]
            message = f"`{value.text}` is no value of {name}, which takes one after `=` only"
            hint = f"write it as {name}={value.text}"
            self.refusals.append(Refusal("kubectl-flag-value-detached", message, hint, value))

    def _refuse_unknown(self, word: Word, name: str) -> None:
        message, hint, severity = explain_unknown(name, self._command, self._table)
        self.refusals.append(Refusal("kubectl-flag-unknown", message, hint, word, severity))
