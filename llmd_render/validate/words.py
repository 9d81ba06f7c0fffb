"""How findings about data read: the thing, the value found, and what it may be."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable

    from llmd_render.diagnostics import DataPath

_LONGEST = 60
_MOST_LISTED = 12
_EXPECTED = {
    "string": "a string",
    "integer": "an integer",
    "number": "a number",
    "boolean": "true or false",
    "array": "a list",
    "object": "a mapping",
}


def name_of(path: DataPath, root: str) -> str:
    """Name a place by its last key and what indexes follow: `args[2]`."""
    suffix = ""
    for step in reversed(path):
        if isinstance(step, str):
            return step + suffix
        suffix = f"[{step}]{suffix}"
    return root + suffix


def show(value: Any) -> str:
    """Write a value as YAML would, shortened."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, dict):
        return "a mapping"
    if isinstance(value, list):
        return "a list"
    text = repr(value) if isinstance(value, str) else str(value)
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"


def show_with_type(value: Any) -> str:
    """Write a value and what it is: `'small', a string`."""
    if value is None or isinstance(value, (dict, list)):
        return show(value)
    kinds = {str: "a string", bool: "a boolean", int: "an integer", float: "a number"}
    kind = kinds.get(type(value), f"a {type(value).__name__}")
    return f"{show(value)}, {kind}"


def expected(types: Iterable[str]) -> str:
    """Say what types are allowed: `a string or a number`."""
    return " or ".join(_EXPECTED.get(item, item) for item in types if item != "null")


def listed(values: Iterable[Any]) -> str:
    """List values, the first few if there are many."""
    shown = [value if isinstance(value, str) and value else show(value) for value in values]
    more = ", …" if len(shown) > _MOST_LISTED else ""
    return ", ".join(shown[:_MOST_LISTED]) + more
