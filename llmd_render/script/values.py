"""The variables of a script that always have the same value."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .words import HOLE, Reader, Word

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

# Builtins that set the variables that they are given.
_SETTERS = {"read", "mapfile", "readarray", "getopts", "unset"}


class Values:
    """What the variables of some scripts, that share them, are set to.

    A variable that is set in one place only has one value, whatever order things run in; one that
    comes from the environment has its default. Any other is a hole.
    """

    def __init__(self, roots: Iterable[tuple[Any, list[bytes]]]) -> None:
        self._assignments: dict[str, list[tuple[Any, list[bytes]]]] = {}
        self._changing: set[str] = set()
        self._busy: set[str] = set()
        self._found: dict[str, str] = {}
        for root, lines in roots:
            self._collect(root, lines)

    def find(self, name: str) -> str:
        """Give a variable's value, with a hole for each part that only a run would tell."""
        return self.find_or(name, lambda: HOLE)

    def find_or(self, name: str, make_default: Callable[[], str]) -> str:
        """Give a variable's value, or a default where nothing but the environment sets it."""
        if name in self._found:
            return self._found[name]
        assignments = self._assignments.get(name, [])
        if name.isdigit() or name in self._changing or len(assignments) > 1:
            return HOLE
        if name in self._busy or not assignments:
            return make_default()
        node, lines = assignments[0]
        value = node.child_by_field_name("value")
        if value is not None and value.type == "array":
            return HOLE
        self._busy.add(name)
        self._found[name] = Reader(lines, self).read_value(value) if value is not None else ""
        self._busy.remove(name)
        return self._found[name]

    def find_array(self, name: str) -> tuple[Word, ...] | None:
        """Give the items of an array that is set in one place; None where they are not known."""
        assignments = self._assignments.get(name, [])
        if name in self._changing or len(assignments) != 1 or name in self._busy:
            return None
        node, lines = assignments[0]
        value = node.child_by_field_name("value")
        if value is None or value.type != "array":
            return None
        self._busy.add(name)
        reader = Reader(lines, self)
        items = [word for item in value.children if item.is_named for word in reader.read(item)]
        self._busy.remove(name)
        return tuple(items)

    def _collect(self, root: Any, lines: list[bytes]) -> None:
        todo = [root]
        while todo:
            node = todo.pop()
            todo.extend(node.named_children)
            if node.type == "variable_assignment":
                self._take_assignment(node, lines)
            elif node.type in {"for_statement", "select_statement"}:
                self._changing.add(_text(node.child_by_field_name("variable")))
            elif node.type == "command":
                self._changing.update(_list_set_variables(node))

    def _take_assignment(self, node: Any, lines: list[bytes]) -> None:
        if node.parent is not None and node.parent.type == "command":
            return  # only for that command
        target = node.child_by_field_name("name")
        name = _text(target)
        if target.type == "subscript":
            self._changing.add(name.partition("[")[0])
        elif any(_text(item) == "+=" for item in node.children):
            self._changing.add(name)
        else:
            self._assignments.setdefault(name, []).append((node, lines))


def _list_set_variables(node: Any) -> Iterator[str]:
    words = [_text(item) for item in node.named_children]
    if words and words[0] in _SETTERS:
        yield from words[1:]
    elif words[:2] == ["printf", "-v"]:
        yield from words[2:3]


def _text(node: Any) -> str:
    return str(node.text.decode("utf-8", errors="replace")) if node is not None else ""
