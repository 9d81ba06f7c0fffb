"""The machine type is named where several could form the topology.

The same chips can sit in one large machine or in several smaller ones. That decides the node pool,
the price and whether one pod can use all of them, so it is not guessed.

Source: https://github.com/AI-Hypercomputer/xpk (2026-06-25)

Passes:

    tpu: {topology: 2x4, machineType: ct6e-standard-8t}

Fails:

    tpu: {topology: 2x4}
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from llmd_render.catalog import find_topology, machine_types_forming
from llmd_render.diagnostics import Severity, Violation

from .rule import ProfileRule
from .subjects.facts import listed

if TYPE_CHECKING:
    from collections.abc import Iterator

    from llmd_render.catalog import Catalog, MachineType
    from llmd_render.profile import Profile


def _check(profile: Profile, catalog: Catalog) -> Iterator[Violation]:
    tpu = profile.tpu
    forming = machine_types_forming(catalog, tpu.type, tpu.topology)
    if tpu.machine_type or len(forming) < 2:  # noqa: PLR2004 - one is no choice
        return

    def describe(machine: MachineType) -> str:
        row = find_topology(catalog, machine.name, tpu.topology)
        hosts = row.hosts if row else 1
        return f"{machine.name} ({hosts} host{'s' if hosts > 1 else ''})"

    choices = listed((describe(item) for item in forming), "and")
    yield Violation(
        ("tpu", "topology"),
        f"the topology {tpu.topology} is formed by {choices}, and tpu.machineType names neither",
        f"set tpu.machineType to {forming[0].name}",
    )


RULE = ProfileRule("tpu-machine-type-ambiguous", Severity.ERROR, _check, acknowledgeable=False)
