"""The machine type is one of GKE's for the TPU generation.

The machine type decides how many chips a node has and which topologies it forms; of a type that the
catalog does not know, or of another generation, no manifest can be rendered.

Source: https://github.com/Cyclenerd/google-cloud-pricing-cost-calculator (2026-08-20)

Passes:

    tpu: {machineType: ct6e-standard-4t}

Fails:

    tpu: {machineType: ct6e-standard-16t}
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from llmd_render.catalog import machine_types_forming, topologies_of
from llmd_render.diagnostics import Severity, Violation, did_you_mean

from .rule import ProfileRule
from .subjects.facts import listed

if TYPE_CHECKING:
    from collections.abc import Iterator

    from llmd_render.catalog import Catalog
    from llmd_render.profile import Profile


def _check(profile: Profile, catalog: Catalog) -> Iterator[Violation]:
    tpu = profile.tpu
    name = tpu.machine_type
    if name is None:
        return
    known = catalog.machine_types.get(name)
    if known is not None and known.accelerator == tpu.type:
        return
    if known is not None:
        message = (
            f"the machine type {name} has {known.accelerator} chips, and tpu.type is {tpu.type}"
        )
    elif any(item.matches(name) for item in catalog.machine_types_not_on_gke):
        message = f"GKE has no machine type {name}, though write-ups mention it"
    elif any(item.matches(name) for item in catalog.machine_types_unverified):
        message = f"no source confirms that GKE has the machine type {name}"
    else:
        message = f"the tool does not know the machine type {name}"
    yield Violation(("tpu", "machineType"), message, _hint(profile, catalog))


def _hint(profile: Profile, catalog: Catalog) -> str:
    tpu = profile.tpu
    usable = [
        item.name
        for item in catalog.machine_types.values()
        if item.accelerator == tpu.type and topologies_of(catalog, item.name)
    ]
    forming = [item.name for item in machine_types_forming(catalog, tpu.type, tpu.topology)]
    if forming:
        return f"use {listed(forming)} for the topology {tpu.topology}"
    return did_you_mean(tpu.machine_type or "", usable, f"use {listed(usable)}")


RULE = ProfileRule("tpu-machine-type-unknown", Severity.ERROR, _check, acknowledgeable=False)
