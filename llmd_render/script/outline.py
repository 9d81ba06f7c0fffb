"""Where the commands, functions and assignments of a script are, found in one pass."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from .grammar import MOST_KEPT, parse, walk

if TYPE_CHECKING:
    from collections.abc import Iterator

# Builtins that set the variables that they are given.
_SETTERS = {"read", "mapfile", "readarray", "getopts", "unset"}
_SOURCING = {".", "source"}
_DOUBTFUL = {
    *(";;", "command_name", "compound_statement", "do_group"),
    *("else_clause", "if_statement", "elif_clause"),
}


@dataclass(frozen=True, slots=True)
class Outline:
    """The parts of a script that tell what it calls, as nodes of its syntax tree.

    `assignments` holds what each variable is set to, wherever that stands; `changing` names the
    variables that a loop or a builtin sets. `commands` stand in the order of the text. What is
    `doubtful` the grammar may have taken where bash would not.
    """

    lines: list[bytes]
    commands: tuple[Any, ...]
    sourcing: tuple[Any, ...]
    functions: dict[str, Any]
    assignments: dict[str, list[Any]]
    changing: frozenset[str]
    doubtful: tuple[Any, ...]


@lru_cache(maxsize=MOST_KEPT)
def outline(text: str) -> Outline:
    """Read the outline of a script."""
    commands: list[Any] = []
    functions: dict[str, Any] = {}
    assignments: dict[str, list[Any]] = {}
    changing: set[str] = set()
    doubtful: list[Any] = []
    root = parse(text)
    lost = _find_lost_parts(root)
    for node in walk(root):
        kind = node.type
        if kind == "command":
            if not any(node.start_byte < end and begin <= node.end_byte for begin, end in lost):
                commands.append(node)
            changing.update(_list_set_variables(node))
        elif kind == "variable_assignment":
            name, settled = _read_assignment(node)
            if settled:
                assignments.setdefault(name, []).append(node)
            elif name:
                changing.add(name)
        elif kind in {"for_statement", "select_statement"}:
            changing.add(text_of(node.child_by_field_name("variable")))
        elif kind == "function_definition":
            functions[text_of(node.child_by_field_name("name"))] = node
        elif kind in _DOUBTFUL:
            doubtful.append(node)
    sourcing = tuple(
        node for node in commands if text_of(node.child_by_field_name("name")) in _SOURCING
    )
    lines = text.encode("utf-8").split(b"\n")
    return Outline(
        lines,
        tuple(commands),
        sourcing,
        functions,
        assignments,
        frozenset(changing),
        tuple(doubtful),
    )


def _find_lost_parts(root: Any) -> list[tuple[int, int]]:
    """Find where the grammar lost its way, and took words for others or texts for commands.

    From there to the end of what it is in nothing is certain, nor what stands just before.
    """
    parts: list[tuple[int, int]] = []
    todo = [root] if root.has_error else []
    while todo:
        node = todo.pop()
        if node.is_error or node.is_missing:
            around = node.parent or node
            before = root.text[: node.start_byte].rstrip(b" \t\\\n-")
            parts.append((len(before), around.end_byte))
        elif node.has_error:
            todo.extend(node.children)
    return parts


def _read_assignment(node: Any) -> tuple[str, bool]:
    """Read which variable is set, and whether to what stands here alone; for one call none."""
    if node.parent is not None and node.parent.type == "command":
        return "", False
    target = node.child_by_field_name("name")
    if target.type == "subscript":
        return text_of(target).partition("[")[0], False
    return text_of(target), not any(text_of(item) == "+=" for item in node.children)


def _list_set_variables(node: Any) -> Iterator[str]:
    name = text_of(node.child_by_field_name("name"))
    if name in _SETTERS:
        yield from (text_of(item) for item in node.named_children[1:])
    elif name == "printf":
        words = [text_of(item) for item in node.named_children[1:3]]
        if words[:1] == ["-v"]:
            yield from words[1:]


def text_of(node: Any) -> str:
    """Give the text of a node, or nothing for none."""
    return str(node.text.decode("utf-8", errors="replace")) if node is not None else ""
