"""Following a path through data of any shape: what is not there is nothing, and never an error."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

    from llmd_render.diagnostics import DataPath


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


def list_texts(data: Any, path: DataPath = ()) -> Iterator[tuple[DataPath, str]]:
    """List all texts in some data, however deep, each with its place."""
    if isinstance(data, str):
        yield path, data
    elif isinstance(data, dict):
        for key, value in data.items():
            if isinstance(key, str):
                yield from list_texts(value, (*path, key))
    elif isinstance(data, list):
        for index, value in enumerate(data):
            yield from list_texts(value, (*path, index))
