"""The zone has had the TPUs whenever somebody is known to have asked for them.

GKE lists a zone with an accelerator even while none is free there. Node pools then fail with
GCE_STOCKOUT, after the cluster was made. Stock changes, so this is to know and nothing to mend.

Source: llm-d-xks-gke repository @7630140 (2026-02-13)

Passes:

    zone: europe-west4-a

Fails:

    zone: us-central1-b
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
    if row is None or not row.listed or row.sold_out is None:
        return
    others = [zone for zone in zones_with(catalog, row.accelerator, row.zone) if zone != row.zone]
    yield Violation(
        ("zone",),
        f"{row.zone} was out of stock of {row.accelerator} when somebody tried on {row.sold_out}",
        f"have another zone ready: {listed(others)}" if others else "reserve capacity",
    )


RULE = ProfileRule("tpu-zone-once-sold-out", Severity.INFO, _check)
