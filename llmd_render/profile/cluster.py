"""The GKE cluster, its node pools, and what is installed in it."""
# No `from __future__ import annotations`: Pydantic would have to compile each of them at start-up.

from typing import Literal

from pydantic import Field

from .section import _Model
from .types import (
    CertManagerVersion,
    ClusterName,
    DnsLabel,
    Duration,
    GitRef,
    GkeVersion,
    ResourceName,
    Sha256,
    ShortText,
    Zone,
)


class CpuPool(_Model):
    """The node pool for everything that needs no TPU."""

    machine_type: ResourceName = Field(default="n1-standard-4", description="Machine type.")
    min_nodes: int = Field(default=2, ge=1, le=100, description="Fewest nodes.")
    max_nodes: int = Field(default=4, ge=1, le=100, description="Most nodes.")
    zones: list[Zone] = Field(
        default_factory=list,
        max_length=10,
        description="Of a regional cluster, the zones that have so many nodes each; the TPUs' zone "
        "alone by default.",
    )


class TpuPool(_Model):
    """The node pool with the TPUs."""

    name: ClusterName | None = Field(
        default=None, description="Its name; tpu-<type>-pool by default."
    )
    max_nodes: int | None = Field(
        default=None, ge=1, le=100, description="Most nodes; enough for the replicas by default."
    )
    boot_disk_size: int | None = Field(
        default=None,
        ge=10,
        le=65536,
        description="Boot disk of a node in GB, which a model is downloaded to; GKE's by default.",
    )


class Capacity(_Model):
    """How the TPU nodes are obtained, which decides price and permanence."""

    kind: Literal["flex-start", "on-demand", "reservation", "spot"] = Field(
        default="on-demand", description="Kind of capacity."
    )
    reservation: ShortText | None = Field(
        default=None, description="The reservation's name, for kind reservation."
    )


class Cluster(_Model):
    """The GKE cluster, created by the scripts unless it exists."""

    name: ClusterName | None = Field(
        default=None, description="Its name; llmd-<profile> by default."
    )
    existing: bool = Field(
        default=False,
        description="Whether it is there already: the scripts then neither create nor delete it, "
        "only the TPU pool and what they made around it.",
    )
    location: Literal["regional", "zonal"] = Field(
        default="zonal",
        description="Where the control plane is: in the profile's zone, or in all of its region. "
        "TPUs are in the zone in any case.",
    )
    version: GkeVersion = Field(
        default="1.34", description="GKE version; the oldest that does, of an existing cluster."
    )
    release_channel: Literal["extended", "rapid", "regular", "stable"] = Field(
        default="regular", description="Release channel."
    )
    network: ResourceName = Field(
        default="default",
        description="VPC network; made in auto mode if absent, where its subnet has the same name.",
    )
    subnetwork: ResourceName = Field(
        default="default",
        description="Subnet of the nodes; one that is not called like its network must exist.",
    )
    cpu_pool: CpuPool = Field(default_factory=CpuPool, description="The CPU node pool.")
    tpu_pool: TpuPool = Field(default_factory=TpuPool, description="The TPU node pool.")
    capacity: Capacity = Field(default_factory=Capacity, description="Kind of TPU capacity.")


class Kserve(_Model):
    """The KServe release that runs the service."""

    version: ShortText = Field(default="0.15", description="KServe version.")
    ref: GitRef | None = Field(
        default=None, description="Commit of opendatahub-io/kserve to install; pinned by default."
    )


class CertManager(_Model):
    """The cert-manager that signs KServe's certificates."""

    source: Literal["upstream", "xks"] = Field(
        default="xks",
        description="Where it comes from: xks, Red Hat's operator by llm-d-infra-xks, whose images "
        "need a login; upstream, the manifest that each release of cert-manager publishes.",
    )
    version: CertManagerVersion | None = Field(
        default=None, description="Release for source upstream; pinned by default."
    )
    sha256: Sha256 | None = Field(
        default=None,
        description="SHA-256 that the manifest must have, for source upstream; none is known by "
        "default, and the script shows what it installs.",
    )


class Secrets(_Model):
    """Secrets by reference only; scripts create them, no file holds their values."""

    pull_secret: DnsLabel | None = Field(
        default=None,
        description="Image pull secret; redhat-pull-secret where the image's registry needs one.",
    )
    hf_token: DnsLabel | None = Field(
        default=None, description="Secret with key HF_TOKEN, for gated models."
    )


class NetworkPolicies(_Model):
    """Default deny plus the complete allow list."""

    enabled: bool = Field(default=True, description="Whether to render them.")
    metadata_server: bool = Field(
        default=False,
        description="Whether model servers may reach the metadata server, for Workload Identity; "
        "on for s3:// models.",
    )


class Monitoring(_Model):
    """Google Cloud Managed Service for Prometheus."""

    enabled: bool = Field(default=True, description="Whether to render PodMonitoring.")
    interval: Duration = Field(default="30s", description="Time between two scrapes.")
