"""How one schema refers to another.

`#/definitions/X` stays inside a file, `group/version/Kind#/…` leads into another of our files and
`core#/X` into the definitions of the Kubernetes release. Keys beside a `$ref` replace those of its
target; `properties` beside a `$ref` are added to the target's.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

Node = dict[str, Any]
"""A part of a schema."""


class Resolver:
    """Follows references and remembers where each of them led."""

    def __init__(self, look_up: Callable[[str], Node]) -> None:
        self._look_up = look_up
        # The node is kept beside what it means, so that its id stays its own.
        self._resolved: dict[int, tuple[Node, Node]] = {}

    def resolve(self, node: Node) -> Node:
        """Give the node that a reference means, or the node itself where it is none."""
        if "$ref" not in node:
            return node
        known = self._resolved.get(id(node))
        if known is not None:
            return known[1]
        meant = _merge(self.resolve(self._look_up(node["$ref"])), node)
        self._resolved[id(node)] = (node, meant)
        return meant


def _merge(target: Node, reference: Node) -> Node:
    beside = {key: value for key, value in reference.items() if key not in {"$ref", "description"}}
    if not beside:
        return target
    merged = target | beside
    if "properties" in beside:
        merged["properties"] = target.get("properties", {}) | beside["properties"]
    return merged


def make_local_references_absolute(document: Node, name: str) -> Node:
    """Let a file's references to itself be understood wherever they are met."""
    waiting: list[Any] = [document]
    while waiting:
        part = waiting.pop()
        if isinstance(part, dict):
            reference = part.get("$ref")
            if isinstance(reference, str) and reference.startswith("#/"):
                part["$ref"] = name + reference
            waiting.extend(part.values())
        elif isinstance(part, list):
            waiting.extend(part)
    return document
