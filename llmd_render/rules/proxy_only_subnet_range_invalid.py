"""The proxy-only subnet has a private range of /26 or larger that is free.

Google's regional load balancers are proxies with addresses of this subnet. Google Cloud refuses a
range with host bits set or smaller than /26, and one that overlaps another subnet: a network in
auto mode, as `default` is, has given all of 10.128.0.0/9 to its own subnets.

Source: https://cloud.google.com/load-balancing/docs/proxy-only-subnets (2026)

Passes:

    gateway: {proxyOnlySubnet: {range: 192.168.10.0/26}}

Fails:

    gateway: {proxyOnlySubnet: {range: 10.129.0.0/23}}
"""

from __future__ import annotations

from ipaddress import IPv4Network
from typing import TYPE_CHECKING

from llmd_render.diagnostics import Severity, Violation

from .rule import ProfileRule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from llmd_render.catalog import Catalog
    from llmd_render.profile import Profile


_PRIVATE = tuple(IPv4Network(text) for text in ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16"))
_AUTO_MODE = IPv4Network("10.128.0.0/9")
_LONGEST_PREFIX = 26


def _check(profile: Profile, catalog: Catalog) -> Iterator[Violation]:
    known = catalog.gateway_classes.get(profile.gateway.class_name)
    if known is not None and known.proxy_only_subnet is None:
        return
    text = profile.gateway.proxy_only_subnet.range
    problem = find_problem(text, profile.cluster.network)
    if problem:
        message, hint = problem
        yield Violation(
            ("gateway", "proxyOnlySubnet", "range"),
            f"the range {text} of the proxy-only subnet {message}",
            hint,
        )


def find_problem(text: str, network: str) -> tuple[str, str] | None:
    """Say what is wrong with a range for a network, and what to use instead."""
    example = "use a free range such as 192.168.0.0/23"
    try:
        meant = IPv4Network(text if "/" in text else "", strict=False)
    except ValueError:
        return "is no IPv4 range: four numbers up to 255 and a prefix up to /32", example
    if str(meant) != text:
        return f"does not begin where a /{meant.prefixlen} begins", f"use {meant}"
    if meant.prefixlen > _LONGEST_PREFIX:
        wider = meant.supernet(new_prefix=_LONGEST_PREFIX)
        return "is too small; Google Cloud wants /26 or larger", f"use {wider}, or better a /23"
    if not any(meant.subnet_of(private) for private in _PRIVATE):
        allowed = "10.0.0.0/8, 172.16.0.0/12 or 192.168.0.0/16"
        return f"is not private; it must lie in {allowed}", example
    if network == "default" and meant.overlaps(_AUTO_MODE):
        return f"overlaps {_AUTO_MODE}, which the network default uses for its subnets", example
    return None


RULE = ProfileRule("proxy-only-subnet-range-invalid", Severity.ERROR, _check, acknowledgeable=False)
