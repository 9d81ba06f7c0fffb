"""Walks the syntax tree that Jinja parsed: print, `if name`, `for x in name`, `include`.

These four are all that templates may hold, and walking them takes a tenth of the time in which
Jinja would compile them to Python. It also knows the line of everything that goes wrong.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from jinja2 import nodes

from .quoting import FILTERS

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

_MOST_INCLUDES = 20
_MOST_STEPS = 100_000


class TemplateError(Exception):
    """A template asked for something that is not there or cannot be printed."""

    def __init__(self, template: str, line: int, message: str, code: str) -> None:
        super().__init__(message)
        self.template = template
        self.line = line
        self.message = message
        self.code = code


class Evaluator:
    """Renders templates by name; all of them have been found allowed."""

    def __init__(self, trees: Mapping[str, nodes.Template]) -> None:
        self._trees = trees
        self._steps = 0

    def render(self, name: str, names: dict[str, Any]) -> str:
        """Render one template; raises TemplateError with template and line."""
        self._steps = 0
        return "".join(self._walk(self._trees[name].body, names, (name,)))

    def _walk(
        self, body: Sequence[nodes.Node], names: dict[str, Any], trail: tuple[str, ...]
    ) -> Iterator[str]:
        for node in body:
            self._steps += 1
            if self._steps > _MOST_STEPS:
                message = f"rendering takes more than {_MOST_STEPS:,} steps"
                raise TemplateError(trail[-1], node.lineno, message, "template-too-large")
            match node:
                case nodes.Output():
                    for part in node.nodes:
                        yield self._print(part, names, trail)
                case nodes.If():
                    yield from self._walk(self._choose(node, names, trail), names, trail)
                case nodes.For():
                    yield from self._loop(node, names, trail)
                case nodes.Include():
                    yield from self._include(node, names, trail)

    def _print(self, part: nodes.Node, names: dict[str, Any], trail: tuple[str, ...]) -> str:
        if isinstance(part, nodes.TemplateData):
            return part.data
        assert isinstance(part, nodes.Filter)  # noqa: S101 - nothing else is allowed
        value = self._look_up(part.node, names, trail)
        try:
            return FILTERS[part.name](value)
        except TypeError as error:
            code = "template-value-unprintable"
            raise TemplateError(trail[-1], part.lineno, str(error), code) from error

    def _choose(
        self, node: nodes.If, names: dict[str, Any], trail: tuple[str, ...]
    ) -> Sequence[nodes.Node]:
        for branch in (node, *node.elif_):
            if self._look_up(branch.test, names, trail):
                return branch.body
        return node.else_

    def _loop(
        self, node: nodes.For, names: dict[str, Any], trail: tuple[str, ...]
    ) -> Iterator[str]:
        items = self._look_up(node.iter, names, trail)
        if not isinstance(items, tuple):
            message = f"a `for` runs over a {type(items).__name__}, which is no list"
            raise TemplateError(trail[-1], node.lineno, message, "template-value-unprintable")
        assert isinstance(node.target, nodes.Name)  # noqa: S101 - nothing else is allowed
        for item in items:
            yield from self._walk(node.body, {**names, node.target.name: item}, trail)
        if not items:
            yield from self._walk(node.else_, names, trail)

    def _include(
        self, node: nodes.Include, names: dict[str, Any], trail: tuple[str, ...]
    ) -> Iterator[str]:
        assert isinstance(node.template, nodes.Const)  # noqa: S101 - nothing else is allowed
        name = node.template.value
        if name not in self._trees:
            message = f"it includes `{name}`, which no template folder has"
            raise TemplateError(trail[-1], node.lineno, message, "template-include-unknown")
        if len(trail) > _MOST_INCLUDES:
            message = "templates include each other"
            raise TemplateError(trail[-1], node.lineno, message, "template-include-cycle")
        yield from self._walk(self._trees[name].body, names, (*trail, name))

    def _look_up(
        self, node: nodes.Node | None, names: dict[str, Any], trail: tuple[str, ...]
    ) -> Any:
        if isinstance(node, nodes.Getattr):
            parent = self._look_up(node.node, names, trail)
            if hasattr(parent, node.attr):
                return getattr(parent, node.attr)
            message = f"`{node.attr}` is not a field of {type(parent).__name__}"
            raise TemplateError(trail[-1], node.lineno, message, "template-name-undefined")
        assert isinstance(node, nodes.Name)  # noqa: S101 - nothing else is allowed
        if node.name in names:
            return names[node.name]
        message = f"`{node.name}` is not defined; templates know `stack`"
        raise TemplateError(trail[-1], node.lineno, message, "template-name-undefined")
