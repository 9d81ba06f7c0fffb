"""The variables of a script that always have the same value."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .words import HOLE, Reader, Word

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from .outline import Outline


# What every shell is started with: a script that sets one of them does so where it is missing.
_FROM_SYSTEM = frozenset({"HOME", "LOGNAME", "PATH", "PWD", "SHELL", "TMPDIR", "USER"})


class Values:
    """What the variables of some scripts, that share them, are set to.

    A variable that is set in one place only has one value, whatever order things run in; one that
    comes from the environment has its default. Any other is a hole.
    """

    def __init__(self, outlines: Iterable[Outline]) -> None:
        self._assignments: dict[str, list[tuple[Any, list[bytes]]]] = {}
        self._changing: set[str] = set()
        self._busy: set[str] = set()
        self._found: dict[str, str] = {}
        for item in outlines:
            self._changing |= item.changing
            for name, nodes in item.assignments.items():
                known = self._assignments.setdefault(name, [])
                known += [(node, item.lines) for node in nodes]

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
        if assignments and name in _FROM_SYSTEM:
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
