"""Calls of gcloud, taken apart and judged as its own parser does."""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING

from llmd_render.diagnostics import did_you_mean
from llmd_render.placeholders import has_placeholder
from llmd_render.script import HOLE

from .demands import find_unmet_demands
from .groups import find_conflicts
from .invocation import Given, Invocation, Refusal
from .suggestions import explain_unknown
from .values import find_flaw, find_unknown_item

if TYPE_CHECKING:
    from collections.abc import Iterator

    from llmd_render.script import Call, Word

    from .table import Command, Table

_TRACKS = ("alpha", "beta")


def read_gcloud_call(call: Call, table: Table) -> Invocation | None:
    """Take a call of gcloud apart; nothing where the table does not know the command."""
    leading, path, rest = _find_command(call, table)
    track = ""
    command = table.find(path)
    if command is None and path.partition(" ")[0] in _TRACKS:
        track, _, path = path.partition(" ")
        command = table.find(path)
    if command is None:
        return None
    reader = _Reader(command, table, is_strict=not track)
    reader.read(deque((*leading, *rest)))
    given = tuple(reader.given)
    arguments = tuple(reader.arguments)
    refusals = [] if track or any(map(_prevents, given)) else reader.refusals
    return Invocation(call, command, given, arguments, reader.is_open, track, tuple(refusals))


def judge_gcloud_call(invocation: Invocation, table: Table) -> Iterator[Refusal]:
    """Find what gcloud refuses in a call, by its parser or before it sends anything."""
    # What beta and alpha know beyond that is in no table.
    if invocation.track or any(map(_prevents, invocation.given)):
        return
    yield from invocation.refusals
    yield from _find_bad_values(invocation)
    if not invocation.is_open:
        yield from _find_missing_arguments(invocation)
    yield from find_conflicts(invocation, table)
    yield from find_unmet_demands(invocation, table)


def _prevents(given: Given) -> bool:
    return given.flag.name == "--help"


def _find_command(call: Call, table: Table) -> tuple[list[Word], str, list[Word]]:
    """Find the words of the command; flags that all commands take may stand between them."""
    leading: list[Word] = []
    words = deque(call.words)
    path = ""
    while words and words[0].is_known:
        word = words.popleft()
        if word.text.startswith("-"):
            flag = table.common.get(word.text.partition("=")[0])
            if flag is None:
                return [], "", []
            leading.append(word)
            if not flag.is_switch and "=" not in word.text and words:
                leading.append(words.popleft())
            continue
        path = f"{path} {word.text}".strip()
        short = path.partition(" ")[2] if path.partition(" ")[0] in _TRACKS else path
        if path in table.paths or short in table.paths:
            return leading, path, list(words)
        if short and short not in table.groups and path not in table.groups:
            break
    return [], "", []


class _Reader:
    """Follows the rules of the parser that gcloud brings, an old argparse."""

    def __init__(self, command: Command, table: Table, *, is_strict: bool) -> None:
        self._command = command
        self._table = table
        self._is_strict = is_strict
        self._left = deque(command.arguments)
        self.given: list[Given] = []
        self.arguments: list[Word] = []
        self.refusals: list[Refusal] = []
        self.is_open = False

    def read(self, words: deque[Word]) -> None:
        """Read all words after the command."""
        while words:
            kind = self._classify(words[0])
            if kind == "flag":
                self._read_flag(words.popleft(), words)
            elif kind == "open":
                words.popleft()
                self.is_open = True
            else:
                self._read_arguments(words)

    def _classify(self, word: Word) -> str:
        """Tell flags from arguments, as far as the script alone does."""
        text = word.text
        if text.startswith(HOLE) or (word.is_many and not text.startswith("-")):
            return "open"
        if text == "--":
            return "end"
        name = text.partition("=")[0]
        if not text.startswith("-") or text == "-" or HOLE in name:
            return "open" if HOLE in name and text.startswith("-") else "argument"
        if name in self._command.flags or text in self._command.flags:
            return "flag"
        return "argument" if _is_number(text) or " " in text else "flag"

    def _read_flag(self, word: Word, words: deque[Word]) -> None:
        name, equals, text = word.text.partition("=")
        flag = self._command.flags.get(name)
        if flag is None:
            self._refuse_unknown(word, name, words)
            return
        if flag.is_switch:
            if equals:
                message, hint = f"{name} takes no value", f"write {name} alone"
                if flag.negation:
                    hint = f"{hint}, or {flag.negation}"
                self._refuse("gcloud-flag-value-unexpected", message, hint, word)
            self.given.append(Given(flag, name, word))
            return
        if equals:
            self.given.append(Given(flag, name, word, word._replace(text=text)))
        elif words and self._may_be_value(words[0]):
            # Whoever writes `--zone $ZONE` means one value, though bash may make more of it.
            self.given.append(Given(flag, name, word, words.popleft()))
        elif self.is_open and not words:
            self.given.append(Given(flag, name, word))
        else:
            message = f"{name} has no value"
            hint = f"write it as {name}=VALUE"
            self._refuse("gcloud-flag-value-missing", message, hint, word)
            self.given.append(Given(flag, name, word))

    def _may_be_value(self, word: Word) -> bool:
        return word.text.startswith(HOLE) or self._classify(word) in {"argument", "open"}

    def _refuse_unknown(self, word: Word, name: str, words: deque[Word]) -> None:
        if not self._is_strict:
            self.is_open = True  # it may take the next word as its value
        message, hint, severity = explain_unknown(name, self._command, self._table)
        self.refusals.append(Refusal("gcloud-flag-unknown", message, hint, word, severity))
        if "=" not in word.text and words and self._classify(words[0]) == "argument":
            words.popleft()  # most likely its value, and no mistake of its own
            self.is_open = True

    def _read_arguments(self, words: deque[Word]) -> None:
        """Read a run of arguments: of several in a row gcloud takes them in one place only."""
        run: list[Word] = []
        rest_is_plain = False
        first = words[0]
        while words and (rest_is_plain or self._classify(words[0]) in {"argument", "end", "open"}):
            word = words.popleft()
            if word.text == "--" and not rest_is_plain:
                rest_is_plain = True
            elif self._classify(word) == "open" and not rest_is_plain and word.is_many:
                self.is_open = True
            else:
                run.append(word)
        if not run and first.text == "--":
            run = [first]  # nothing that it could protect: gcloud takes it for an argument
        while run and self._left:
            argument = self._left.popleft()
            count = len(run) if argument.is_many else 1
            self.arguments += run[:count]
            run = run[count:]
        if run and not self.is_open:
            word = run[0]
            taken = "no argument" if not self._command.arguments else "no more arguments"
            where = " here" if any(item.is_many for item in self._command.arguments) else ""
            shown = word.text.replace(HOLE, "…")
            message = f"gcloud {self._command.path} takes {taken}{where}: `{shown}`"
            hint = "put what belongs to a flag behind it with `=`, and quote what holds spaces"
            if where:
                hint = "write all of them in a row, with no flag between"
            self._refuse("gcloud-argument-unexpected", message, hint, word)

    def _refuse(self, code: str, message: str, hint: str, word: Word) -> None:
        self.refusals.append(Refusal(code, message, hint, word))


def _is_number(text: str) -> bool:
    digits = text.removeprefix("-")
    return digits.replace(".", "", 1).isdigit()


def _find_bad_values(invocation: Invocation) -> Iterator[Refusal]:
    seen = set()
    for item in invocation.given:
        if item.flag.repeats == "is refused" and item.flag.name in seen:
            message = f"{item.written} is given twice, which gcloud refuses of this flag"
            yield Refusal("gcloud-flag-repeated", message, "put both values into one", item.word)
        seen.add(item.flag.name)
        if item.flag.kind is None or item.value is None or HOLE in item.value.text:
            continue
        if item.value.is_many or has_placeholder(item.value.text):
            continue
        wanted = find_flaw(item.flag.kind, item.value.text)
        if wanted:
            message, hint = f"{item.written} is `{item.value.text}`", f"give {wanted}"
            unknown = find_unknown_item(item.flag.kind, item.value.text)
            if unknown:
                message = f"{item.written} has `{unknown}`, which is none of what it takes"
                hint = did_you_mean(unknown, item.flag.kind.choices, hint)
            yield Refusal("gcloud-flag-value-invalid", message, hint, item.value)


def _find_missing_arguments(invocation: Invocation) -> Iterator[Refusal]:
    needed = [item for item in invocation.command.arguments if item.is_needed]
    if len(invocation.arguments) < len(needed):
        missing = needed[len(invocation.arguments)].name
        message = f"gcloud {invocation.command.path} needs {missing}"
        yield Refusal("gcloud-argument-missing", message, f"add {missing} after the command")
