"""Following a path through data of any shape: what is not there is nothing, and never an error."""

from __future__ import annotations

from typing import Any


def value_at(data: Any, *path: str | int) -> Any:
    """Follow a path through mappings and lists; nothing where the way ends."""
    for step in path:
        if isinstance(step, int):
            if not isinstance(data, list) or step >= len(data):
                return None
            data = data[step]
        elif isinstance(data, dict):
            data = data.get(step)
        else:
            return None
    return data


def text_at(data: Any, *path: str | int) -> str:
    """Read a string; an empty one where there is none."""
    value = value_at(data, *path)
    return value if isinstance(value, str) else ""
