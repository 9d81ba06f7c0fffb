"""What a template may contain: print, `if name`, `for x in name`, `include`; nothing that computes.

Enforced when any template is loaded, ours or a user's, so that no value can break out of its
quotes and no second sandbox is needed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from jinja2 import nodes

from .quoting import FILTERS

if TYPE_CHECKING:
    from collections.abc import Iterator

_HINT = "decide the value in the stack, and let the template only print it"


def find_forbidden(tree: nodes.Template) -> Iterator[tuple[int, str, str]]:
    """Find each construct that templates may not use: line, what it is, what to do instead."""
    for node in tree.body:
        yield from _check_statement(node)


def _check_statement(node: nodes.Node) -> Iterator[tuple[int, str, str]]:
    match node:
        case nodes.Output():
            for part in node.nodes:
                if not isinstance(part, nodes.TemplateData):
                    yield from _check_print(part)
        case nodes.If():
            if not _is_name(node.test):
                yield node.lineno, "an `if` that tests more than a name", _HINT
            for child in (*node.body, *node.elif_, *node.else_):
                yield from _check_statement(child)
        case nodes.For():
            yield from _check_loop(node)
        case nodes.Include():
            if not isinstance(node.template, nodes.Const) or node.ignore_missing:
                yield node.lineno, "an `include` of something else than one fixed name", _HINT
        case _:
            word = type(node).__name__.lower()
            yield node.lineno, f"`{word}`, which templates may not use", _HINT


def _check_loop(node: nodes.For) -> Iterator[tuple[int, str, str]]:
    if not _is_name(node.iter) or not isinstance(node.target, nodes.Name):
        yield node.lineno, "a `for` over something else than a name", _HINT
    if node.test is not None or node.recursive:
        yield node.lineno, "a `for` with a filter or recursion", _HINT
    for child in (*node.body, *node.else_):
        yield from _check_statement(child)


def _check_print(node: nodes.Node) -> Iterator[tuple[int, str, str]]:
    filters = " or ".join(f"`| {name}`" for name in FILTERS)
    if not isinstance(node, nodes.Filter):
        yield node.lineno, "a print without a quoting filter", f"end it in {filters}"
        return
    if node.name not in FILTERS or node.args or node.kwargs:
        yield node.lineno, f"the filter `{node.name}`", f"end the print in {filters}"
    if node.node is None or not _is_name(node.node):
        yield node.lineno, "a print of more than a name", _HINT


def _is_name(node: nodes.Node) -> bool:
    while isinstance(node, nodes.Getattr):
        if node.attr.startswith("_"):
            return False
        node = node.node
    return isinstance(node, nodes.Name)
