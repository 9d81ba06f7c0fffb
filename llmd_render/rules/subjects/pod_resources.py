"""CPU and memory that Pods ask for; shared by the rules about them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from llmd_render.lookup import value_at
from llmd_render.quantities import parse_quantity

from .objects import items_at

if TYPE_CHECKING:
    from collections.abc import Iterator

    from llmd_render.diagnostics import DataPath


def requests_of(spec: dict[str, Any], resource: str) -> Iterator[tuple[DataPath, int]]:
    """List where the containers of a Pod ask for a resource, and for how many billionths of it.

    A limit without a request is one: Kubernetes fills it in. What cannot be read counts as 0.
    """
    for place, container in items_at(spec, "containers"):
        for field in ("requests", "limits"):
            path: DataPath = ("resources", field, resource)
            value = value_at(container, *path)
            if value is not None:
                yield (*place, *path), parse_quantity(value) or 0
                break
