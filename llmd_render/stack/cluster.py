"""The GKE cluster and its node pools."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from llmd_render.catalog import find_topology, machine_types_forming, region_of
from llmd_render.versions import kubernetes_minor

if TYPE_CHECKING:
    from llmd_render.catalog import Catalog, MachineType
    from llmd_render.catalog import Quota as QuotaRow
    from llmd_render.profile import Profile

_CAPACITY_FLAGS: dict[str, tuple[str, ...]] = {
    "on-demand": (),
    "spot": ("--spot",),
    "flex-start": ("--flex-start", "--reservation-affinity=none", "--no-enable-autorepair"),
}


@dataclass(frozen=True, slots=True)
class CpuPool:
    """The node pool for everything that needs no TPU; `limits` is its autoscaling in words.

    Least and most are counted in each zone; `locations` lists the zones as gcloud wants them.
    """

    machine_type: str
    min_nodes: int
    max_nodes: int
    limits: str
    zones: tuple[str, ...]
    locations: str
    total_nodes: int


@dataclass(frozen=True, slots=True)
class Cluster:
    """The GKE cluster and where it lies; `context` is what kubectl calls it.

    An existing one is neither created nor deleted, and nor is its network. Otherwise the scripts
    can make a network in auto mode, whose subnets all have its name, and no other. `zones` are all
    that have nodes, as gcloud wants them.
    """

    project: str
    zone: str
    region: str
    name: str
    existing: bool
    regional: bool
    zones: str
    context: str
    version: str
    kubernetes: str
    release_channel: str
    network: str
    subnetwork: str
    makes_network: bool
    needs_network_policy: bool
    workload_pool: str
    cpu_pool: CpuPool
    apis: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Quota:
    """The quota that the TPU chips count against, as Google names it."""

    id: str
    dimension: str
    chips: int


@dataclass(frozen=True, slots=True)
class TpuPool:
    """The node pool with the TPUs, one single-host slice a node.

    `slice` is what GKE labels the nodes with, `limits` the autoscaling in words.
    """

    name: str
    type: str
    accelerator: str
    topology: str
    slice: str
    machine_type: str
    vcpu: int | None
    memory_gb: int | None
    chips: int
    tensor_parallel: int
    chips_per_host_bounds: str
    host_bounds: str
    max_nodes: int
    limits: str
    total_chips: int
    initial_nodes: int
    capacity: str
    reserved: bool
    capacity_flags: tuple[str, ...]
    boot_disk_size: str
    quota: Quota | None


def resolve_cluster(profile: Profile) -> Cluster:
    """Decide name, place and shape of the cluster."""
    name = profile.cluster.name or f"llmd-{profile.name}"
    pool = _resolve_cpu_pool(profile)
    region = region_of(profile.zone)
    regional = profile.cluster.location == "regional"
    return Cluster(
        project=profile.project,
        zone=profile.zone,
        region=region,
        name=name,
        existing=profile.cluster.existing,
        regional=regional,
        zones=",".join(sorted({profile.zone, *pool.zones})),
        context=f"gke_{profile.project}_{region if regional else profile.zone}_{name}",
        version=profile.cluster.version,
        kubernetes=kubernetes_minor(profile.cluster.version),
        release_channel=profile.cluster.release_channel,
        network=profile.cluster.network,
        subnetwork=profile.cluster.subnetwork,
        makes_network=not profile.cluster.existing
        and profile.cluster.network == profile.cluster.subnetwork,
        needs_network_policy=profile.network_policies.enabled or not profile.cluster.existing,
        workload_pool=f"{profile.project}.svc.id.goog",
        cpu_pool=pool,
        apis=(
            "compute.googleapis.com",
            "container.googleapis.com",
            "networkservices.googleapis.com",
        ),
    )


def _resolve_cpu_pool(profile: Profile) -> CpuPool:
    pool = profile.cluster.cpu_pool
    zones = tuple(sorted(set(pool.zones))) or (profile.zone,)
    return CpuPool(
        machine_type=pool.machine_type,
        min_nodes=pool.min_nodes,
        max_nodes=pool.max_nodes,
        limits=_describe_limits(pool.min_nodes, pool.max_nodes),
        zones=zones,
        locations=",".join(zones),
        total_nodes=pool.min_nodes * len(zones),
    )


def choose_machine_type(profile: Profile, catalog: Catalog) -> MachineType | None:
    """Find the machine type of the TPU nodes: the named one, or the one single-host choice.

    None when the named one cannot form the topology, or when several could.
    """
    forming = machine_types_forming(catalog, profile.tpu.type, profile.tpu.topology)
    if profile.tpu.machine_type:
        named = [item for item in forming if item.name == profile.tpu.machine_type]
        return named[0] if named else None
    return forming[0] if len(forming) == 1 else None


def resolve_tpu(profile: Profile, catalog: Catalog) -> TpuPool:
    """Decide the TPU node pool; raises ValueError on a topology that the rules refuse."""
    machine = choose_machine_type(profile, catalog)
    accelerator = catalog.accelerators[profile.tpu.type]
    topology = find_topology(catalog, machine.name, profile.tpu.topology) if machine else None
    if machine is None or topology is None:
        raise ValueError("resolve was called on a profile that the rules refuse")
    replicas = profile.service.replicas
    capacity = profile.cluster.capacity
    flags = _CAPACITY_FLAGS.get(capacity.kind)
    if flags is None:
        flags = ("--reservation-affinity=specific", f"--reservation={capacity.reservation}")
    max_nodes = profile.cluster.tpu_pool.max_nodes or max(replicas, 3)
    label = machine.gke_accelerator or accelerator.gke_accelerator
    return TpuPool(
        name=profile.cluster.tpu_pool.name or f"tpu-{profile.tpu.type}-pool",
        type=profile.tpu.type,
        accelerator=label,
        topology=profile.tpu.topology,
        slice=f"{label} {profile.tpu.topology}",
        machine_type=machine.name,
        vcpu=machine.vcpu,
        memory_gb=machine.memory_gb,
        chips=machine.chips,
        tensor_parallel=topology.tensor_parallel,
        chips_per_host_bounds=topology.chips_per_host_bounds,
        host_bounds=topology.host_bounds,
        max_nodes=max_nodes,
        limits=_describe_limits(0, max_nodes),
        total_chips=machine.chips * replicas,
        # Flex-start nodes are queued for, not created: the pool begins empty.
        initial_nodes=0 if capacity.kind == "flex-start" else replicas,
        capacity=capacity.kind,
        reserved=capacity.kind == "reservation",
        capacity_flags=flags,
        boot_disk_size=str(profile.cluster.tpu_pool.boot_disk_size or ""),
        quota=_resolve_quota(profile, catalog, machine.chips * replicas),
    )


def _describe_limits(least: int, most: int) -> str:
    return f"{least} to {most} nodes"


def find_quota(profile: Profile, catalog: Catalog) -> QuotaRow | None:
    """Find the quota that chips of this capacity count against; a reservation needs none."""
    kind, accelerator = profile.cluster.capacity.kind, profile.tpu.type
    if kind == "reservation":
        return None
    if kind in {"spot", "flex-start"}:
        return catalog.quotas.get(f"{accelerator}-spot")
    return catalog.quotas.get(f"{accelerator}-on-demand") or catalog.quotas.get(accelerator)


def _resolve_quota(profile: Profile, catalog: Catalog, chips: int) -> Quota | None:
    row = find_quota(profile, catalog)
    if row is None or row.quota_id is None:
        return None
    family = [item for item in row.dimensions if "=" in item]
    return Quota(row.quota_id, family[0] if family else "", chips)
