"""The places of a schema at which rules stand, and the rules as they can be judged there."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING, Any

from .source import Source, read
from .values import View, as_resource, escape

if TYPE_CHECKING:
    from collections.abc import Iterator

    from llmd_render.diagnostics import DataPath
    from llmd_render.validate.references import Node
    from llmd_render.validate.store import Schema

_CORE = ("core#/", "#/$defs/")
_STEP = re.compile(
    r"\.([A-Za-z_][A-Za-z0-9_-]*)|\[\s*'((?:[^'\\]|\\.)*)'\s*\]|\[\s*\"([^\"]*)\"\s*\]"
)


@dataclass(frozen=True, slots=True)
class Rule:
    """One entry of `x-kubernetes-validations`.

    `obstacle` says why it cannot be judged at its place; on create, `is_skipped` rules never are.
    """

    text: str
    source: Source
    message: str
    message_expression: str
    field_path: DataPath
    optional_old_self: bool
    obstacle: str

    @property
    def is_skipped(self) -> bool:
        """Whether the rule speaks of a change, so that it says nothing about a new object."""
        return self.source.uses_old_self and not self.optional_old_self


@dataclass(eq=False)
class Place:
    """A node of a schema with rules, or with rules somewhere below."""

    node: Node
    schema: Schema
    resource: bool
    finder: _Finder
    entries: tuple[Node, ...] = ()
    fields: dict[str, Place] = field(default_factory=dict)
    rest: Place | None = None
    items: Place | None = None

    @cached_property
    def rules(self) -> tuple[Rule, ...]:
        """The rules of this place; most are never read, as no data stands at their place."""
        return tuple(self.finder.read_rule(item, self) for item in self.entries)

    @cached_property
    def view(self) -> View:
        """What the rules of this place see of its data, and no more than they read."""
        texts = [rule.text for rule in self.rules]
        texts += [rule.message_expression for rule in self.rules if rule.message_expression]
        only: frozenset[str] | None = frozenset()
        for text in texts:
            fields = read(text).fields
            only = None if only is None or fields is None else only | fields
        return View(self.node, self.schema, resource=self.resource, only=only)


# Few, because what is kept keeps the whole store of its schema.
@lru_cache(maxsize=48)
def find_places(schema: Schema) -> Place | None:
    """Find all rules of a schema once; None if there are none."""
    return _Finder(schema).find(schema.root, resource=True)


class _Finder:
    def __init__(self, schema: Schema) -> None:
        self._schema = schema
        self._found: dict[int, tuple[Node, Place | None]] = {}
        self._unordered: dict[int, tuple[Node, bool]] = {}

    def find(self, node: Node, *, resource: bool = False) -> Place | None:
        # Core kinds have no rules, and their definitions are the bulk of many schemas.
        if str(node.get("$ref", "")).startswith(_CORE) and node.keys() <= {"$ref", "description"}:
            return None
        node = self._schema.resolve(node)
        known = self._found.get(id(node))
        if known is not None:
            return known[1]
        resource = resource or bool(node.get("x-kubernetes-embedded-resource"))
        place = Place(node, self._schema, resource, self)
        # A schema that refers to itself finds the place that is being made.
        self._found[id(node)] = (node, place)
        entries = node.get("x-kubernetes-validations") or ()
        place.entries = tuple(item for item in entries if isinstance(item, dict))
        for key, part in node.get("properties", {}).items():
            found = self.find(part)
            if found is not None:
                place.fields[key] = found
        place.rest = self._find_part(node.get("additionalProperties"))
        place.items = self._find_part(node.get("items"))
        if not (place.entries or place.fields or place.rest or place.items):
            self._found[id(node)] = (node, None)
            return None
        return place

    def _find_part(self, part: Any) -> Place | None:
        return self.find(part) if isinstance(part, dict) else None

    def read_rule(self, item: Node, place: Place) -> Rule:
        """Read one entry of a place, and whether it can be judged there."""
        text = str(item.get("rule") or "").strip()
        source = read(text)
        shown = as_resource(place.node) if place.resource else place.node
        unordered = sorted(
            ".".join(filter(None, path))
            for path in source.compared
            if any(self._is_unordered(part) for part in self._meant(path, shown))
        )
        return Rule(
            text=text,
            source=source,
            message=str(item.get("message") or "").strip(),
            message_expression=str(item.get("messageExpression") or "").strip(),
            field_path=_parse_path(str(item.get("fieldPath") or "")),
            optional_old_self=bool(item.get("optionalOldSelf")),
            obstacle=f"it compares {unordered[0]}, a list in which the order does not count"
            if unordered
            else "",
        )

    def _meant(self, path: tuple[str, ...], node: Node) -> Iterator[Node]:
        """Give the nodes that a path in a rule may mean; of a variable's, all of that name."""
        if path[0] == "self":
            nodes = [node]
            for name in path[1:]:
                nodes = [part for item in nodes for part in self._parts(item, name)]
            yield from nodes
        elif len(path) > 1:
            waiting, seen = [node], set()
            while waiting:
                item = self._schema.resolve(waiting.pop())
                if id(item) in seen:
                    continue
                seen.add(id(item))
                yield from self._parts(item, path[-1])
                waiting += _children(item)

    def _parts(self, node: Node, name: str) -> list[Node]:
        properties = self._schema.resolve(node).get("properties", {})
        return [part for key, part in properties.items() if name in {key, escape(key)}]

    def _is_unordered(self, node: Node) -> bool:
        """Whether equality at a node depends on a list whose order does not count."""
        node = self._schema.resolve(node)
        known = self._unordered.get(id(node))
        if known is None:
            self._unordered[id(node)] = known = (node, False)
            answer = node.get("x-kubernetes-list-type") in {"map", "set"} or any(
                self._is_unordered(part) for part in _children(node)
            )
            self._unordered[id(node)] = known = (node, answer)
        return known[1]


def _children(node: Node) -> list[Node]:
    parts = [*node.get("properties", {}).values(), node.get("items")]
    parts.append(node.get("additionalProperties"))
    return [part for part in parts if isinstance(part, dict)]


def _parse_path(text: str) -> DataPath:
    """Read a path such as `.spec.ports` or `.metadata['a.b']`."""
    return tuple(match[1] or match[2] or match[3] or "" for match in _STEP.finditer(text))
