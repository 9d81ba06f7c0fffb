"""What a person writes: shapes and types only; whatever depends on other things is a rule."""
# No `from __future__ import annotations`: Pydantic would have to compile each of them at start-up.

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field
from pydantic.alias_generators import to_camel

from .types import (
    Cidr,
    ClusterName,
    DnsLabel,
    Duration,
    EnvName,
    GitRef,
    GkeVersion,
    ImageRef,
    ProjectId,
    Quantity,
    ResourceName,
    RuleName,
    ServiceName,
    ShortText,
    Text,
    Topology,
    Uri,
    Zone,
)

API_VERSION = "llmd-render/v1"


class _Model(BaseModel):
    model_config = ConfigDict(
        extra="forbid",
        frozen=True,
        strict=True,
        alias_generator=to_camel,
        defer_build=True,
    )


class Model(_Model):
    """The model that is served."""

    uri: Uri = Field(
        description="Where KServe downloads the model from: hf://, s3://, pvc:// or oci://.",
        examples=["hf://Qwen/Qwen2.5-3B-Instruct"],
    )


class Tpu(_Model):
    """The TPU slice that each replica runs on."""

    type: Literal["tpu7x", "v4", "v5e", "v5p", "v6e"] = Field(
        description="TPU generation.", examples=["v6e"]
    )
    topology: Topology = Field(
        description="Chips per dimension of one slice.", examples=["2x2", "2x2x1"]
    )
    machine_type: ResourceName | None = Field(
        default=None,
        description="Machine type of a TPU node; derived where only one can form the topology.",
        examples=["ct6e-standard-4t"],
    )


class ProxyOnlySubnet(_Model):
    """The subnet that Google's regional load balancers proxy from."""

    manage: bool = Field(
        default=True,
        description="Whether the scripts create it where none exists, and delete what they made.",
    )
    name: ResourceName = Field(default="proxy-only-subnet", description="Name of the subnet.")
    range: Cidr = Field(
        default="192.168.0.0/23",
        description="Its IPv4 range, /26 or larger; the NetworkPolicies admit it.",
    )


class Tls(_Model):
    """HTTPS at the Gateway; exactly one source of the certificate."""

    secret: DnsLabel | None = Field(
        default=None,
        description="Secret of type kubernetes.io/tls in the Gateway's namespace.",
    )
    certificate: ResourceName | None = Field(
        default=None,
        description="Regional Certificate Manager certificate in the project.",
    )


class Gateway(_Model):
    """The Gateway, which GKE turns into a Google Cloud load balancer."""

    class_name: DnsLabel = Field(
        description="GatewayClass.", examples=["gke-l7-regional-external-managed", "gke-l7-rilb"]
    )
    name: DnsLabel = Field(default="inference-gateway", description="Name of the Gateway.")
    namespace: DnsLabel = Field(default="opendatahub", description="Namespace of the Gateway.")
    address: ResourceName | None = Field(
        default=None, description="A reserved static address, by name; else an ephemeral one."
    )
    proxy_only_subnet: ProxyOnlySubnet = Field(
        default_factory=ProxyOnlySubnet, description="The load balancer's proxy-only subnet."
    )
    allowed_source_ranges: list[Cidr] = Field(
        default_factory=list,
        max_length=10,
        description="Client ranges that may call the Gateway, enforced by Cloud Armor; "
        "all when empty.",
    )
    tls: Tls | None = Field(default=None, description="HTTPS instead of HTTP.")
    health_check_policy: bool = Field(
        default=True, description="Whether to tell the load balancer to probe /health."
    )
    backend_policy: bool = Field(
        default=True, description="Whether to raise the load balancer's time-out of 30 s."
    )


class Service(_Model):
    """The LLMInferenceService."""

    name: ServiceName | None = Field(
        default=None, description="Its name, and part of the URL; the profile's name by default."
    )
    namespace: DnsLabel = Field(
        default="llm-d-inference-scheduling", description="Its namespace, and part of the URL."
    )
    replicas: int = Field(default=1, ge=1, le=64, description="Model servers, one slice each.")
    served_model_name: ShortText | None = Field(
        default=None,
        description="The name clients send as `model`; the model's own name by default.",
    )


class CompileCache(_Model):
    """A volume that keeps XLA's compiled programs across restarts."""

    size: Quantity = Field(default="20Gi", description="Size of the volume.")
    storage_class: DnsLabel | None = Field(
        default=None,
        description="StorageClass; by default the tree brings one whose disks the TPU can attach.",
    )
    access_mode: Literal["ReadWriteOnce", "ReadWriteMany"] = Field(
        default="ReadWriteOnce", description="ReadWriteMany when several replicas share it."
    )


class Server(_Model):
    """The vLLM model server."""

    image: ImageRef = Field(
        default="registry.redhat.io/rhaiis/vllm-tpu-rhel9:3.2.5", description="Container image."
    )
    dtype: Literal["auto", "bfloat16", "float16", "float32", "half"] = Field(
        default="bfloat16", description="Type of the weights; TPUs compute in bfloat16."
    )
    max_model_len: int = Field(
        default=2048, ge=16, le=10_000_000, description="Longest prompt plus answer, in tokens."
    )
    tensor_parallel: int | None = Field(
        default=None, ge=1, le=4096, description="Chips a model is split over; all by default."
    )
    prefix_caching: bool = Field(
        default=False, description="Whether vLLM keeps the KV cache of shared prompt prefixes."
    )
    args: list[Text] = Field(
        default_factory=list, max_length=100, description="More arguments for vLLM."
    )
    env: dict[EnvName, Text] = Field(
        default_factory=dict, description="More environment variables for vLLM."
    )
    startup_budget: Duration = Field(
        default="45m",
        description="How long download, load and XLA compilation may take; drives the startup "
        "probe and every wait.",
    )
    compile_cache: CompileCache | None = Field(
        default=None, description="Keep XLA's compiled programs on a volume."
    )


class CpuPool(_Model):
    """The node pool for everything that needs no TPU."""

    machine_type: ResourceName = Field(default="n1-standard-4", description="Machine type.")
    min_nodes: int = Field(default=2, ge=1, le=100, description="Fewest nodes.")
    max_nodes: int = Field(default=4, ge=1, le=100, description="Most nodes.")


class TpuPool(_Model):
    """The node pool with the TPUs."""

    name: ClusterName | None = Field(
        default=None, description="Its name; tpu-<type>-pool by default."
    )
    max_nodes: int | None = Field(
        default=None, ge=1, le=100, description="Most nodes; enough for the replicas by default."
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
    """The GKE cluster, zonal, created by the scripts."""

    name: ClusterName | None = Field(
        default=None, description="Its name; llmd-<profile> by default."
    )
    version: GkeVersion = Field(default="1.34", description="GKE version.")
    release_channel: Literal["extended", "rapid", "regular", "stable"] = Field(
        default="regular", description="Release channel."
    )
    network: ResourceName = Field(default="default", description="VPC network.")
    subnetwork: ResourceName = Field(default="default", description="Subnet of the nodes.")
    cpu_pool: CpuPool = Field(default_factory=CpuPool, description="The CPU node pool.")
    tpu_pool: TpuPool = Field(default_factory=TpuPool, description="The TPU node pool.")
    capacity: Capacity = Field(default_factory=Capacity, description="Kind of TPU capacity.")


class Kserve(_Model):
    """The KServe release that runs the service."""

    version: ShortText = Field(default="0.15", description="KServe version.")
    ref: GitRef | None = Field(
        default=None, description="Commit of opendatahub-io/kserve to install; pinned by default."
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


class Prices(_Model):
    """Prices that replace the catalog's list prices, in US dollars."""

    tpu_chip_hour: Annotated[float, Field(gt=0, le=1000)] | None = Field(
        default=None, description="One TPU chip for one hour."
    )
    cpu_node_hour: Annotated[float, Field(gt=0, le=1000)] | None = Field(
        default=None, description="One CPU node for one hour."
    )
    basis: ShortText | None = Field(default=None, description="Where these prices come from.")


class Ignore(_Model):
    """A finding that somebody decided to live with."""

    rule: RuleName = Field(description="The rule.")
    reason: ShortText = Field(description="Why it is acceptable here.")


class Lint(_Model):
    """What the rules may pass over in this profile."""

    ignore: list[Ignore] = Field(default_factory=list, description="Acknowledged findings.")


class Profile(_Model):
    """One deployment: everything a person decides."""

    api_version: Literal["llmd-render/v1"] = Field(description="Version of this language.")
    name: ServiceName = Field(description="Names the output folder.", examples=["qwen-3b-v6e"])
    extends: ShortText | None = Field(
        default=None, description="A profile to begin from: a name, or a path from this file."
    )
    project: ProjectId = Field(description="Google Cloud project ID.")
    zone: Zone = Field(description="Zone of cluster and TPUs.", examples=["europe-west4-a"])
    model: Model = Field(description="The model.")
    tpu: Tpu = Field(description="The TPU slice.")
    gateway: Gateway = Field(description="The Gateway.")
    service: Service = Field(default_factory=Service, description="The LLMInferenceService.")
    server: Server = Field(default_factory=Server, description="The vLLM model server.")
    cluster: Cluster = Field(default_factory=Cluster, description="The GKE cluster.")
    kserve: Kserve = Field(default_factory=Kserve, description="The KServe release.")
    routing: Literal["declared", "managed"] = Field(
        default="declared",
        description="Whether the tree holds its own HTTPRoute or leaves it to KServe.",
    )
    managed_route: Literal["preset", "shadow"] = Field(
        default="shadow",
        description="With routing managed: KServe's preset, or a copy without its time-outs.",
    )
    secrets: Secrets = Field(default_factory=Secrets, description="Secrets by reference.")
    network_policies: NetworkPolicies = Field(
        default_factory=NetworkPolicies, description="NetworkPolicies of the namespace."
    )
    monitoring: Monitoring = Field(default_factory=Monitoring, description="Metrics collection.")
    prices: Prices = Field(default_factory=Prices, description="Prices of your contract.")
    use: Literal["commercial", "evaluation"] = Field(
        default="evaluation", description="What the service is for; licences depend on it."
    )
    lint: Lint = Field(default_factory=Lint, description="Acknowledged findings.")
