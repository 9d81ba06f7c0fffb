"""Only clients that are meant to can call the Gateway.

vLLM asks nobody for a password. Whoever reaches the address uses the TPUs at the owner's expense,
and TLS alone does not change that: it hides what is said and lets everybody speak.

Source: https://cloud.google.com/armor/docs/security-policy-overview (2026)

Passes:

    gateway:
      className: gke-l7-regional-external-managed
      allowedSourceRanges: [203.0.113.0/24]

Fails:

    gateway: {className: gke-l7-regional-external-managed}
"""

from __future__ import annotations

from ipaddress import IPv4Network, collapse_addresses
from typing import TYPE_CHECKING

from llmd_render.diagnostics import Severity, Violation

from .rule import ProfileRule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from llmd_render.catalog import Catalog
    from llmd_render.profile import Profile


def _check(profile: Profile, catalog: Catalog) -> Iterator[Violation]:
    gateway = profile.gateway
    known = catalog.gateway_classes.get(gateway.class_name)
    if known is None or known.exposure != "external":
        return
    ranges = gateway.allowed_source_ranges
    if ranges and not _covers_everything(ranges):
        return
    but = " (TLS encrypts the calls and does not limit who makes them)" if gateway.tls else ""
    yield Violation(
        ("gateway", "allowedSourceRanges" if ranges else "className"),
        f"anybody on the internet can call a Gateway of class {gateway.class_name} and use the TPUs"
        f"{but}",
        "list your clients' ranges in gateway.allowedSourceRanges, or use gke-l7-rilb, which only "
        "the VPC network reaches",
    )


def _covers_everything(ranges: list[str]) -> bool:
    try:
        networks = [IPv4Network(item, strict=False) for item in ranges]
    except ValueError:
        return False  # allowed-source-range-invalid
    return any(network.prefixlen == 0 for network in collapse_addresses(networks))


RULE = ProfileRule("gateway-open-to-internet", Severity.WARNING, _check)
