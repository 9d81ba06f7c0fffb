"""Requests and limits of a container (core ValidateResourceRequirements)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from llmd_render.diagnostics import DataPath, Violation
from llmd_render.quantities import ONE, parse_quantity
from llmd_render.validate.words import listed, show

from .findings import Mapping, mapping, named
from .names import is_qualified_name
from .quantities import check_quantity

if TYPE_CHECKING:
    from collections.abc import Iterator

_STANDARD = ("cpu", "memory", "ephemeral-storage")
_HUGE = "hugepages-"


def check_resources(value: Any, path: DataPath, *, complete: bool) -> Iterator[Violation]:
    """Find what the server refuses of requests and limits."""
    resources = mapping(value)
    for part in ("limits", "requests"):
        for name, quantity in named(resources.get(part)):
            yield from _check_amount(name, quantity, (*path, part, name))
    limits = mapping(resources.get("limits"))
    for name, quantity in named(resources.get("requests")):
        place = (*path, "requests", name)
        yield from _check_limit(name, quantity, limits, place, complete=complete)


def is_extended(name: str) -> bool:
    """Whether a resource is a device, with a domain that is not Kubernetes' own."""
    return "/" in name and "kubernetes.io/" not in name


def _check_amount(name: str, quantity: Any, path: DataPath) -> Iterator[Violation]:
    if "/" not in name and name not in _STANDARD and not name.startswith(_HUGE):
        message = f"{name} is no resource that containers have; devices have a domain in front"
        hint = (
            f"known here: {listed(_STANDARD)}, hugepages-SIZE, and devices such as google.com/tpu"
        )
        yield Violation(path, message, hint, "native-resource-name-unknown", key=True)
    elif is_extended(name) and (not is_qualified_name(name) or name.startswith("requests.")):
        message = f"{show(name)} is a device's name; it must be a domain, '/' and a name"
        yield Violation(path, message, code="native-resource-name-unknown", key=True)
    yield from check_quantity(quantity, path)
    size = parse_quantity(quantity)
    if size is not None and is_extended(name) and size % ONE:
        message = f"{name} is {show(quantity)}; devices are counted in whole numbers"
        yield Violation(path, message, code="native-resource-not-whole")


def _check_limit(
    name: str, quantity: Any, limits: Mapping, path: DataPath, *, complete: bool
) -> Iterator[Violation]:
    exact = is_extended(name) or name.startswith(_HUGE)
    size, limit = parse_quantity(quantity), parse_quantity(limits.get(name))
    if size is None:
        return
    if limits.get(name) is None:
        if exact and complete:
            message = f"{name} is requested without a limit; it needs a limit, which is the same"
            yield Violation(path, message, code="native-resource-limit-differs")
    elif limit is None:
        return
    elif size > limit:
        message = f"{name} is {show(quantity)}; it may not exceed its limit, {show(limits[name])}"
        yield Violation(path, message, code="native-request-above-limit")
    elif size < limit and exact:
        message = f"{name} is {show(quantity)}; it must equal its limit, {show(limits[name])}"
        yield Violation(path, message, code="native-resource-limit-differs")
