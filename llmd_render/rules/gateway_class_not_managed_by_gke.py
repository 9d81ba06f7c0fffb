"""The GatewayClass is one of GKE's own.

The tree is made for Google Cloud's load balancers: its HealthCheckPolicy and GCPBackendPolicy mean
nothing to another controller, and its NetworkPolicies admit the load balancer's address ranges but
no gateway pods.

Source: https://cloud.google.com/kubernetes-engine/docs/concepts/gateway-api (2026)

Passes:

    gateway: {className: gke-l7-rilb}

Fails:

    gateway: {className: istio}
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from llmd_render.diagnostics import Severity, Violation

from .rule import ProfileRule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from llmd_render.catalog import Catalog
    from llmd_render.profile import Profile


def _check(profile: Profile, catalog: Catalog) -> Iterator[Violation]:
    name = profile.gateway.class_name
    known = catalog.gateway_classes.get(name)
    if known is None or known.scope != "in-cluster":
        return
    yield Violation(
        ("gateway", "className"),
        f"the GatewayClass {name} is not GKE's: the NetworkPolicies of the tree admit none of its "
        "gateway pods, and its load balancer policies do nothing",
        "use gke-l7-regional-external-managed or gke-l7-rilb",
    )


RULE = ProfileRule("gateway-class-not-managed-by-gke", Severity.WARNING, _check)
