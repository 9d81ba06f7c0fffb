"""What Kubernetes adds to CEL about IP addresses, address ranges and URLs.

A value of such a type is a mapping with one key, because the engine takes no types of ours.
"""

from __future__ import annotations

import re
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from typing import Any
from urllib.parse import parse_qs, quote, unquote

Address = IPv4Address | IPv6Address
Opaque = dict[str, str]
"""A value of a type that the engine does not know."""

IP, CIDR, URL = "llmd_ip", "llmd_cidr", "llmd_url"
_LOCAL_MULTICAST = (ip_network("224.0.0.0/24"), ip_network("ff02::/16"))
# Few trees have a rule that asks about an address: these are compiled where one does.
_PORT = r"(:[0-9]*)?"
_SCHEME = r"[A-Za-z][A-Za-z0-9+.-]*:"
_USER = r"[A-Za-z0-9\-._:~!$&'()*+,;=%@]*"
_HOST = r"[A-Za-z0-9\-_.~!$&'()*+,;=:\[\]<>\"%\u0080-\U0010ffff]*"
_BAD_ESCAPE = r"%(?![0-9A-Fa-f]{2})"
_ENCODED_PATH = r"[A-Za-z0-9\-._~!$&'()*+,;=:@\[\]/%]*"


def unwrap(value: Any, kind: str) -> str:
    """Give the text of a value of one of our types, or fail as a call with the wrong type does."""
    text = value.get(kind) if isinstance(value, dict) and len(value) == 1 else None
    if not isinstance(text, str):
        raise ValueError("no such overload")  # noqa: TRY004 - what the engine passes on
    return text


def parse_ip(text: str) -> Address:
    """Read an address as Go's netip does, without zones and IPv4 in the form of IPv6."""
    if "%" in text:
        raise ValueError("IP address with zone value is not allowed")
    try:
        address = ip_address(text)
    except ValueError:
        raise ValueError(f"IP Address '{text}' parse error during conversion from string") from None
    if isinstance(address, IPv6Address) and address.ipv4_mapped:
        raise ValueError("IPv4-mapped IPv6 address is not allowed")
    return address


def parse_cidr(text: str) -> tuple[Address, int]:
    """Read an address and the length of its prefix; the address may be any of the range."""
    host, slash, bits = text.rpartition("/")
    problem = ValueError(f"network address parse error during conversion from string: {text!r}")
    if not slash or not re.fullmatch("0|[1-9][0-9]{0,2}", bits):
        raise problem
    address = parse_ip(host)
    if int(bits) > address.max_prefixlen:
        raise problem
    return address, int(bits)


def make_ip(text: str) -> Opaque:
    """Do what `ip` does in a rule."""
    return {IP: str(parse_ip(text))}


def make_cidr(text: str) -> Opaque:
    """Do what `cidr` does in a rule."""
    address, bits = parse_cidr(text)
    return {CIDR: f"{address}/{bits}"}


def ip_of(value: Any) -> Address:
    """Read the address of an IP, whether made by `ip` or still text."""
    return parse_ip(value if isinstance(value, str) else unwrap(value, IP))


def cidr_of(value: Any) -> tuple[Address, int]:
    """Read an address range, whether made by `cidr` or still text."""
    return parse_cidr(value if isinstance(value, str) else unwrap(value, CIDR))


def is_canonical(text: str) -> bool:
    """Whether an address is written in its one usual form."""
    return str(parse_ip(text)) == text


def is_link_local_multicast(value: Any) -> bool:
    """Whether an address reaches only all hosts of one link."""
    address = ip_of(value)
    return any(address in network for network in _LOCAL_MULTICAST)


def is_global_unicast(value: Any) -> bool:
    """Whether an address is one of a single host beyond its link, as Go understands it."""
    address = ip_of(value)
    return not (
        address.is_unspecified
        or address.is_loopback
        or address.is_multicast
        or address.is_link_local
        or str(address) == "255.255.255.255"
    )


def contains_ip(value: Any, other: Any) -> bool:
    """Whether an address is in a range; one of the other family never is."""
    address, bits = cidr_of(value)
    inner = ip_of(other)
    return inner.version == address.version and _cut(inner, bits) == _cut(address, bits)


def contains_cidr(value: Any, other: Any) -> bool:
    """Whether all of a range is in another."""
    inner, inner_bits = cidr_of(other)
    _, bits = cidr_of(value)
    return bits <= inner_bits and contains_ip(value, {IP: str(inner)})


def mask(value: Any) -> Opaque:
    """Give the range under its first address."""
    address, bits = cidr_of(value)
    first = type(address)(_cut(address, bits) << (address.max_prefixlen - bits))
    return {CIDR: f"{first}/{bits}"}


def _cut(address: Address, bits: int) -> int:
    return int(address) >> (address.max_prefixlen - bits)


def parse_url(text: str) -> dict[str, str]:
    """Split a URL as Go's ParseRequestURI does: an absolute one, or an absolute path."""
    if not text or any(ord(character) < 32 or character == "\x7f" for character in text):  # noqa: PLR2004 - control characters
        raise _bad_url(text)
    parts = dict.fromkeys(("scheme", "host", "path", "query"), "")
    if text == "*":
        return parts | {"path": "*"}
    scheme = re.match(_SCHEME, text)
    rest = text[scheme.end() :] if scheme else text
    parts["scheme"] = scheme[0][:-1].lower() if scheme else ""
    rest, _, parts["query"] = rest.partition("?")
    if not rest.startswith("/"):
        if not scheme or text.startswith(":"):
            raise _bad_url(text)
        return parts
    if scheme and rest.startswith("//"):
        authority, slash, rest = rest[2:].partition("/")
        rest = slash + rest
        parts["host"] = _host_of(authority, text)
    if re.search(_BAD_ESCAPE, rest):
        raise _bad_url(text)
    return parts | {"path": rest}


def _host_of(authority: str, url: str) -> str:
    user, _, host = authority.rpartition("@")
    start = host.rfind("]") + 1 if host.startswith("[") else host.rfind(":")
    closed = start > 0 or not host.startswith("[")
    port = host[start:] if start >= 0 else ""
    good = closed and re.fullmatch(_PORT, port) and re.fullmatch(_HOST, host)
    # In a host only what is not ASCII may be escaped; a zone in brackets is the exception.
    escapes = [] if host.startswith("[") else re.findall("%(..)", host)
    if not good or not re.fullmatch(_USER, user) or re.search(_BAD_ESCAPE, user + host):
        raise _bad_url(url)
    if any(int(escape, 16) < 0x80 for escape in escapes):  # noqa: PLR2004 - the end of ASCII
        raise _bad_url(url)
    return unquote(host)


def _bad_url(text: str) -> ValueError:
    return ValueError(f"URL parse error during conversion from string: parse {text!r}")


def make_url(text: str) -> Opaque:
    """Do what `url` does in a rule."""
    parse_url(text)
    return {URL: text}


def url_part(value: Any, part: str) -> str:
    """Give a part of a URL: scheme, host, hostname, port or path."""
    parts = parse_url(unwrap(value, URL))
    if part not in {"hostname", "port"}:
        return _escape_path(parts["path"]) if part == "path" else parts[part]
    host = parts["host"]
    name, colon, port = host.rpartition(":")
    if not colon or port.endswith("]"):
        name, port = host, ""
    return port if part == "port" else name.removeprefix("[").removesuffix("]")


def url_query(value: Any) -> dict[str, list[str]]:
    """Give the keys of a URL's query and the values of each."""
    query = parse_url(unwrap(value, URL))["query"]
    return parse_qs(query, keep_blank_values=True, max_num_fields=1000)


def _escape_path(path: str) -> str:
    return path if re.fullmatch(_ENCODED_PATH, path) else quote(unquote(path), safe="$&+,/:;=@-_.~")
