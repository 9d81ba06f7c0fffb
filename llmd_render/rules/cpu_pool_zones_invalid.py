"""The zones of the CPU pool are of the cluster's region, and the cluster is regional.

The nodes of a regional cluster can be in any zones of its region and in no others. Of a zonal
cluster the scripts put all nodes into its one zone.

Source: https://cloud.google.com/kubernetes-engine/docs/concepts/regional-clusters (2026)

Passes:

    cluster: {location: regional, cpuPool: {zones: [europe-west4-a, europe-west4-b]}}

Fails:

    cluster: {location: regional, cpuPool: {zones: [us-east5-a]}}
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from llmd_render.catalog import region_of
from llmd_render.diagnostics import Severity, Violation

from .rule import ProfileRule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from llmd_render.catalog import Catalog
    from llmd_render.profile import Profile


def _check(profile: Profile, _catalog: Catalog) -> Iterator[Violation]:
    zones = profile.cluster.cpu_pool.zones
    if zones and profile.cluster.location != "regional":
        yield Violation(
            ("cluster", "cpuPool", "zones"),
            "cluster.cpuPool.zones is given, and the cluster is zonal: all its nodes are in "
            f"{profile.zone}",
            "set cluster.location to regional, or remove cluster.cpuPool.zones",
        )
        return
    region = region_of(profile.zone)
    for index, zone in enumerate(zones):
        if region_of(zone) != region:
            yield Violation(
                ("cluster", "cpuPool", "zones", index),
                f"the zone {zone} is not in {region}, the region of the cluster",
                f"name zones of {region} only",
            )


RULE = ProfileRule("cpu-pool-zones-invalid", Severity.ERROR, _check, acknowledgeable=False)
