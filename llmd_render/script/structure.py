"""How commands of a script hang together: which pass data on, and whose success is asked for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from .grammar import locate, parse

if TYPE_CHECKING:
    from collections.abc import Iterator

_ASKING = {"if_statement", "elif_clause", "while_statement"}


@dataclass(frozen=True, slots=True)
class Part:
    """A command as it is written, and where it begins."""

    text: str
    line: int
    column: int


def list_pipelines(text: str) -> Iterator[tuple[Part, ...]]:
    """List the pipelines of a script, each as its commands."""
    lines = text.encode("utf-8").split(b"\n")
    for node in _walk(parse(text)):
        if node.type == "pipeline":
            yield tuple(_read(child, lines) for child in node.named_children)


def list_conditions(text: str) -> Iterator[Part]:
    """List the commands of a script that decide by their exit status how it goes on."""
    lines = text.encode("utf-8").split(b"\n")
    for node in _walk(parse(text)):
        if node.type == "command" and _decides(node):
            yield _read(node, lines)


def _decides(node: Any) -> bool:
    child, parent = node, node.parent
    while parent is not None and parent.type in {"redirected_statement", "negated_command"}:
        if parent.type == "negated_command":
            return True
        child, parent = parent, parent.parent
    if parent is None:
        return False
    if parent.type in _ASKING:
        # The commands after `then` and `do` are children of the same node.
        ends = [item.start_byte for item in parent.children if item.type in {"then", "do_group"}]
        return not ends or child.start_byte < ends[0]
    return bool(parent.type == "list" and parent.named_children[0] == child)


def _read(node: Any, lines: list[bytes]) -> Part:
    return Part(node.text.decode("utf-8", errors="replace"), *locate(node, lines))


def _walk(root: Any) -> Iterator[Any]:
    todo = [root]
    while todo:
        node = todo.pop()
        yield node
        todo.extend(reversed(node.named_children))
