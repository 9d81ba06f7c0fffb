"""A reservation is named only where it is used.

Capacity of another kind comes at another price and on other terms, while a reservation is paid for
whether it is used or not. One of the two settings is a mistake.

Source: https://cloud.google.com/kubernetes-engine/docs/how-to/consuming-reservations (2026)

Passes:

    cluster: {capacity: {kind: spot}}

Fails:

    cluster: {capacity: {kind: spot, reservation: tpu-reservation}}
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from llmd_render.diagnostics import Severity, Violation

from .rule import ProfileRule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from llmd_render.catalog import Catalog
    from llmd_render.profile import Profile


def _check(profile: Profile, _catalog: Catalog) -> Iterator[Violation]:
    capacity = profile.cluster.capacity
    if capacity.reservation is not None and capacity.kind != "reservation":
        yield Violation(
            ("cluster", "capacity", "reservation"),
            f"the reservation {capacity.reservation} is named, and cluster.capacity.kind is "
            f"{capacity.kind}, which does not use it",
            "set cluster.capacity.kind to reservation, or remove cluster.capacity.reservation",
        )


RULE = ProfileRule("capacity-reservation-unused", Severity.ERROR, _check)
