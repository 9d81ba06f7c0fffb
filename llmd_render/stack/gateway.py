"""The Gateway, its route, and what may reach what."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from llmd_render.catalog import Catalog, KserveRelease
    from llmd_render.profile import Profile

    from .server import Service

HEALTH_CHECK_RANGES = ("35.191.0.0/16", "130.211.0.0/22")
"""Where Google's load balancers probe from.

Source: https://cloud.google.com/load-balancing/docs/firewall-rules
"""
_PRIVATE_RANGES = ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "169.254.0.0/16")
_ROUTED = ("/v1", "/health")


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
    """The Gateway and the load balancer behind it.

    `open_reason` is why the profile lets the internet in, if it does and says why.
    """

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
    open_reason: str


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
    load_balancer_ranges: tuple[str, ...]
    private_ranges: tuple[str, ...]
    metadata_server: bool
    downloads: bool


def resolve_gateway(profile: Profile, catalog: Catalog) -> Gateway:
    """Decide listener, addresses and subnets of the Gateway."""
    wanted = profile.gateway
    known = catalog.gateway_classes.get(wanted.class_name)
    needs_subnet = known is None or known.proxy_only_subnet is not None
    subnet = None
    if needs_subnet:
        subnet = ProxyOnlySubnet(
            wanted.proxy_only_subnet.name,
            wanted.proxy_only_subnet.range,
            f"made by llmd-render profile {profile.name}",
        )
    tls = wanted.tls
    ranges = wanted.allowed_source_ranges
    return Gateway(
        name=wanted.name,
        namespace=wanted.namespace,
        class_name=wanted.class_name,
        address=wanted.address or "",
        listener="https" if tls else "http",
        protocol="HTTPS" if tls else "HTTP",
        port=443 if tls else 80,
        scheme="https" if tls else "http",
        internal=known is not None and known.exposure == "internal",
        regional=known is None or known.scope != "global",
        tls=Tls(tls.secret or "", tls.certificate or "") if tls else None,
        proxy_only_subnet=subnet,
        manages_proxy_only_subnet=subnet is not None and wanted.proxy_only_subnet.manage,
        security_policy=SecurityPolicy(f"{profile.name}-clients", ",".join(ranges))
        if ranges
        else None,
        open_reason="" if ranges else _find_open_reason(profile, catalog),
    )


def _find_open_reason(profile: Profile, catalog: Catalog) -> str:
    """Find why a Gateway is open on purpose: whoever judges the tree alone should read it, too."""
    known = catalog.gateway_classes.get(profile.gateway.class_name)
    if known is None or known.exposure != "external" or known.inference_pool != "supported":
        return ""
    reasons = [i.reason for i in profile.lint.ignore if i.rule == "gateway-open-to-internet"]
    return reasons[-1] if reasons else ""


def resolve_route(profile: Profile, release: KserveRelease, service: Service) -> Route:
    """Decide the route: `/v1` and `/health` come in, `/metrics` stays inside the cluster."""
    declared = profile.routing == "declared"
    return Route(
        name=service.name if declared else f"{service.name}-kserve-route",
        declared=declared,
        shadow=not declared and profile.managed_route == "shadow",
        rules=tuple(
            RouteRule(f"/{service.namespace}/{service.name}{path}", path) for path in _ROUTED
        ),
        preset=release.route_preset,
        # These are Go templates that KServe fills in for each service.
        shadow_gateway_name="{{ .GlobalConfig.IngressGatewayName }}",
        shadow_gateway_namespace="{{ .GlobalConfig.IngressGatewayNamespace }}",
        shadow_pool="{{ ChildName .ObjectMeta.Name `-inference-pool` }}",
        shadow_rules=tuple(
            RouteRule(f"/{{{{ .ObjectMeta.Namespace }}}}/{{{{ .ObjectMeta.Name }}}}{path}", path)
            for path in _ROUTED
        ),
    )


def resolve_backend(profile: Profile) -> Backend:
    """Decide what the load balancer is told about the InferencePool."""
    return Backend(
        health_check=profile.gateway.health_check_policy,
        health_check_interval=15,
        health_check_timeout=15,
        healthy_threshold=1,
        unhealthy_threshold=2,
        policy=profile.gateway.backend_policy,
        timeout=300,
    )


def resolve_network_policies(
    profile: Profile, gateway: Gateway, service: Service
) -> NetworkPolicies | None:
    """Decide which ranges may come in and go out; None when no policies are wanted."""
    if not profile.network_policies.enabled:
        return None
    subnet = (gateway.proxy_only_subnet.range,) if gateway.proxy_only_subnet else ()
    scheme = profile.model.uri.partition("://")[0]
    name = service.name
    return NetworkPolicies(
        # Several services may share the namespace, each with a complete set of its own.
        default_deny=f"{name}-default-deny",
        model_server_ingress=f"{name}-model-server-ingress",
        scheduler_ingress=f"{name}-scheduler-ingress",
        scheduler_egress=f"{name}-scheduler-egress",
        dns_egress=f"{name}-dns-egress",
        download_egress=f"{name}-download-egress",
        metadata_egress=f"{name}-metadata-egress",
        load_balancer_ranges=(*subnet, *HEALTH_CHECK_RANGES),
        private_ranges=_PRIVATE_RANGES,
        metadata_server=profile.network_policies.metadata_server or scheme == "s3",
        downloads=scheme != "pvc",
    )
