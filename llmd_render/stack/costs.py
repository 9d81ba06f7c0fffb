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
    rows = [
        _row(
            "TPU nodes",
            f"{replicas} × {tpu.machine_type} ({tpu.total_chips} chips), {tpu_basis}",
            tpu_hour,
        ),
        _row(
            "CPU nodes",
            f"{cluster.cpu_pool.min_nodes} × {cluster.cpu_pool.machine_type}, {cpu_basis}",
            cpu_hour,
        ),
        _row("Load balancer", "one forwarding rule, before traffic", rule.usd),
        _row("GKE management", "one cluster; a free tier may cover it", fee.usd),
    ]
    hours = [tpu_hour, cpu_hour, rule.usd, fee.usd]
    for name, hour, key in (
        ("TPU", tpu_hour, "prices.tpuChipHour"),
        ("CPU node", cpu_hour, "prices.cpuNodeHour"),
    ):
        if hour is None:
            notes.append(f"No {name} price is known for {cluster.region}: set {key}.")
    notes.append("Traffic, disks and taxes are not counted.")
    known = [hour for hour in hours if hour is not None]
    idle = [hour for hour in hours[1:] if hour is not None]
    return Costs(
        least="at least" if None in hours else "about",
        rows=tuple(rows),
        running=_row("Running", "", sum(known)),
        idle=_row("Scaled to zero", "TPU pool empty", sum(idle)),
        notes=tuple(notes),
    )


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
    nodes = cluster.cpu_pool.min_nodes
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
