"""TPU hardware as GKE offers it: generations, machine types, slices, zones."""

import math
from fnmatch import fnmatchcase
from typing import Annotated, Literal

from pydantic import StringConstraints

from .row import Count, Text, _Row

TopologyName = Annotated[str, StringConstraints(pattern=r"^[1-9]\d*(x[1-9]\d*){1,2}$")]
"""A slice as GKE labels it, chips by dimension: `2x4`, `2x2x1`."""

Bounds = Annotated[str, StringConstraints(pattern=r"^[1-9]\d*,[1-9]\d*,[1-9]\d*$")]
"""Three dimensions as libtpu's environment variables write them: `2,2,1`."""


class Accelerator(_Row):
    """A TPU generation: its node label, memory and devices by chip (Google's pages, xpk)."""

    id: Text
    names: tuple[Text, ...]
    gke_accelerator: Text
    """The value of the node label cloud.google.com/gke-tpu-accelerator."""
    other_labels: tuple[Text, ...] = ()
    dimensions: Literal[2, 3]
    """How many numbers its topologies have."""
    hbm_gb_per_chip: Count
    """Memory as sold, in GB; measurements show that these are GiB less what the system keeps."""
    usable_hbm_gib_per_chip: float | None = None
    """Memory vLLM gets to see, in GiB; None when nobody measured it."""
    xla_hbm_gib_per_chip: float | None = None
    """The limit that XLA names when a program does not fit, in GiB; None when none was seen."""
    devices_per_chip: Literal[1, 2]
    """What JAX and vLLM count: tensor parallelism is chips times this."""
    chips_per_pod: Count | None = None
    hbm_gb_per_second: Count | None = None
    bf16_tflops: Count | None = None
    int8_tops: Count | None = None
    native_dtypes: tuple[Text, ...] = ()
    gke_min_version: Text | None = None
    """The first GKE version with node pools of it, Standard clusters; None when unknown."""
    gke_min_autopilot_version: Text | None = None
    quota_family: Text | None = None
    disk_type: Text | None = None
    """The kind of network disk its machines attach, as StorageClasses spell it."""
    note: Text | None = None

    @property
    def memory_gib_per_chip(self) -> float:
        """The most memory that a program can have on a chip, in GiB, as far as anybody knows."""
        return self.xla_hbm_gib_per_chip or self.usable_hbm_gib_per_chip or self.hbm_gb_per_chip


class MachineType(_Row):
    """A TPU virtual machine of GKE: chips, vCPU and memory in GB (Compute Engine's list)."""

    name: Text
    accelerator: Text
    chips: Count
    vcpu: Count | None = None
    memory_gb: Count | None = None
    multi_host: bool
    """Whether several of them can form one slice."""
    gke_accelerator: Text | None = None
    """The node label where it differs from its accelerator's."""
    allocatable_cpu: Text | None = None
    """What pods can request of the node, as a Kubernetes quantity; None when not measured."""
    allocatable_memory: Text | None = None
    note: Text | None = None

    @property
    def family(self) -> str:
        """The part of the name that regions are listed by: `ct6e` of `ct6e-standard-4t`."""
        return self.name.partition("-")[0]


class NamePatterns(_Row):
    """Machine type names, `*` standing for any text, about which one thing is known."""

    patterns: tuple[Text, ...]
    note: Text

    def matches(self, name: str) -> bool:
        """Say whether the name is one of these."""
        return any(fnmatchcase(name, pattern) for pattern in self.patterns)


class Topology(_Row):
    """A slice that machines of one type form; the catalog joins in what their type knows."""

    machine_type: Text
    topology: TopologyName
    hosts: Count
    """How many machines, which is the size of the node pool."""
    chips_per_host_bounds: Bounds
    host_bounds: Bounds
    note: Text | None = None
    accelerator: Text
    """From the machine type; not repeated in the data."""
    devices_per_chip: Literal[1, 2]
    """From the accelerator; not repeated in the data."""

    @property
    def shape(self) -> tuple[int, ...]:
        """Chips by dimension: (2, 4) of `2x4`."""
        return tuple(int(size) for size in self.topology.split("x"))

    @property
    def chips(self) -> int:
        """Chips of the whole slice."""
        return math.prod(self.shape)

    @property
    def tensor_parallel(self) -> int:
        """Devices of the whole slice: the largest tensor parallelism it can carry."""
        return self.chips * self.devices_per_chip

    @property
    def multi_host(self) -> bool:
        """Whether the slice needs more than one machine."""
        return self.hosts > 1


class Zone(_Row):
    """Whether GKE lists an accelerator in a zone: None when no source says."""

    accelerator: Text
    zone: Text
    listed: bool | None
    sold_out: Text | None = None
    """The last date on which somebody was told that there were none; None when nobody was."""
    note: Text | None = None

    @property
    def region(self) -> str:
        """The region the zone is in."""
        return region_of(self.zone)


class MachineTypeRegions(_Row):
    """The regions where Compute Engine has a machine family somewhere: no promise of stock."""

    family: Text
    regions: tuple[Text, ...]


def region_of(zone: str) -> str:
    """Take the zone's own letters off: `us-east5` of `us-east5-a`."""
    return zone.rpartition("-")[0]
