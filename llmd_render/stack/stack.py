"""Every value of a deployment, decided: what templates print and loop over."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from .benchmark import Benchmark, resolve_benchmark
from .cluster import Cluster, TpuPool, resolve_cluster, resolve_tpu
from .costs import Costs, estimate_costs
from .durations import UsualTimes, seconds
from .gateway import (
    Backend,
    Gateway,
    NetworkPolicies,
    Route,
    resolve_backend,
    resolve_gateway,
    resolve_network_policies,
    resolve_route,
)
from .install import (
    KSERVE_NAMESPACE,
    CertManager,
    HfToken,
    Kserve,
    Monitoring,
    PullSecret,
    Waits,
    resolve_cert_manager,
    resolve_kserve,
    resolve_monitoring,
    resolve_pull_secret,
    resolve_waits,
)
from .server import (
    Requests,
    Server,
    Service,
    resolve_requests,
    resolve_server,
    resolve_service,
)

if TYPE_CHECKING:
    from llmd_render.catalog import Catalog
    from llmd_render.profile import Profile


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
    cert_manager: CertManager | None
    waits: Waits
    usual: UsualTimes
    costs: Costs
    requests: Requests
    benchmark: Benchmark
    findings: tuple[str, ...]


def resolve(profile: Profile, catalog: Catalog) -> Stack:
    """Decide every value of the deployment that a profile describes."""
    release = catalog.kserve_releases[profile.kserve.version]
    budget = seconds(profile.server.startup_budget)
    cluster = resolve_cluster(profile)
    tpu = resolve_tpu(profile, catalog)
    service = resolve_service(profile)
    gateway = resolve_gateway(profile, catalog)
    backend = resolve_backend(profile)
    network_policies = resolve_network_policies(profile, gateway, service)
    monitoring = resolve_monitoring(profile, service)
    pull_secret = resolve_pull_secret(profile, catalog)
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
        server=resolve_server(profile, catalog, tpu, service, budget),
        gateway=gateway,
        route=resolve_route(profile, release, service),
        backend=backend,
        network_policies=network_policies,
        monitoring=monitoring,
        pull_secret=pull_secret,
        hf_token=HfToken(profile.secrets.hf_token, "HF_TOKEN")
        if profile.secrets.hf_token
        else None,
        kserve=resolve_kserve(profile, catalog, release, service),
        cert_manager=resolve_cert_manager(profile, catalog),
        waits=resolve_waits(budget),
        usual=UsualTimes(),
        costs=estimate_costs(profile, catalog, tpu, cluster),
        requests=resolve_requests(service, profile.server.max_model_len),
        benchmark=resolve_benchmark(profile, service, pull_secret),
        findings=tuple(f"{item.rule}: {item.reason}" for item in profile.lint.ignore),
    )
