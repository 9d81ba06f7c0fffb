"""Rules that read a field which is not there: one fault, said once and in words."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from llmd_render.diagnostics import DataPath, Violation
    from llmd_render.validate.store import Schema

    Node = dict[str, Any]

_MISSING = re.compile(r"no such key: (\w+) evaluating rule: ")


def gather_missing(violations: Iterable[Violation], schema: Schema) -> Iterator[Violation]:
    """Replace what all rules of a place say for want of a field by one violation about it.

    The server says each of them; whoever writes the field is rid of all.
    """
    found = list(violations)
    missing = {(item.path, match[1]) for item in found if (match := _MISSING.match(item.message))}
    told: set[tuple[DataPath, str]] = set()
    for item in found:
        keys = {key for path, key in missing if path == item.path and f".{key}" in item.hint}
        if not keys:
            yield item
        for key in sorted(keys):
            if (item.path, key) not in told:
                told.add((item.path, key))
                yield _explain(item, key, schema)


def _explain(violation: Violation, key: str, schema: Schema) -> Violation:
    allowed = _node_at(schema, (*violation.path, key)).get("enum") or []
    *others, last = map(str, allowed) if allowed else [""]
    values = f"{', '.join(others)} or {last}" if others else last
    return replace(
        violation,
        message=f"{key} is not given, and this rule relies on it: "
        f"{_MISSING.sub('', violation.message)} (no such key: {key})",
        hint=f"write {key}: {values}" if values else f"write {key}, or what else the rule asks for",
    )


def _node_at(schema: Schema, path: DataPath) -> Node:
    node = schema.resolve(schema.root)
    for step in path:
        named = node.get("properties", {}).get(step)
        part = node.get("items") if isinstance(step, int) else named
        part = part or node.get("additionalProperties")
        node = schema.resolve(part) if isinstance(part, dict) else {}
    return node
