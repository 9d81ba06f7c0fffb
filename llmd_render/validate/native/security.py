"""Security contexts of Pods and containers (core ValidateSecurityContext)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from llmd_render.diagnostics import DataPath, Violation
from llmd_render.validate.words import name_of, show

from .findings import Mapping, check_choice, integer, mapping, require, sequence, text

if TYPE_CHECKING:
    from collections.abc import Iterator

_GREATEST_ID = 2**31 - 1
_PROFILES = ("RuntimeDefault", "Unconfined", "Localhost")
_CONFLICT = "native-security-context-conflict"


def check_pod_security(value: Any, path: DataPath, *, complete: bool) -> Iterator[Violation]:
    """Find what the server refuses of a Pod's security context."""
    context = mapping(value)
    for key in ("runAsUser", "runAsGroup", "fsGroup"):
        yield from _check_id(context.get(key), (*path, key))
    for index, item in enumerate(sequence(context.get("supplementalGroups"))):
        yield from _check_id(item, (*path, "supplementalGroups", index))
    changes = ("OnRootMismatch", "Always")
    yield from check_choice(context, "fsGroupChangePolicy", changes, path)
    yield from _check_profiles(context, path, complete=complete)


def check_container_security(value: Any, path: DataPath, *, complete: bool) -> Iterator[Violation]:
    """Find what the server refuses of a container's security context."""
    context = mapping(value)
    for key in ("runAsUser", "runAsGroup"):
        yield from _check_id(context.get(key), (*path, key))
    yield from check_choice(context, "procMount", ("Default", "Unmasked"), path)
    if context.get("allowPrivilegeEscalation") is False:
        place = (*path, "allowPrivilegeEscalation")
        added = sequence(mapping(context.get("capabilities")).get("add"))
        if context.get("privileged") is True:
            message = "allowPrivilegeEscalation is false; a privileged container has it"
            yield Violation(place, message, code=_CONFLICT)
        elif "CAP_SYS_ADMIN" in added:
            message = "allowPrivilegeEscalation is false; the capability CAP_SYS_ADMIN implies it"
            yield Violation(place, message, code=_CONFLICT)
    yield from _check_profiles(context, path, complete=complete)


def _check_id(value: Any, path: DataPath) -> Iterator[Violation]:
    number = integer(value)
    if number is not None and not 0 <= number <= _GREATEST_ID:
        message = f"{name_of(path, 'it')} is {show(number)}; it must be from 0 to {_GREATEST_ID}"
        yield Violation(path, message, code="native-user-id-out-of-range")


def _check_profiles(context: Mapping, path: DataPath, *, complete: bool) -> Iterator[Violation]:
    for key in ("seccompProfile", "appArmorProfile"):
        profile = context.get(key)
        if not isinstance(profile, dict):
            continue
        place = (*path, key)
        if complete:
            yield from require(profile, "type", place)
        yield from check_choice(profile, "type", _PROFILES, place)
        local = text(profile, "localhostProfile")
        if complete and text(profile, "type") == "Localhost" and not local:
            yield from require(profile, "localhostProfile", place)
        elif local and text(profile, "type") in {"RuntimeDefault", "Unconfined"}:
            message = f"localhostProfile is {show(local)}; it needs type: Localhost"
            yield Violation((*place, "localhostProfile"), message, code=_CONFLICT, key=True)
