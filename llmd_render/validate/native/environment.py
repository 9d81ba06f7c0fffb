"""Environment variables of a container (core ValidateEnv, ValidateEnvFrom)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from llmd_render.diagnostics import DataPath, Severity, Violation
from llmd_render.validate.words import listed, name_of, show

from .findings import Mapping, entries, is_set, mapping, named, refuse_choice, require, text
from .names import check_subdomain, is_data_key, is_env_name

if TYPE_CHECKING:
    from collections.abc import Iterator

_FIELDS = frozenset(
    {
        *("metadata.name", "metadata.namespace", "metadata.uid", "spec.nodeName"),
        *("spec.serviceAccountName", "status.hostIP", "status.hostIPs"),
        *("status.podIP", "status.podIPs"),
    }
)
# Old clients write the first, and some servers take the second; nobody should start with them.
_TOLERATED = frozenset({"spec.host", "spec.terminationGracePeriodSeconds"})
_SUBSCRIPTED = ("metadata.labels['", "metadata.annotations['")
_RESOURCES = frozenset(
    f"{part}.{name}"
    for part in ("limits", "requests")
    for name in ("cpu", "memory", "ephemeral-storage")
)
_HUGE = ("limits.hugepages-", "requests.hugepages-")
_KEYED = ("configMapKeyRef", "secretKeyRef")
_CODE = "native-env-source-conflict"


def check_environment(container: Mapping, path: DataPath, *, complete: bool) -> Iterator[Violation]:
    """Find what the server refuses, or warns about, of a container's variables."""
    seen: set[str] = set()
    for item, place in entries(container, "env", path):
        name = item.get("name")
        if complete or name == "":
            yield from require(item, "name", place)
        if isinstance(name, str) and name:
            if not is_env_name(name):
                message = f"name is {show(name)}; it must be printable ASCII without '='"
                yield Violation((*place, "name"), message, code="native-env-name-invalid")
            if name in seen:
                message = f"{name} is set more than once; the last one counts"
                yield Violation(
                    (*place, "name"),
                    message,
                    code="native-env-name-duplicate",
                    severity=Severity.WARNING,
                )
            seen.add(name)
        if is_set(item, "valueFrom"):
            yield from _check_value_from(item, place, complete=complete)
    for item, place in entries(container, "envFrom", path):
        sources = [key for key in ("configMapRef", "secretRef") if is_set(item, key)]
        if len(sources) != 1:
            have = f"{name_of(place, 'it')} has {_how_many(sources)}"
            message = f"{have}; it must have one of configMapRef, secretRef"
            yield Violation(place, message, code=_CODE)
        for key in sources:
            yield from require(mapping(item[key]), "name", (*place, key))


def _check_value_from(item: Mapping, path: DataPath, *, complete: bool) -> Iterator[Violation]:
    origin = mapping(item.get("valueFrom"))
    place = (*path, "valueFrom")
    sources = [key for key, source in named(origin) if source is not None]
    if text(item, "value") and sources:
        message = "valueFrom stands beside value; a variable has one of them"
        yield Violation(place, message, code=_CODE, key=True)
    elif len(sources) > 1 or (complete and not sources):
        message = f"valueFrom has {_how_many(sources)}; it must have exactly one"
        yield Violation(place, message, code=_CODE, key=True)
    for key in _KEYED:
        if key in sources:
            yield from _check_key_ref(mapping(origin[key]), (*place, key), complete=complete)
    if complete and "fieldRef" in sources:
        yield from require(mapping(origin["fieldRef"]), "fieldPath", (*place, "fieldRef"))
    field = text(mapping(origin.get("fieldRef")), "fieldPath")
    known = _FIELDS | _TOLERATED
    if field and field not in known and not field.startswith(_SUBSCRIPTED):
        yield refuse_choice(field, _FIELDS, (*place, "fieldRef", "fieldPath"))
    resource = text(mapping(origin.get("resourceFieldRef")), "resource")
    if resource and resource not in _RESOURCES and not resource.startswith(_HUGE):
        yield refuse_choice(resource, _RESOURCES, (*place, "resourceFieldRef", "resource"))


def _check_key_ref(ref: Mapping, path: DataPath, *, complete: bool) -> Iterator[Violation]:
    name, key = ref.get("name"), ref.get("key")
    if complete:
        yield from require(ref, "name", path)
        yield from require(ref, "key", path)
    if isinstance(name, str) and name:
        yield from check_subdomain(name, (*path, "name"))
    if isinstance(key, str) and key and not is_data_key(key):
        message = f"key is {show(key)}; no ConfigMap or Secret can have that key"
        yield Violation((*path, "key"), message, code="native-data-key-invalid")


def _how_many(sources: list[str]) -> str:
    return f"{len(sources)} sources ({listed(sources)})" if sources else "no source"
