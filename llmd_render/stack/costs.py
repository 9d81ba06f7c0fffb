"""What a deployment costs: one calculator for runbook, scripts and console.

Months have 30 days. Prices are list prices of the catalog unless the profile names its own.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from llmd_render.catalog import cpu_price, tpu_price

if TYPE_CHECKING:
    from llmd_render.catalog import Catalog, PriceKind
    from llmd_render.profile import Profile

    from .cluster import Cluster, TpuPool

_HOURS_A_DAY = 24
_DAYS_A_MONTH = 30
_KINDS: dict[str, PriceKind] = {
    "on-demand": "on-demand",
    "reservation": "on-demand",
    "spot": "spot",
    "flex-start": "flex-start",
}


@dataclass(frozen=True, slots=True)
class CostRow:
    """One line of the cost table, in US dollars, as text with two decimals."""

    item: str
    basis: str
    per_hour: str
    per_day: str
    per_month: str


@dataclass(frozen=True, slots=True)
class Costs:
    """What the deployment costs running and scaled to zero; months have 30 days.

    `least` is the word before the sums: about, or at least when a price is unknown.
    """

    least: str

    rows: tuple[CostRow, ...]
    running: CostRow
    idle: CostRow
    notes: tuple[str, ...]


def estimate_costs(profile: Profile, catalog: Catalog, tpu: TpuPool, cluster: Cluster) -> Costs:
    """Estimate what the deployment costs running, and with the TPU pool scaled to zero."""
    notes: list[str] = []
    tpu_hour, tpu_basis = _price_tpu(profile, catalog, tpu, cluster)
    cpu_hour, cpu_basis = _price_cpu(profile, catalog, cluster)
    rule = catalog.prices.fees["forwarding-rule"]
    fee = catalog.prices.fees["gke-cluster-fee"]
    replicas = profile.service.replicas
    tpu_basis = f"{replicas} × {tpu.machine_type} ({tpu.total_chips} chips), {tpu_basis}"
    cpu_basis = f"{cluster.cpu_pool.total_nodes} × {cluster.cpu_pool.machine_type}, {cpu_basis}"
    items = [
        ("TPU nodes", tpu_basis, tpu_hour),
        ("CPU nodes", cpu_basis, cpu_hour),
        ("Load balancer", "one forwarding rule, before traffic", rule.usd),
        ("GKE management", _describe_fee(cluster), fee.usd),
    ]
    if cluster.existing:
        items = [item for item in items if item[0] in {"TPU nodes", "Load balancer"}]
        notes.append("The existing cluster and its CPU nodes are not counted.")
    for name, item, key in (
        ("TPU", "TPU nodes", "prices.tpuChipHour"),
        ("CPU node", "CPU nodes", "prices.cpuNodeHour"),
    ):
        if any(row[0] == item and row[2] is None for row in items):
            notes.append(f"No {name} price is known for {cluster.region}: set {key}.")
    notes.append("Traffic, disks and taxes are not counted.")
    hours = [hour for _, _, hour in items]
    return Costs(
        least="at least" if None in hours else "about",
        rows=tuple(_row(*item) for item in items),
        running=_row("Running", "", sum(hour for hour in hours if hour is not None)),
        idle=_row("Scaled to zero", "TPU pool empty", sum(filter(None, hours[1:]))),
        notes=tuple(notes),
    )


def _describe_fee(cluster: Cluster) -> str:
    if cluster.regional:
        return "one regional cluster, which the free tier does not cover"
    return "one cluster; a free tier may cover it"


def _price_tpu(
    profile: Profile, catalog: Catalog, tpu: TpuPool, cluster: Cluster
) -> tuple[float | None, str]:
    own = profile.prices.tpu_chip_hour
    if own is not None:
        basis = profile.prices.basis or "price of the profile"
        return own * tpu.total_chips, f"${own:g} a chip-hour ({basis})"
    row = tpu_price(catalog, tpu.type, cluster.region, _KINDS[tpu.capacity])
    if row is None or row.usd_per_chip_hour is None:
        return None, "price unknown"
    basis = f"{row.kind} list price, {row.as_of}"
    usd = row.usd_per_chip_hour
    return usd * tpu.total_chips, f"${usd:g} a chip-hour ({basis})"


def _price_cpu(profile: Profile, catalog: Catalog, cluster: Cluster) -> tuple[float | None, str]:
    own = profile.prices.cpu_node_hour
    nodes = cluster.cpu_pool.total_nodes
    if own is not None:
        basis = profile.prices.basis or "price of the profile"
        return own * nodes, f"${own:g} a node-hour ({basis})"
    row = cpu_price(catalog, cluster.cpu_pool.machine_type, cluster.region)
    if row is None:
        return None, "price unknown"
    return row.usd_per_hour * nodes, f"${row.usd_per_hour:g} a node-hour (list, {row.as_of})"


def _row(item: str, basis: str, hour: float | None) -> CostRow:
    if hour is None:
        return CostRow(item, basis, "?", "?", "?")
    day = hour * _HOURS_A_DAY
    return CostRow(item, basis, f"{hour:,.2f}", f"{day:,.2f}", f"{day * _DAYS_A_MONTH:,.2f}")
