"""The zone has the TPU generation.

TPUs exist in a few zones, often in one letter of a region and not in the next. The node pool of a
zone without them is refused, after the cluster has been paid for.

Source: https://cloud.google.com/tpu/docs/regions-zones (2026)

Passes:

    zone: europe-west4-a

Fails:

    zone: us-central1-a
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from llmd_render.catalog import find_zone
from llmd_render.diagnostics import Severity, Violation

from .rule import ProfileRule
from .subjects.facts import listed, zones_with

if TYPE_CHECKING:
    from collections.abc import Iterator

    from llmd_render.catalog import Catalog
    from llmd_render.profile import Profile


def _check(profile: Profile, catalog: Catalog) -> Iterator[Violation]:
    row = find_zone(catalog, profile.tpu.type, profile.zone)
    if row is None or row.listed is not False:
        return
    yield Violation(
        ("zone",),
        f"the zone {profile.zone} has no TPU {profile.tpu.type} on GKE",
        f"use {listed(zones_with(catalog, profile.tpu.type, profile.zone))}",
    )


RULE = ProfileRule("tpu-zone-without-accelerator", Severity.ERROR, _check)
