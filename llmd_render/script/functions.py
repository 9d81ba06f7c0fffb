"""Functions of scripts that pass their arguments on to a program."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

    from .words import Reader, Word


@dataclass(frozen=True, slots=True)
class Forward:
    """A command in a function that takes the function's arguments, but for the first few."""

    before: tuple[Word, ...]
    skipped: int
    after: tuple[Word, ...]

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
            tuple(replace(item, line=place.line, column=place.column) for item in items)
            if place
            else items
            for items in (self.before, self.after)
        )
        return (*before, *arguments[self.skipped :], *after)


@dataclass(frozen=True, slots=True)
class Function:
    """A function of a script, by what it forwards its arguments to."""

    forwards: tuple[Forward, ...]


def find_functions(root: Any, reader: Reader) -> dict[str, Function]:
    """Find the functions of a script; of two with a name the last counts, as in bash."""
    found: dict[str, Function] = {}
    todo = [root]
    while todo:
        node = todo.pop(0)
        if node.type == "function_definition":
            name = node.child_by_field_name("name").text.decode("utf-8", errors="replace")
            body = node.child_by_field_name("body")
            found[name] = Function(tuple(_list_forwards(body, reader)))
        todo.extend(node.named_children)
    return found


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
        if b'"$@"' in texts:
            here = texts.index(b'"$@"')
            before = [word for item in parts[:here] for word in reader.read(item)]
            after = [word for item in parts[here + 1 :] for word in reader.read(item)]
            yield Forward(tuple(before), skipped, tuple(after))
        else:
            todo.extend(reversed(node.named_children))
