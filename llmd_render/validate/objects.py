"""One manifest as the API server takes it in: find its schema, default, check."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from llmd_render.diagnostics import Violation

from .defaults import apply_defaults
from .metadata import check_metadata
from .structure import check_structure
from .words import show_with_type

if TYPE_CHECKING:
    from collections.abc import Iterator

    from .store import SchemaStore


def check_object(data: Any, store: SchemaStore) -> Iterator[Violation]:
    """Find everything that is wrong with one manifest, short of its CEL rules."""
    if not isinstance(data, dict):
        message = f"the manifest is {show_with_type(data)}; it must be a mapping"
        yield Violation((), message, code="manifest-without-kind")
        return
    missing = False
    for field in ("apiVersion", "kind"):
        value = data.get(field)
        if isinstance(value, str) and value:
            continue
        missing = True
        path = (field,) if field in data else ()
        yield Violation(path, _what_is_wrong(field, data), code="manifest-without-kind")
    if missing:
        return
    api_version, kind = data["apiVersion"], data["kind"]
    schema = store.find(api_version, kind)
    if schema is None:
        near = store.suggest_kind(api_version, kind)
        meant = f"did you mean {near}? Otherwise " if near else ""
        yield Violation(
            ("kind",),
            f"{api_version} {kind} is a kind without a schema, so nothing of it can be checked",
            hint=f"{meant}`llmd-render list schemas` shows what can be checked",
            code="schema-missing-for-kind",
        )
        return
    yield from check_structure(apply_defaults(data, schema), schema)
    yield from check_metadata(data, schema)


def _what_is_wrong(field: str, data: dict[str, Any]) -> str:
    if field not in data:
        return f"{field} is missing"
    wanted = "name a kind" if field == "kind" else "name a group and version"
    if not isinstance(data[field], str):
        wanted = "be a string"
    return f"{field} is {show_with_type(data[field])}; it must {wanted}"
