"""Questions that rules and resolution put to the catalog."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from llmd_render.versions import parse_gke_version

if TYPE_CHECKING:
    from .catalog import Catalog
    from .prices import CpuPrice, PriceKind, TpuPrice
    from .tpus import MachineType, Topology, Zone

_DATE = re.compile(r"\d{4}(-\d\d){0,2}")


def topologies_of(catalog: Catalog, machine_type: str) -> tuple[Topology, ...]:
    """Return the slices machines of this type can form, smallest first."""
    return tuple(row for row in catalog.topologies if row.machine_type == machine_type)


def find_topology(catalog: Catalog, machine_type: str, topology: str) -> Topology | None:
    """Return the slice of this shape made of this machine type, if the catalog knows it."""
    for row in catalog.topologies:
        if (row.machine_type, row.topology) == (machine_type, topology):
            return row
    return None


def machine_types_forming(
    catalog: Catalog, accelerator: str, topology: str
) -> tuple[MachineType, ...]:
    """Return the machine types that form this slice of this accelerator, fewest hosts first."""
    slices = [
        row
        for row in catalog.topologies
        if (row.accelerator, row.topology) == (accelerator, topology)
    ]
    slices.sort(key=lambda row: row.hosts)
    return tuple(catalog.machine_types[row.machine_type] for row in slices)


def find_zone(catalog: Catalog, accelerator: str, zone: str) -> Zone | None:
    """Return what is known of an accelerator in a zone; None when the catalog is silent."""
    for row in catalog.zones:
        if (row.accelerator, row.zone) == (accelerator, zone):
            return row
    return None


def gateway_api_bundle(catalog: Catalog, gke_version: str) -> str | None:
    """Return the Gateway API bundle a GKE version surely has; None for versions too old.

    Where sources disagree on a bundle's first version, the later one counts.
    """
    running = parse_gke_version(gke_version)
    first: dict[str, tuple[int, ...]] = {}
    for row in catalog.gateway_api_bundles:
        first[row.bundle] = max(first.get(row.bundle, ()), parse_gke_version(row.minimum))
    installed = [bundle for bundle, minimum in first.items() if minimum <= running]
    return installed[-1] if installed else None


def tpu_price(catalog: Catalog, accelerator: str, region: str, kind: PriceKind) -> TpuPrice | None:
    """Return the newest known price of a chip-hour: of the region, else of all US regions."""
    priced = [
        row
        for row in catalog.prices.tpu
        if (row.accelerator, row.kind) == (accelerator, kind) and row.usd_per_chip_hour is not None
    ]
    for area in (region, region.partition("-")[0], "any"):
        rows = [row for row in priced if row.region == area]
        if rows:
            return max(rows, key=lambda row: _date(row.as_of))
    return None


def cpu_price(catalog: Catalog, machine_type: str, region: str) -> CpuPrice | None:
    """Return the price of a CPU node in a region, if the catalog knows it."""
    for row in catalog.prices.cpu:
        if (row.machine_type, row.region) == (machine_type, region):
            return row
    return None


def _date(as_of: str) -> str:
    """Find the last date in words such as `undated (2026)`, to compare as text."""
    dates = [match.group() for match in _DATE.finditer(as_of)]
    return max(dates, default="")
