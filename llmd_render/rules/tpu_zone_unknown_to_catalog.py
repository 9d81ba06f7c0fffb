"""The catalog knows that the zone has the TPU generation.

TPUs exist in a few zones, often in one letter of a region and not in the next. About this zone no
source says anything.

Source: https://cloud.google.com/tpu/docs/regions-zones (2026)

Passes:

    zone: us-east5-a

Fails:

    zone: us-central1-c
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
    if row is not None and row.listed is not None:
        return
    yield Violation(
        ("zone",),
        f"no source says whether the zone {profile.zone} has TPU {profile.tpu.type} on GKE",
        f"use {listed(zones_with(catalog, profile.tpu.type, profile.zone))}",
    )


RULE = ProfileRule("tpu-zone-unknown-to-catalog", Severity.WARNING, _check)
