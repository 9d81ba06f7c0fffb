"""GKE itself: versions and their features, GatewayClasses, quotas."""

from typing import Literal

from .row import Text, _Row


class GkeFeature(_Row):
    """The first GKE version with a feature; None when no source names one."""

    id: Text
    feature: Text
    minimum: Text | None = None
    note: Text | None = None


class GatewayApiBundle(_Row):
    """The first GKE version that installs a Gateway API bundle; two rows where sources differ."""

    bundle: Text
    minimum: Text
    note: Text | None = None


class GatewayClass(_Row):
    """What a GatewayClass can do on GKE (Google's capabilities page, conformance reports)."""

    name: Text
    controller: Text | None = None
    scope: Literal["regional", "global", "cross-region", "in-cluster"]
    exposure: Literal["external", "internal", "service"]
    """Who reaches it; `service`: whoever its Kubernetes Service lets in."""
    layer7: bool
    """Whether it routes HTTP at all."""
    multi_cluster: bool
    inference_pool: Literal["supported", "unsupported", "unverified", "multi-cluster"]
    """Whether an HTTPRoute may send to an InferencePool; `multi-cluster`: to an import of one."""
    proxy_only_subnet: Literal["REGIONAL_MANAGED_PROXY", "GLOBAL_MANAGED_PROXY"] | None = None
    """The purpose of the subnet its proxies need; None when they need none."""
    static_address: (
        Literal["regional-external", "regional-internal", "global-external", "ephemeral"] | None
    ) = None
    """The kind of reserved address a NamedAddress names; `ephemeral`: none, GKE picks it."""
    network_tier: Literal["STANDARD", "PREMIUM"] | None = None
    tls: tuple[Literal["secret", "pre-shared-certs", "cert-manager-certs", "certmap"], ...] = ()
    """The known ways to give a listener its certificate."""
    httproute_timeouts: bool | None = None
    """Whether an HTTPRoute may carry timeouts; None when it takes no HTTPRoute."""
    note: Text | None = None


class Quota(_Row):
    """A quota on TPU chips, by the names Google's consoles, metrics and errors use."""

    id: Text
    accelerator: Text
    use: Text
    used_by_gke: bool
    quota_id: Text | None = None
    per_zone_too: bool = False
    """Whether the same quota also exists by zone."""
    metric: Text | None = None
    error_name: Text | None = None
    dimensions: tuple[Text, ...]
    service: Text
    default: int | None = None
    """Chips a new project may use; None when unknown."""
    note: Text | None = None
