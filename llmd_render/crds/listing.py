"""Which schema serves each kind, and where it is from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from llmd_render.bounds import DEEPEST

if TYPE_CHECKING:
    from collections.abc import Iterator

    from llmd_render.validate import Schema, SchemaStore

_CORE = "core#/"
_PARTS = ("items", "not", "additionalProperties")
_LISTS = ("allOf", "anyOf", "oneOf")


@dataclass(frozen=True, slots=True)
class SchemaRow:
    """What judges the manifests of one kind."""

    api_version: str
    kind: str
    scope: str
    origin: str
    releases: tuple[str, ...]
    dates: tuple[str, ...]
    partial: bool
    rules: int
    """How many CEL rules it has, each counted at each of its places."""


def describe_schemas(store: SchemaStore) -> tuple[SchemaRow, ...]:
    """Say of each kind that is not of Kubernetes itself which schema of the store serves it."""
    return tuple(
        SchemaRow(
            api_version=schema.api_version,
            kind=schema.kind,
            scope=schema.scope,
            origin=schema.origin,
            releases=tuple(release.name for release in schema.releases),
            dates=tuple(release.date for release in schema.releases if release.date),
            partial=schema.partial,
            rules=_count_rules(schema),
        )
        for schema in store.known_kinds()
    )


def _count_rules(schema: Schema) -> int:
    count = 0
    waiting: list[tuple[Any, int]] = [(schema.root, 0)]
    while waiting:
        node, depth = waiting.pop()
        # Kubernetes' own schemas have no rules, and a schema that contains itself has no end.
        if str(node.get("$ref", "")).startswith(_CORE) or depth > DEEPEST:
            continue
        node = schema.resolve(node)
        count += len(node.get("x-kubernetes-validations", ()))
        waiting.extend((part, depth + 1) for part in _parts(node))
    return count


def _parts(node: dict[str, Any]) -> Iterator[dict[str, Any]]:
    found = [*node.get("properties", {}).values(), *(node.get(key) for key in _PARTS)]
    for key in _LISTS:
        found += node.get(key, ())
    return (part for part in found if isinstance(part, dict))
