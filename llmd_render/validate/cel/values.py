"""Data as CEL sees it: typed by the schema, under escaped names, without what it may not see."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from .times import parse_bytes, parse_duration, parse_time

if TYPE_CHECKING:
    from collections.abc import Callable

    from llmd_render.validate.references import Node
    from llmd_render.validate.store import Schema

    Show = Callable[[Any], Any]

_RESERVED = frozenset(
    {
        *("true", "false", "null", "in", "as", "break", "const", "continue", "else", "for"),
        *("function", "if", "import", "let", "loop", "package", "namespace", "return", "var"),
        *("void", "while"),
    }
)
_ESCAPED = {"__": "__underscores__", ".": "__dot__", "-": "__dash__", "/": "__slash__"}
_NAME = re.compile(r"[A-Za-z_./-][A-Za-z0-9_./-]*")
_TO_ESCAPE = re.compile(r"__|[-./]")
_TEXT: Node = {"type": "string"}
# Of the metadata of an object the server shows rules these two, whatever else there is.
_RESOURCE: dict[str, Node] = {
    "apiVersion": _TEXT,
    "kind": _TEXT,
    "metadata": {"type": "object", "properties": {"name": _TEXT, "generateName": _TEXT}},
}


def escape(name: str) -> str | None:
    """Give the name under which rules know a property; some names they cannot know."""
    if name in _RESERVED:
        return f"__{name}__"
    if not _NAME.fullmatch(name):
        return None
    return _TO_ESCAPE.sub(lambda match: _ESCAPED[match[0]], name)


def as_resource(node: Node) -> Node:
    """Add to a node what rules may see of every object."""
    return node | {"properties": node.get("properties", {}) | _RESOURCE}


class View:
    """Shows data of one place of a schema to CEL; what is below is looked up when it is met.

    `show` takes no null, and is None where rules see nothing at all.
    """

    __slots__ = ("_fields", "_items", "_node", "_only", "_schema", "show")

    def __init__(
        self,
        node: Node,
        schema: Schema,
        *,
        resource: bool = False,
        only: frozenset[str] | None = None,
    ) -> None:
        node = schema.resolve(node)
        if resource or node.get("x-kubernetes-embedded-resource"):
            node = as_resource(node)
        self._node = node
        self._schema = schema
        self._only = only
        self._fields: dict[str, tuple[str, Show] | None] = {}
        self._items: Show = _same
        self.show = self._choose(_type_of(node))

    def _choose(self, kind: str) -> Show | None:
        if kind == "object":
            rest = self._node.get("additionalProperties")
            if not isinstance(rest, dict) or self._node.get("properties"):
                return self._show_object
            values = View(rest, self._schema).show
            self._items = values or _same
            return self._show_map if values else None
        if kind == "array" and isinstance(self._node.get("items"), dict):
            items = View(self._node["items"], self._schema).show
            self._items = items or _same
            return self._show_list if items else None
        if kind == "string":
            typed: Show = _TYPED.get(self._node.get("format", ""), _same)
            return typed
        return _SCALARS.get(kind)

    def _show_object(self, value: dict[str, Any]) -> dict[str, Any]:
        shown = {}
        fields = self._fields
        for key, item in value.items():
            # A null in a field is as if the field were absent, unlike one in a list or a map.
            if item is None:
                continue
            field = fields[key] if key in fields else self._field(key)
            if field is not None:
                shown[field[0]] = field[1](item)
        return shown

    def _field(self, key: str) -> tuple[str, Show] | None:
        field = None
        node = self._node.get("properties", {}).get(key)
        if node is not None:
            name = escape(key)
            if name is not None and (self._only is None or name in self._only):
                show = View(node, self._schema).show
                field = (name, show) if show else None
            self._fields[key] = field
        return field

    def _show_map(self, value: dict[str, Any]) -> dict[str, Any]:
        show = self._items
        return {str(key): None if item is None else show(item) for key, item in value.items()}

    def _show_list(self, value: list[Any]) -> list[Any]:
        show = self._items
        return [None if item is None else show(item) for item in value]


def _type_of(node: Node) -> str:
    if node.get("x-kubernetes-int-or-string"):
        return "scalar"
    kind = node.get("type")
    if isinstance(kind, list):
        kinds = [item for item in kind if item != "null"]
        kind = kinds[0] if len(kinds) == 1 else "scalar"
    return str(kind)


def _same(value: Any) -> Any:
    return value


def _number(value: Any) -> Any:
    # JSON knows one kind of number; 1.0 of YAML reaches the server as 1.
    return int(value) if isinstance(value, float) and value.is_integer() else value


def _typed(parse: Callable[[str], Any]) -> Show:
    def show(value: Any) -> Any:
        try:
            return parse(value)
        except (ValueError, KeyError, OverflowError):
            # The structural check knows better what is wrong with such a text.
            return value

    return show


_TYPED: dict[str, Show] = {
    "duration": _typed(parse_duration),
    "date": _typed(parse_time),
    "date-time": _typed(parse_time),
    "datetime": _typed(parse_time),
    "byte": _typed(parse_bytes),
}
_SCALARS: dict[str, Show] = {
    "number": float,
    "integer": _number,
    "boolean": _same,
    "scalar": _number,
}
