"""The Gateway and the load balancer that GKE makes of it."""
# No `from __future__ import annotations`: Pydantic would have to compile each of them at start-up.

from pydantic import Field

from .section import _Model
from .types import (
    Cidr,
    DnsLabel,
    ResourceName,
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
