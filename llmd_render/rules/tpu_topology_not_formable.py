"""A machine type of the TPU generation forms the topology.

A slice is built from whole machines, so only some shapes exist. GKE refuses a node pool of another
shape, and a pod that selects one waits for ever.

Source: https://github.com/AI-Hypercomputer/xpk (2026-06-25)

Passes:

    tpu: {type: v6e, topology: 1x1}

Fails:

    tpu: {type: v6e, topology: 3x3}
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from llmd_render.catalog import machine_types_forming, topologies_of
from llmd_render.diagnostics import Severity, Violation

from .rule import ProfileRule
from .subjects.facts import listed, slices_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from llmd_render.catalog import Catalog, MachineType, Topology
    from llmd_render.profile import Profile


def _check(profile: Profile, catalog: Catalog) -> Iterator[Violation]:
    tpu = profile.tpu
    named = catalog.machine_types.get(tpu.machine_type) if tpu.machine_type else None
    if tpu.machine_type and (named is None or named.accelerator != tpu.type):
        return  # tpu-machine-type-unknown
    forming = machine_types_forming(catalog, tpu.type, tpu.topology)
    if not forming:
        yield _no_machine(tpu.type, tpu.topology, catalog)
    elif named and named not in forming:
        yield _not_this_machine(named, tpu.topology, forming, catalog)


def _no_machine(accelerator: str, topology: str, catalog: Catalog) -> Violation:
    wanted = catalog.accelerators[accelerator].dimensions
    found = topology.count("x") + 1
    known = slices_of(catalog, accelerator, single_host=False)
    why = f"no machine type of {accelerator} forms the topology {topology}"
    if found != wanted:
        why = f"the topology {topology} has {found} dimensions and {accelerator} has {wanted}"
    shapes = listed(dict.fromkeys(row.topology for row in known), "and")
    return Violation(
        ("tpu", "topology"),
        f"{why}; there are {shapes}",
        f"use {_nearest(topology, known)}",
    )


def _nearest(topology: str, known: list[Topology]) -> str:
    """Name the same slice written otherwise, else the one-host slice nearest in size."""
    shape = tuple(int(size) for size in topology.split("x"))
    for row in known:
        if _essence(row.shape) == _essence(shape):
            return row.topology
    single = [row for row in known if not row.multi_host]
    row = min(single, key=lambda row: abs(row.chips - math.prod(shape)))
    return f"{row.topology} on {row.machine_type}, the nearest slice of one host"


def _essence(shape: tuple[int, ...]) -> list[int]:
    return sorted(size for size in shape if size > 1)


def _not_this_machine(
    named: MachineType, topology: str, forming: tuple[MachineType, ...], catalog: Catalog
) -> Violation:
    own = [row.topology for row in topologies_of(catalog, named.name)]
    can = f"forms {listed(own, 'and')}" if own else "forms no topology that the tool knows"
    return Violation(
        ("tpu", "machineType"),
        f"the machine type {named.name} {can}, and tpu.topology is {topology}",
        f"set tpu.machineType to {listed(item.name for item in forming)}",
    )


RULE = ProfileRule("tpu-topology-not-formable", Severity.ERROR, _check, acknowledgeable=False)
