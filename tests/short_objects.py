"""Trees of short objects for the tests of rules, and what is odd in the place of their values."""

from __future__ import annotations

import inspect
from typing import TYPE_CHECKING

import yaml

from llmd_render.manifest import Tree, read_tree
from llmd_render.render import RenderedFile

if TYPE_CHECKING:
    from collections.abc import Iterator

ODD: list[object] = [None, 5, "x", [], {}, [None], [[]], {5: 6}, {"a": [1]}, [{"from": 5}], True]


def spoil(data: object, odd: object) -> Iterator[object]:
    """Give the data once for each value in it, with something odd in its place."""
    yield odd
    if isinstance(data, dict):
        for key, value in data.items():
            yield from ({**data, key: other} for other in spoil(value, odd))
    if isinstance(data, list):
        for index, value in enumerate(data):
            for other in spoil(value, odd):
                yield [*data[:index], other, *data[index + 1 :]]


def read(text: str) -> Tree:
    """Read short objects: one a line, `group/version kind namespace/name {the rest}`."""
    documents = []
    for line in inspect.cleandoc(text).splitlines():
        version, kind, place, rest = line.split(" ", 3)
        namespace, _, name = place.rpartition("/")
        data = yaml.safe_load(rest)
        metadata = {"name": name, **data.pop("metadata", {})}
        if namespace:
            metadata["namespace"] = namespace
        documents.append({"apiVersion": version, "kind": kind, "metadata": metadata, **data})
    tree, problems = read_tree([RenderedFile("all.yaml", yaml.safe_dump_all(documents), "")])
    assert problems == []
    return tree
