"""Whether bash could parse a script, and where it could not."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from llmd_render.diagnostics import Diagnostic, Location

from .grammar import locate, parse
from .outline import outline

if TYPE_CHECKING:
    from collections.abc import Iterator

_RESERVED = {b"fi", b"done", b"esac", b"then", b"do", b"elif", b"else", b"}", b"in"}


def check_script(text: str, file: str, template: str = "") -> Iterator[Diagnostic]:
    """Find the places where bash could not parse a script; nothing when it could.

    Two grammars have to agree: the compiled one tells where, and stumbles over some of what bash
    takes; the other tells whether.
    """
    root = parse(text)
    if not root.has_error and not any(map(_is_wrong, outline(text).doubtful)):
        return
    from .recognition import is_parsed_by_bash  # noqa: PLC0415 - only what looks wrong is read twice

    if is_parsed_by_bash(text):
        return
    lines = text.split("\n")
    raw_lines = text.encode("utf-8").split(b"\n")
    for node in _find_errors(root):
        line, column = locate(_first_command(node), raw_lines)
        message = _describe(node)
        yield Diagnostic(
            Location(file, line, column),
            message,
            "shell-syntax-error",
            hint=f"rendered from {template}" if template else "",
            excerpt=lines[line - 1],
        )


def _first_command(node: Any) -> Any:
    """Find where to point at; when all of a script is one error, not at its first comment."""
    if node.parent is not None:
        return node
    return next((item for item in node.children if item.type != "comment"), node)


def _describe(node: Any) -> str:
    if _is_hollow(node):
        return "bash expects a command in here"
    if node.is_missing:
        opened = node.parent.start_point[0] + 1 if node.parent else 0
        since = f", for what begins in line {opened}" if opened <= node.start_point[0] else ""
        return f"bash expects `{node.type}` here{since}"
    if node.parent is None:
        return "bash cannot parse the script; something that begins here or below never ends"
    found = node.text.decode("utf-8", errors="replace").split("\n")[0][:40]
    return f"bash cannot parse `{found}`"


def _find_errors(root: Any) -> Iterator[Any]:
    todo = [root]
    while todo:
        node = todo.pop()
        if node.is_error or node.is_missing or _is_wrong(node):
            yield node
        else:
            todo.extend(reversed(node.children))


def _is_wrong(node: Any) -> bool:
    return _is_stray(node) or _is_hollow(node)


def _is_stray(node: Any) -> bool:
    """Whether a word or mark stands where bash, other than the grammar, does not take it."""
    if node.type == ";;":
        return node.parent is not None and node.parent.type != "case_item"
    return node.type == "command_name" and node.text in _RESERVED


def _is_hollow(node: Any) -> bool:
    """Whether a body has no command, which the grammar takes and bash does not."""
    if node.type in {"compound_statement", "do_group", "else_clause"}:
        return not _has_command(node.children)
    if node.type in {"if_statement", "elif_clause"}:
        kinds = [child.type for child in node.children]
        if "then" in kinds:
            return not _has_command(node.children[kinds.index("then") + 1 :])
    return False


def _has_command(nodes: list[Any]) -> bool:
    first = next((item for item in nodes if item.is_named and item.type != "comment"), None)
    return first is not None and first.type not in {"elif_clause", "else_clause"}
