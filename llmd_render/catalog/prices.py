"""List prices in USD without tax, each with the date it was read."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Literal

from pydantic import Field

from .row import Text, _Row

Usd = Annotated[float, Field(ge=0)]
"""An amount in US dollars."""

PriceKind = Literal["on-demand", "spot", "flex-start", "cud-1y", "cud-3y"]
"""How the capacity is bought; `cud`: with a commitment of so many years."""


class TpuPrice(_Row):
    """USD for one chip for one hour; region `us` is any US region, `any` any region."""

    accelerator: Text
    region: Text
    kind: PriceKind
    usd_per_chip_hour: Usd | None
    basis: Text | None = None
    """What the figure rests on, where that needs saying."""


class CpuPrice(_Row):
    """USD for one CPU node by the hour and by the month, with the discounts Google gives."""

    machine_type: Text
    region: Text
    usd_per_hour: Usd
    usd_per_month_sustained: Usd
    usd_per_month_cud_1y: Usd | None = None
    usd_per_month_cud_3y: Usd | None = None
    basis: Text


class Fee(_Row):
    """USD for what is neither TPU nor node; None when no price is known."""

    id: Text
    usd: Usd | None
    unit: Literal["hour", "cluster-hour", "gib", "none"]
    basis: Text


@dataclass(frozen=True, slots=True)
class Prices:
    """All prices of the catalog; fees are keyed by id."""

    tpu: tuple[TpuPrice, ...]
    cpu: tuple[CpuPrice, ...]
    fees: Mapping[str, Fee]
