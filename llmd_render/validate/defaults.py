"""Structural defaulting as the API server does it before it validates a custom resource."""

from __future__ import annotations

from copy import deepcopy
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .references import Node
    from .store import Schema


def apply_defaults(data: Any, schema: Schema) -> Any:
    """Copy the data, with defaults filled in and nulls dropped that no field may have.

    A null where the schema allows none is dropped or becomes the default, as on the server. Core
    kinds are not touched: what is not in their schemas are defaults.
    """
    if schema.core:
        return data
    root = _copy(data)
    waiting: list[tuple[Any, Node]] = [(root, schema.root)]
    while waiting:
        value, node = waiting.pop()
        if "$ref" in node:
            node = schema.resolve(node)
        if isinstance(value, dict):
            parts = _default_mapping(value, node, schema)
        elif isinstance(value, list) and isinstance(node.get("items"), dict):
            parts = _default_list(value, node["items"], schema)
        else:
            continue
        for key, part in parts:
            if isinstance(value[key], (dict, list)):
                # Copied on the way down, so that no recursion meets the depth of the data.
                value[key] = _copy(value[key])
                waiting.append((value[key], part))
    return root


def _fill_fields(value: Any, properties: Node, schema: Schema) -> None:
    for key, part in properties.items():
        if value.get(key) is not None:
            continue
        meant = schema.resolve(part) if "$ref" in part else part
        # Most fields are left out, and have no default.
        if key not in value and "default" not in meant:
            continue
        if key in value and is_nullable(meant):
            continue
        if meant.get("default") is not None:
            value[key] = deepcopy(meant["default"])
        else:
            value.pop(key, None)


def _default_mapping(value: Any, node: Node, schema: Schema) -> list[tuple[Any, Node]]:
    properties: Node = node.get("properties", {})
    rest = node.get("additionalProperties")
    _fill_fields(value, properties, schema)
    parts = []
    for key in list(value):
        part = properties.get(key, rest)
        if not isinstance(part, dict):
            continue
        if value[key] is None and key not in properties:
            meant = schema.resolve(part)
            if not is_nullable(meant):
                if meant.get("default") is None:
                    del value[key]
                    continue
                value[key] = deepcopy(meant["default"])
        parts.append((key, part))
    return parts


def _default_list(value: Any, items: Node, schema: Schema) -> list[tuple[Any, Node]]:
    meant = schema.resolve(items)
    if meant.get("default") is not None and not is_nullable(meant):
        value[:] = [deepcopy(meant["default"]) if item is None else item for item in value]
    return [(index, items) for index in range(len(value))]


def is_nullable(node: Node) -> bool:
    """Whether null is a value that a place may have, in either dialect."""
    types = node.get("type")
    if isinstance(types, list):
        return "null" in types
    if node.get("nullable"):
        return True
    return types is None and not node.get("x-kubernetes-int-or-string")


def _copy(value: Any) -> Any:
    return value.copy() if isinstance(value, (dict, list)) else value
