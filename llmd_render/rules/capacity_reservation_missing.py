"""Capacity from a reservation names the reservation.

Several reservations can exist in one zone. GKE takes nodes from one only when told which.

Source: https://cloud.google.com/kubernetes-engine/docs/how-to/consuming-reservations (2026)

Passes:

    cluster: {capacity: {kind: reservation, reservation: tpu-reservation}}

Fails:

    cluster: {capacity: {kind: reservation}}
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
    if capacity.kind == "reservation" and capacity.reservation is None:
        yield Violation(
            ("cluster", "capacity"),
            "cluster.capacity.kind is reservation, and no reservation is named",
            "set cluster.capacity.reservation to its name",
        )


RULE = ProfileRule("capacity-reservation-missing", Severity.ERROR, _check, acknowledgeable=False)
