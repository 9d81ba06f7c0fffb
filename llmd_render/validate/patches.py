"""What kustomize lays over an object: a part of one, or operations on it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from llmd_render.diagnostics import DataPath, Violation

from .structure import check_structure
from .words import show_with_type

if TYPE_CHECKING:
    from collections.abc import Iterator

    from .store import SchemaStore

_OPERATIONS = {
    "add": ("value",),
    "copy": ("from",),
    "move": ("from",),
    "remove": (),
    "replace": ("value",),
    "test": ("value",),
}
# A part of an object lacks what the rest of it has.
_ONLY_OF_WHOLE_OBJECTS = {"schema-required-field", "schema-no-alternative"}


def check_patch(data: Any, store: SchemaStore) -> Iterator[Violation]:
    """Find what cannot be laid over any object; what the object makes of it is not judged here."""
    if isinstance(data, list):
        for index, item in enumerate(data):
            yield from _check_operation(item, (index,))
        return
    if not isinstance(data, dict):
        message = f"the patch is {show_with_type(data)}; it must be a mapping or a list"
        yield Violation((), message, code="patch-form-wrong")
        return
    api_version, kind = data.get("apiVersion"), data.get("kind")
    if not isinstance(api_version, str) or not isinstance(kind, str):
        # With a target beside it in the kustomization, a patch need not say what it is for.
        return
    schema = store.find(api_version, kind)
    if schema is None:
        return
    for violation in check_structure(_without_directives(data), schema):
        if violation.code not in _ONLY_OF_WHOLE_OBJECTS:
            yield violation


def _without_directives(value: Any) -> Any:
    """Leave out what speaks to kustomize: `$patch: delete`, and null, which removes a field."""
    if isinstance(value, dict):
        return {
            key: _without_directives(item)
            for key, item in value.items()
            if item is not None and not str(key).startswith("$")
        }
    if isinstance(value, list):
        return [_without_directives(item) for item in value]
    return value


def _check_operation(item: Any, path: DataPath) -> Iterator[Violation]:
    code = "patch-operation-wrong"
    if not isinstance(item, dict):
        yield Violation(
            path, f"the operation is {show_with_type(item)}; it must be a mapping", code=code
        )
        return
    operation = item.get("op")
    if not isinstance(operation, str) or operation not in _OPERATIONS:
        shown = show_with_type(operation) if "op" in item else "missing"
        message = f"op is {shown}; it must be one of {', '.join(_OPERATIONS)}"
        yield Violation((*path, "op") if "op" in item else path, message, code=code)
        return
    for field in ("path", *_OPERATIONS[operation]):
        if field not in item:
            yield Violation(path, f"the operation {operation} lacks {field}", code=code)
