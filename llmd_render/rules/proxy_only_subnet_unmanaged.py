"""The scripts look after the proxy-only subnet that the load balancer needs.

The Gateway gets no address while its region and network have no active proxy-only subnet. With
`manage: false` somebody else has to create it, with the range that the NetworkPolicies admit.

Source: https://cloud.google.com/load-balancing/docs/proxy-only-subnets (2026)

Passes:

    gateway: {proxyOnlySubnet: {manage: true}}

Fails:

    gateway: {proxyOnlySubnet: {manage: false}}
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
    gateway, subnet = profile.gateway, profile.gateway.proxy_only_subnet
    known = catalog.gateway_classes.get(gateway.class_name)
    if subnet.manage or known is None or known.proxy_only_subnet is None:
        return
    yield Violation(
        ("gateway", "proxyOnlySubnet", "manage"),
        f"the scripts do not create the proxy-only subnet, and {gateway.class_name} gets no "
        f"address without an active one in the network {profile.cluster.network}",
        f"make sure that one with the range {subnet.range} exists, or set "
        "gateway.proxyOnlySubnet.manage to true",
    )


RULE = ProfileRule("proxy-only-subnet-unmanaged", Severity.INFO, _check)
