"""What has to be in the cluster for the service to run: KServe, secrets, metrics collection."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from .durations import seconds

if TYPE_CHECKING:
    from llmd_render.catalog import Catalog, KserveRelease
    from llmd_render.profile import Profile

    from .server import Service

KSERVE_NAMESPACE = "opendatahub"


@dataclass(frozen=True, slots=True)
class Monitoring:
    """Metrics collection by Google Cloud Managed Service for Prometheus."""

    interval: str
    timeout: str
    model_server: str
    scheduler: str
    reader: str
    cluster_reader: str


@dataclass(frozen=True, slots=True)
class PullSecret:
    """The image pull secret and the registry that it is for."""

    name: str
    registry: str
    image: str


@dataclass(frozen=True, slots=True)
class HfToken:
    """The Secret with the Hugging Face token."""

    name: str
    key: str


@dataclass(frozen=True, slots=True)
class Kserve:
    """The KServe release and how it is installed."""

    version: str
    namespace: str
    pki_overlay: str
    overlay: str
    issuer: str
    controller: str
    webhooks: tuple[str, ...]
    presets: int
    scheduler_args: tuple[str, ...]
    lws_crd: str
    lws_version: str
    infrastructure_repository: str
    infrastructure_ref: str
    kustomize_minimum: str


@dataclass(frozen=True, slots=True)
class CertManager:
    """The cert-manager release that is installed from its own manifest."""

    version: str
    manifest: str
    sha256: str


@dataclass(frozen=True, slots=True)
class Waits:
    """How long scripts wait for each thing, in seconds."""

    apis: int
    subnet: int
    cluster: int
    tpu_pool: int
    pods_gone: int
    nodes: int
    cert_manager: int
    issuer: int
    controller: int
    gateway_class: int
    gateway: int
    service: int
    policy: int
    backend: int


def resolve_pull_secret(profile: Profile, catalog: Catalog) -> PullSecret | None:
    """Decide the pull secret; None where the image's registry asks for no login."""
    image = profile.server.image
    first = image.partition("/")[0]
    registry = first if "." in first or ":" in first else "docker.io"
    known = catalog.images.get(image)
    needed = known.pull_secret_needed if known else registry == "registry.redhat.io"
    name = profile.secrets.pull_secret or ("redhat-pull-secret" if needed else None)
    return PullSecret(name, registry, image) if name else None


def resolve_monitoring(profile: Profile, service: Service) -> Monitoring | None:
    """Decide metrics collection; None where it is not wanted."""
    if not profile.monitoring.enabled:
        return None
    name = service.name
    interval = seconds(profile.monitoring.interval)
    return Monitoring(
        interval=f"{interval}s",
        timeout=f"{min(interval, 10)}s",
        model_server=f"{name}-model-server",
        scheduler=f"{name}-scheduler",
        reader=f"{name}-metrics-reader",
        cluster_reader=f"{service.namespace}-{name}-metrics-reader",
    )


def resolve_kserve(
    profile: Profile, catalog: Catalog, release: KserveRelease, service: Service
) -> Kserve:
    """Decide what of KServe is installed, and how its scheduler is called."""
    values = {
        "pool": service.inference_pool,
        "namespace": service.namespace,
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


def resolve_cert_manager(profile: Profile, catalog: Catalog) -> CertManager | None:
    """Decide the cert-manager release; None where the infrastructure repository brings its own."""
    if profile.cert_manager.source != "upstream":
        return None
    known = catalog.cert_manager
    version = profile.cert_manager.version or known.version
    manifest = known.manifest.format(version=version)
    return CertManager(version, manifest, profile.cert_manager.sha256 or "")


def resolve_waits(budget: int) -> Waits:
    """Decide how long scripts wait; `budget` is the start-up budget in seconds."""
    minute = 60
    return Waits(
        apis=5 * minute,
        subnet=2 * minute,
        cluster=30 * minute,
        tpu_pool=20 * minute,
        pods_gone=5 * minute,
        nodes=5 * minute,
        issuer=2 * minute,
        cert_manager=10 * minute,
        controller=5 * minute,
        # GKE brings its GatewayClasses up to 45 minutes after the Gateway API was switched on.
        gateway_class=45 * minute,
        gateway=10 * minute,
        # A TPU node may have to be created first.
        service=math.ceil(budget / minute) * minute + 20 * minute,
        policy=5 * minute,
        backend=5 * minute,
    )
