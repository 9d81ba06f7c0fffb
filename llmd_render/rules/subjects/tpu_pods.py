"""Pods that run on TPUs, and the slices that they select; shared by the rules about them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from llmd_render.lookup import text_at, value_at

from .objects import items_at, once, pod_specs

if TYPE_CHECKING:
    from collections.abc import Iterator

    from llmd_render.catalog import Catalog, MachineType, Topology
    from llmd_render.diagnostics import DataPath
    from llmd_render.manifest import Manifest, Tree

RESOURCE = "google.com/tpu"
ACCELERATOR = "cloud.google.com/gke-tpu-accelerator"
TOPOLOGY = "cloud.google.com/gke-tpu-topology"

_DIGITS = re.compile(r"\d{1,6}")
_MOST = 1_000_000


@dataclass(frozen=True, slots=True)
class TpuPod:
    """A Pod that asks for TPU chips or selects nodes with them.

    `requests` are the places where its containers ask for chips; `chips` is how many they ask for
    together, or None where that cannot be read.
    """

    manifest: Manifest
    path: DataPath
    spec: dict[str, Any]
    requests: tuple[DataPath, ...]
    chips: int | None

    @property
    def accelerator(self) -> str:
        """The kind of TPU that the nodeSelector asks for, or nothing."""
        return text_at(self.spec, "nodeSelector", ACCELERATOR)

    @property
    def topology(self) -> str:
        """The topology that the nodeSelector asks for, or nothing."""
        return text_at(self.spec, "nodeSelector", TOPOLOGY)


@once
def tpu_pods(tree: Tree) -> Iterator[TpuPod]:
    """List the Pods of a tree that have to do with TPUs."""
    for manifest in tree.manifests:
        for path, spec in pod_specs(manifest):
            pod = _read(manifest, path, spec)
            if pod.requests or pod.accelerator or pod.topology:
                yield pod


def requested_chips(container: dict[str, Any]) -> tuple[DataPath, int | None] | None:
    """Find where a container asks for chips, and for how many if that can be read."""
    for field in ("limits", "requests"):
        value = value_at(container, "resources", field, RESOURCE)
        if value is not None:
            return ("resources", field, RESOURCE), read_count(value)
    return None


def read_count(value: object) -> int | None:
    """Read a whole number that is not out of all proportion, from a number or from text."""
    if isinstance(value, int) and not isinstance(value, bool):
        return value if 0 <= value < _MOST else None
    if isinstance(value, str) and _DIGITS.fullmatch(value):
        return int(value)
    return None


def slices_of(pod: TpuPod) -> list[Topology]:
    """List the slices that the Pod may run on, one by machine type; none where unknown."""
    if not pod.accelerator or not pod.topology:
        return []
    return [row for row in slices_labelled(pod.accelerator) if row.topology == pod.topology]


def machines_of(pod: TpuPod) -> list[MachineType]:
    """List the machine types that the Pod may run on; none where unknown."""
    rows = [row for row in slices_of(pod) if pod.chips in (None, chips_per_host(row))]
    if not rows:
        return []
    from llmd_render.catalog import load_catalog  # noqa: PLC0415 - only trees with TPUs need it

    machines = load_catalog().machine_types
    return [machines[name] for name in dict.fromkeys(row.machine_type for row in rows)]


def slices_labelled(label: str) -> list[Topology]:
    """List the slices that nodes of this accelerator label form."""
    from llmd_render.catalog import load_catalog  # noqa: PLC0415 - only trees with TPUs need it

    catalog = load_catalog()
    rows = catalog.topologies
    machines = catalog.machine_types
    return [row for row in rows if label_of(machines[row.machine_type], catalog) == label]


def label_of(machine: MachineType, catalog: Catalog) -> str:
    """Give the accelerator label that GKE puts on a machine type."""
    return machine.gke_accelerator or catalog.accelerators[machine.accelerator].gke_accelerator


def chips_per_host(row: Topology) -> int:
    """Count the chips of one machine of a slice."""
    return row.chips // row.hosts


def _read(manifest: Manifest, path: DataPath, spec: dict[str, Any]) -> TpuPod:
    places: list[DataPath] = []
    counts: list[int | None] = []
    for place, container in items_at(spec, "containers"):
        found = requested_chips(container)
        if found:
            places.append((*path, *place, *found[0]))
            counts.append(found[1])
    known = [count for count in counts if count is not None]
    early = any(requested_chips(container) for _, container in items_at(spec, "initContainers"))
    readable = len(known) == len(counts) and not early and bool(counts)
    return TpuPod(manifest, path, spec, tuple(places), sum(known) if readable else None)
