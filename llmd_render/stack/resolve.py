"""Profile and catalog to every value decided; assumes a profile that the rules have passed."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from llmd_render.catalog import find_topology, machine_types_forming, region_of

from .costs import estimate_costs
from .gateway import resolve_backend, resolve_gateway, resolve_network_policies, resolve_route
from .model import (
    Cluster,
    CpuPool,
    HfToken,
    Kserve,
    Monitoring,
    PullSecret,
    Quota,
    Stack,
    TpuPool,
    Waits,
)
from .server import resolve_requests, resolve_server, resolve_service

if TYPE_CHECKING:
    from llmd_render.catalog import Catalog, KserveRelease, MachineType
    from llmd_render.profile import Profile

KSERVE_NAMESPACE = "opendatahub"
_UNITS = {"s": 1, "m": 60, "h": 3600}
_KUBERNETES_PARTS = 2
_CAPACITY_FLAGS: dict[str, tuple[str, ...]] = {
    "on-demand": (),
    "spot": ("--spot",),
    "flex-start": ("--flex-start", "--reservation-affinity=none", "--no-enable-autorepair"),
}


def resolve(profile: Profile, catalog: Catalog) -> Stack:
    """Decide every value of the deployment that a profile describes."""
    release = catalog.kserve_releases[profile.kserve.version]
    budget = seconds(profile.server.startup_budget)
    cluster = _resolve_cluster(profile)
    tpu = _resolve_tpu(profile, catalog)
    service = resolve_service(profile)
    gateway = resolve_gateway(profile, catalog)
    backend = resolve_backend(profile)
    network_policies = resolve_network_policies(profile, gateway)
    monitoring = _resolve_monitoring(profile, service.namespace, service.name)
    return Stack(
        profile=profile.name,
        namespaces=tuple(sorted({KSERVE_NAMESPACE, gateway.namespace, service.namespace})),
        has_policies=backend.health_check
        or backend.policy
        or network_policies is not None
        or monitoring is not None,
        cluster=cluster,
        tpu=tpu,
        service=service,
        server=resolve_server(profile, catalog, tpu, budget),
        gateway=gateway,
        route=resolve_route(profile, release, service),
        backend=backend,
        network_policies=network_policies,
        monitoring=monitoring,
        pull_secret=_resolve_pull_secret(profile, catalog),
        hf_token=HfToken(profile.secrets.hf_token, "HF_TOKEN")
        if profile.secrets.hf_token
        else None,
        kserve=_resolve_kserve(profile, catalog, release, service.namespace),
        waits=_resolve_waits(budget),
        costs=estimate_costs(profile, catalog, tpu, cluster),
        requests=resolve_requests(service),
        findings=tuple(f"{item.rule}: {item.reason}" for item in profile.lint.ignore),
    )


def seconds(duration: str) -> int:
    """Turn a duration such as 45m into seconds."""
    return int(duration[:-1]) * _UNITS[duration[-1]]


def choose_machine_type(profile: Profile, catalog: Catalog) -> MachineType | None:
    """Find the machine type of the TPU nodes: the named one, or the one single-host choice.

    None when the named one cannot form the topology, or when several could.
    """
    forming = machine_types_forming(catalog, profile.tpu.type, profile.tpu.topology)
    if profile.tpu.machine_type:
        named = [item for item in forming if item.name == profile.tpu.machine_type]
        return named[0] if named else None
    return forming[0] if len(forming) == 1 else None


def _resolve_cluster(profile: Profile) -> Cluster:
    name = profile.cluster.name or f"llmd-{profile.name}"
    pool = profile.cluster.cpu_pool
    return Cluster(
        project=profile.project,
        zone=profile.zone,
        region=region_of(profile.zone),
        name=name,
        context=f"gke_{profile.project}_{profile.zone}_{name}",
        version=profile.cluster.version,
        kubernetes=kubernetes_minor(profile.cluster.version),
        release_channel=profile.cluster.release_channel,
        network=profile.cluster.network,
        subnetwork=profile.cluster.subnetwork,
        workload_pool=f"{profile.project}.svc.id.goog",
        cpu_pool=CpuPool(pool.machine_type, pool.min_nodes, pool.max_nodes),
        apis=(
            "compute.googleapis.com",
            "container.googleapis.com",
            "networkservices.googleapis.com",
        ),
    )


def kubernetes_minor(gke_version: str) -> str:
    """Give the Kubernetes version that a GKE version is: 1.34 of 1.34.1-gke.1829001."""
    return ".".join(gke_version.split(".")[:_KUBERNETES_PARTS])


def _resolve_tpu(profile: Profile, catalog: Catalog) -> TpuPool:
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
    return TpuPool(
        name=profile.cluster.tpu_pool.name or f"tpu-{profile.tpu.type}-pool",
        type=profile.tpu.type,
        accelerator=machine.gke_accelerator or accelerator.gke_accelerator,
        topology=profile.tpu.topology,
        machine_type=machine.name,
        chips=machine.chips,
        tensor_parallel=topology.tensor_parallel,
        max_nodes=max_nodes,
        total_chips=machine.chips * replicas,
        # Flex-start nodes are queued for, not created: the pool begins empty.
        initial_nodes=0 if capacity.kind == "flex-start" else replicas,
        capacity=capacity.kind,
        capacity_flags=flags,
        quota=_find_quota(profile, catalog, machine.chips * replicas),
    )


def _find_quota(profile: Profile, catalog: Catalog, chips: int) -> Quota | None:
    wanted: str = profile.tpu.type
    if wanted == "v6e":
        wanted = "v6e-spot" if profile.cluster.capacity.kind == "spot" else "v6e-on-demand"
    row = catalog.quotas.get(wanted)
    if row is None or row.quota_id is None:
        return None
    family = [item for item in row.dimensions if "=" in item]
    return Quota(row.quota_id, family[0] if family else "", chips)


def _resolve_pull_secret(profile: Profile, catalog: Catalog) -> PullSecret | None:
    image = profile.server.image
    first = image.partition("/")[0]
    registry = first if "." in first or ":" in first else "docker.io"
    known = catalog.images.get(image)
    needed = known.pull_secret_needed if known else registry == "registry.redhat.io"
    name = profile.secrets.pull_secret or ("redhat-pull-secret" if needed else None)
    return PullSecret(name, registry, image) if name else None


def _resolve_monitoring(profile: Profile, namespace: str, name: str) -> Monitoring | None:
    if not profile.monitoring.enabled:
        return None
    interval = seconds(profile.monitoring.interval)
    return Monitoring(
        interval=f"{interval}s",
        timeout=f"{min(interval, 10)}s",
        model_server=f"{name}-model-server",
        scheduler=f"{name}-scheduler",
        reader=f"{name}-metrics-reader",
        cluster_reader=f"{namespace}-{name}-metrics-reader",
    )


def _resolve_kserve(
    profile: Profile, catalog: Catalog, release: KserveRelease, namespace: str
) -> Kserve:
    values = {
        "pool": f"{profile.service.name or profile.name}-inference-pool",
        "namespace": namespace,
        "metrics_scheme": "http",
    }
    ref = profile.kserve.ref or release.ref
    infrastructure = catalog.infrastructure
    lws = release.leader_worker_set
    return Kserve(
        version=release.version,
        namespace=KSERVE_NAMESPACE,
        pki_overlay=f"{release.repository}/{release.pki_overlay}?ref={ref}",
        overlay=f"{release.repository}/{release.overlay}?ref={ref}",
        issuer=release.issuer,
        controller=release.controller_deployment,
        webhooks=release.validating_webhooks,
        presets=release.presets,
        scheduler_args=tuple(argument.format_map(values) for argument in release.scheduler_args),
        lws_crd=lws.crd.format(ref=lws.ref),
        lws_version=lws.version,
        infrastructure_repository=infrastructure.repository,
        infrastructure_ref=infrastructure.ref,
        kustomize_minimum=infrastructure.kustomize_minimum,
    )


def _resolve_waits(budget: int) -> Waits:
    minute = 60
    return Waits(
        nodes=5 * minute,
        issuer=2 * minute,
        controller=5 * minute,
        # GKE brings its GatewayClasses up to 45 minutes after the Gateway API was switched on.
        gateway_class=45 * minute,
        gateway=10 * minute,
        # A TPU node may have to be created first.
        service=math.ceil(budget / minute) * minute + 20 * minute,
        policy=5 * minute,
        backend=5 * minute,
    )
