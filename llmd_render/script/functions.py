"""Functions of scripts that pass their arguments on to a program."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from .words import Reader

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from .outline import Outline
    from .values import Values
    from .words import Word

_ALL_ARGUMENTS = b'"$@"'


@dataclass(frozen=True, slots=True)
class Forward:
    """A command in a function that takes the function's arguments, but for the first few."""

    before: tuple[Word, ...]
    skipped: int
    after: tuple[Word, ...]

    def names(self, program: str) -> bool:
        """Whether it stands in for a program: `gcloud() { show gcloud "$@"; }`."""
        return any(word.text == program for word in self.before)

    def fill(self, arguments: tuple[Word, ...]) -> tuple[Word, ...]:
        """Give the command that a call of the function with these arguments runs."""
        known = next(
            (index for index, item in enumerate(arguments) if item.is_many), len(arguments)
        )
        if known < self.skipped:
            return ()
        if not self.before:
            return (*arguments[self.skipped :], *self.after)
        # What the function adds stands elsewhere: the call is where a reader would look.
        place = arguments[0] if arguments else None
        before, after = (
            tuple(item._replace(line=place.line, column=place.column) for item in items)
            if place
            else items
            for items in (self.before, self.after)
        )
        return (*before, *arguments[self.skipped :], *after)


class Functions:
    """The functions of some scripts that share them; of two with a name the last counts."""

    def __init__(self, outlines: Iterable[Outline], values: Values) -> None:
        self._values = values
        self._bodies = {
            name: (node.child_by_field_name("body"), item.lines)
            for item in outlines
            for name, node in item.functions.items()
        }
        self._found: dict[str, tuple[Forward, ...]] = {}

    def find(self, name: str) -> tuple[Forward, ...] | None:
        """Give what a function forwards its arguments to; None where there is no such function."""
        if name not in self._bodies:
            return None
        if name not in self._found:
            body, lines = self._bodies[name]
            passes_on = _ALL_ARGUMENTS in body.text
            reader = Reader(lines, self._values)
            self._found[name] = tuple(_list_forwards(body, reader)) if passes_on else ()
        return self._found[name]


def _list_forwards(body: Any, reader: Reader) -> Iterator[Forward]:
    skipped = 0
    todo = [body]
    while todo:
        node = todo.pop()
        if node.type != "command":
            todo.extend(reversed(node.named_children))
            continue
        parts = [item for item in node.named_children if item.type != "variable_assignment"]
        texts = [item.text for item in parts]
        if texts and texts[0] == b"shift":
            skipped += int(texts[1]) if len(texts) > 1 and texts[1].isdigit() else 1
        if texts[:2] == [b"set", b"--"]:
            return  # from here on its arguments are others
        if _ALL_ARGUMENTS in texts:
            here = texts.index(_ALL_ARGUMENTS)
            before = [word for item in parts[:here] for word in reader.read(item)]
            after = [word for item in parts[here + 1 :] for word in reader.read(item)]
            yield Forward(tuple(before), skipped, tuple(after))
        else:
            todo.extend(reversed(node.named_children))
