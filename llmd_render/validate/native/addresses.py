"""IP addresses and ranges of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from llmd_render.diagnostics import DataPath, Severity, Violation
from llmd_render.validate.words import name_of, show

if TYPE_CHECKING:
    from collections.abc import Iterator
    from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network

    Address = IPv4Address | IPv6Address
    Network = IPv4Network | IPv6Network


def parse_address(text: str) -> Address | None:
    """Read an IP address; leading zeros, which old releases took, are taken too."""
    from ipaddress import ip_address  # noqa: PLC0415 - few objects have addresses

    try:
        return None if "%" in text else ip_address(_without_zeros(text))
    except ValueError:
        return None


def parse_range(text: str) -> Network | None:
    """Read an address range, with bits beyond its prefix or without."""
    from ipaddress import ip_network  # noqa: PLC0415 - few objects have addresses

    address, slash, length = text.partition("/")
    # Python takes a netmask after the slash as well, and no slash at all.
    if not slash or not (length.isascii() and length.isdecimal()) or "%" in text:
        return None
    try:
        return ip_network(f"{_without_zeros(address)}/{length}", strict=False)
    except ValueError:
        return None


def check_address(value: Any, path: DataPath) -> Iterator[Violation]:
    """Report what is no IP address."""
    if isinstance(value, str) and parse_address(value) is None:
        message = f"{name_of(path, 'it')} is {show(value)}; it must be an IP address"
        yield Violation(path, message, code="native-ip-address-invalid")


def check_range(value: Any, path: DataPath) -> Iterator[Violation]:
    """Report what is no address range, or one that is not written as what it means."""
    if not isinstance(value, str):
        return
    network = parse_range(value)
    if network is None:
        message = f"{name_of(path, 'it')} is {show(value)}; it must be a range such as 10.0.0.0/8"
        yield Violation(path, message, code="native-address-range-invalid")
    elif ":" not in value and value != str(network):
        message = f"{name_of(path, 'it')} is {show(value)}; what it means is written {network}"
        code = "native-address-range-not-canonical"
        yield Violation(path, message, code=code, severity=Severity.WARNING)


def _without_zeros(text: str) -> str:
    if ":" in text:
        return text
    parts = text.split(".")
    return ".".join(part.lstrip("0") or "0" if part.isdecimal() else part for part in parts)
