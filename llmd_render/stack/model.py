"""Every value of a deployment, decided: what templates print and loop over."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class EnvVar:
    """An environment variable of a container."""

    name: str
    value: str


@dataclass(frozen=True, slots=True)
class CpuPool:
    """The node pool for everything that needs no TPU."""

    machine_type: str
    min_nodes: int
    max_nodes: int


@dataclass(frozen=True, slots=True)
class Cluster:
    """The GKE cluster and where it lies; `context` is what kubectl calls it."""

    project: str
    zone: str
    region: str
    name: str
    context: str
    version: str
    kubernetes: str
    release_channel: str
    network: str
    subnetwork: str
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
    """The node pool with the TPUs, one single-host slice a node."""

    name: str
    type: str
    accelerator: str
    topology: str
    machine_type: str
    chips: int
    tensor_parallel: int
    max_nodes: int
    total_chips: int
    initial_nodes: int
    capacity: str
    capacity_flags: tuple[str, ...]
    quota: Quota | None


@dataclass(frozen=True, slots=True)
class Service:
    """The LLMInferenceService, the objects KServe makes for it, and their labels."""

    name: str
    namespace: str
    replicas: int
    model_uri: str
    model_name: str
    served_model_name: str
    served_model_name_template: str
    deployment: str
    scheduler_deployment: str
    scheduler_service_account: str
    workload_service: str
    inference_pool: str
    workload_component: str
    scheduler_component: str


@dataclass(frozen=True, slots=True)
class Probe:
    """Timing of a container probe, in seconds and counts."""

    period: int
    timeout: int
    failures: int


@dataclass(frozen=True, slots=True)
class CompileCache:
    """A volume for XLA's compiled programs; `disk_type` is set where we render a StorageClass."""

    claim: str
    size: str
    access_mode: str
    storage_class: str
    disk_type: str
    path: str


@dataclass(frozen=True, slots=True)
class Server:
    """The vLLM container."""

    image: str
    port: int
    command: tuple[str, ...]
    args: tuple[str, ...]
    env: tuple[EnvVar, ...]
    chips: str
    startup: Probe
    liveness: Probe
    readiness: Probe
    cache: CompileCache | None


@dataclass(frozen=True, slots=True)
class Tls:
    """HTTPS at the Gateway; exactly one of the two names is set."""

    secret: str
    certificate: str


@dataclass(frozen=True, slots=True)
class ProxyOnlySubnet:
    """The load balancer's proxy-only subnet; `description` marks one that the scripts made."""

    name: str
    range: str
    description: str


@dataclass(frozen=True, slots=True)
class SecurityPolicy:
    """The Cloud Armor policy that admits only the client ranges."""

    name: str
    ranges: str


@dataclass(frozen=True, slots=True)
class Gateway:
    """The Gateway and the load balancer behind it."""

    name: str
    namespace: str
    class_name: str
    address: str
    listener: str
    protocol: str
    port: int
    scheme: str
    internal: bool
    regional: bool
    tls: Tls | None
    proxy_only_subnet: ProxyOnlySubnet | None
    manages_proxy_only_subnet: bool
    security_policy: SecurityPolicy | None


@dataclass(frozen=True, slots=True)
class RouteRule:
    """One path prefix of the route and what it is rewritten to."""

    prefix: str
    replacement: str


@dataclass(frozen=True, slots=True)
class Route:
    """The HTTPRoute: our own, KServe's with our rules, or KServe's as it is."""

    name: str
    declared: bool
    shadow: bool
    rules: tuple[RouteRule, ...]
    preset: str
    shadow_gateway_name: str
    shadow_gateway_namespace: str
    shadow_pool: str
    shadow_rules: tuple[RouteRule, ...]


@dataclass(frozen=True, slots=True)
class Backend:
    """What the load balancer is told about the InferencePool; times in seconds."""

    health_check: bool
    health_check_interval: int
    health_check_timeout: int
    healthy_threshold: int
    unhealthy_threshold: int
    policy: bool
    timeout: int


@dataclass(frozen=True, slots=True)
class NetworkPolicies:
    """The names of the NetworkPolicies, and the ranges and pods that they admit."""

    default_deny: str
    model_server_ingress: str
    scheduler_ingress: str
    scheduler_egress: str
    dns_egress: str
    download_egress: str
    metadata_egress: str
    benchmark_egress: str
    benchmark_component: str
    load_balancer_ranges: tuple[str, ...]
    private_ranges: tuple[str, ...]
    metadata_server: bool
    downloads: bool


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
class Waits:
    """How long scripts wait for each thing, in seconds."""

    nodes: int
    issuer: int
    controller: int
    gateway_class: int
    gateway: int
    service: int
    policy: int
    backend: int


@dataclass(frozen=True, slots=True)
class CostRow:
    """One line of the cost table, in US dollars, as text with two decimals."""

    item: str
    basis: str
    per_hour: str
    per_day: str
    per_month: str


@dataclass(frozen=True, slots=True)
class Costs:
    """What the deployment costs running and scaled to zero; months have 30 days."""

    rows: tuple[CostRow, ...]
    running: CostRow
    idle: CostRow
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Requests:
    """Paths and bodies of the requests that the scripts send, ready to print."""

    base_path: str
    completion: str
    chat: str
    benchmark: str
    cache: str


@dataclass(frozen=True, slots=True)
class Stack:
    """A whole deployment with every value decided."""

    profile: str
    namespaces: tuple[str, ...]
    has_policies: bool
    cluster: Cluster
    tpu: TpuPool
    service: Service
    server: Server
    gateway: Gateway
    route: Route
    backend: Backend
    network_policies: NetworkPolicies | None
    monitoring: Monitoring | None
    pull_secret: PullSecret | None
    hf_token: HfToken | None
    kserve: Kserve
    waits: Waits
    costs: Costs
    requests: Requests
    findings: tuple[str, ...]
