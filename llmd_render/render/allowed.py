"""What a template may contain: print, `if name`, `for x in name`, `include`; nothing that computes.

Enforced when any template is loaded, ours or a user's, so that no value can break out of its
quotes and no second sandbox is needed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from jinja2 import nodes

from .quoting import FILTERS

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_FILTERS_BY_SUFFIX = {
    "sh": ("sh",),
    "yaml": ("yaml",),
    "yml": ("yaml",),
    "json": ("yaml",),
    "md": ("md", "sh"),
}
_HINT = "decide the value in the stack, and let the template only print it"


def find_forbidden(tree: nodes.Template, name: str = "") -> Iterator[tuple[int, str, str]]:
    """Find each construct that a template may not use: line, what it is, what to do instead.

    `name` is the template's file name; its suffix decides which filters quote rightly.
    """
    yield from _Check(name).run(tree.body)


class _Check:
    def __init__(self, name: str) -> None:
        suffix = name.removesuffix(".j2").rpartition(".")[2]
        self._filters = _FILTERS_BY_SUFFIX.get(suffix, tuple(FILTERS))
        self._shell = suffix == "sh"
        self._line = ""

    def run(self, body: Sequence[nodes.Node]) -> Iterator[tuple[int, str, str]]:
        for node in body:
            match node:
                case nodes.Output():
                    for part in node.nodes:
                        if isinstance(part, nodes.TemplateData):
                            self._line = (self._line + part.data).rpartition("\n")[2]
                        else:
                            yield from self._check_print(part)
                            self._line += "x"
                case nodes.If():
                    if not _is_name(node.test):
                        yield node.lineno, "an `if` that tests more than a name", _HINT
                    yield from self.run((*node.body, *node.elif_, *node.else_))
                case nodes.For():
                    yield from self._check_loop(node)
                case nodes.Include():
                    if not isinstance(node.template, nodes.Const) or node.ignore_missing:
                        what = "an `include` of something else than one fixed name"
                        yield node.lineno, what, _HINT
                case _:
                    word = type(node).__name__.lower()
                    yield node.lineno, f"`{word}`, which templates may not use", _HINT

    def _check_loop(self, node: nodes.For) -> Iterator[tuple[int, str, str]]:
        if not _is_name(node.iter) or not isinstance(node.target, nodes.Name):
            yield node.lineno, "a `for` over something else than a name", _HINT
        if node.test is not None or node.recursive:
            yield node.lineno, "a `for` with a filter or recursion", _HINT
        yield from self.run((*node.body, *node.else_))

    def _check_print(self, node: nodes.Node) -> Iterator[tuple[int, str, str]]:
        quoting = " or ".join(f"`| {name}`" for name in self._filters)
        if not isinstance(node, nodes.Filter):
            yield node.lineno, "a print without a quoting filter", f"end it in {quoting}"
            return
        if node.name not in self._filters or node.args or node.kwargs:
            yield node.lineno, f"the filter `{node.name}`", f"end the print in {quoting}"
        if node.node is None or not _is_name(node.node):
            yield node.lineno, "a print of more than a name", _HINT
        if self._shell and _is_quoted(self._line):
            hint = 'assign it first: NAME={{ … | sh }}, then use "$NAME"'
            yield node.lineno, "a print inside quotes or a comment of the shell", hint


def _is_quoted(before: str) -> bool:
    """Whether what follows `before` on a line of shell is inside quotes or a comment."""
    quote = ""
    for index, character in enumerate(before):
        if quote:
            quote = "" if character == quote else quote
        elif character in "\"'":
            quote = character
        elif character == "#" and (not index or before[index - 1] in " \t;"):
            return True
    return bool(quote)


def _is_name(node: nodes.Node) -> bool:
    while isinstance(node, nodes.Getattr):
        if node.attr.startswith("_"):
            return False
        node = node.node
    return isinstance(node, nodes.Name)
