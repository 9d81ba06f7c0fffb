"""Formats, and patterns in Go's dialect, as the API server enforces them."""

from __future__ import annotations

import re
from functools import cache

_DATE = r"\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])"
_TIME = r"([01]\d|2[0-3]):[0-5]\d:([0-5]\d|60)(\.\d+)?(Z|[+-]\d\d:\d\d)"
_GO_DURATION = r"[-+]?(0|((\d+(\.\d*)?|\.\d+)(ns|us|µs|μs|ms|s|m|h))+)"
_UNITS = frozenset(
    {
        *("ns", "nano", "nanosecond", "us", "µs", "micro", "microsecond", "ms", "milli"),
        *("millisecond", "s", "sec", "second", "m", "min", "minute", "h", "hr", "hour"),
        *("d", "day", "w", "wk", "week"),
    }
)
_NUMBER = r"(\d+(\.\d*)?|\.\d+)"
_LABEL = r"[a-zA-Z0-9]([a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?"
_B = r"[A-Za-z0-9+/]\s*"
_BASE64 = rf"\s*({_B}{_B}{_B}{_B})*({_B}{_B}=\s*=|{_B}{_B}{_B}=)?\s*"

_REGULAR = {
    "date": (_DATE, "a date such as 2026-01-31"),
    "date-time": (f"{_DATE}[Tt]{_TIME}", "a time such as 2026-01-31T12:00:00Z"),
    "duration": (_GO_DURATION, "a duration such as 30s"),
    "quantity": (
        rf"[+-]?{_NUMBER}([KMGTPE]i|[numkMGTPE]|[eE][+-]?{_NUMBER})?",
        "a quantity such as 500m or 2Gi",
    ),
    "byte": (_BASE64, "text in base64"),
    "uuid": (
        r"[0-9a-fA-F]{8}-?[0-9a-fA-F]{4}-?[0-9a-fA-F]{4}-?[0-9a-fA-F]{4}-?[0-9a-fA-F]{12}",
        "a UUID",
    ),
    "mac": (r"([0-9a-fA-F]{2}[:-]){5}([0-9a-fA-F]{2})", "a MAC address"),
    "hostname": (rf"(?=.{{1,255}}$){_LABEL}(\.{_LABEL})*\.?", "a host name"),
    "uri": (r"([a-zA-Z][a-zA-Z0-9+.-]*:|/)[^\s]*", "a URI"),
}
_ADDRESSES = {
    "ipv4": "an IPv4 address",
    "ipv6": "an IPv6 address",
    "cidr": "an address range such as 10.0.0.0/8",
}
_POSIX = {
    "alnum": "0-9A-Za-z",
    "alpha": "A-Za-z",
    "digit": "0-9",
    "lower": "a-z",
    "upper": "A-Z",
    "word": "0-9A-Za-z_",
    "space": r"\t\n\v\f\r ",
    "xdigit": "0-9A-Fa-f",
}
_INTEGER_BITS = {"int32": 32, "int64": 64}


def wrong_format(text: str, name: str) -> str:
    """Say what a text of this format must be, if it is not; nothing for unknown formats."""
    if name == "duration" and _is_spoken_duration(text):
        return ""
    if name in _REGULAR:
        pattern, meaning = _REGULAR[name]
        return "" if _compile(pattern).fullmatch(text) else meaning
    if name in _ADDRESSES and not _is_address(text, name):
        return _ADDRESSES[name]
    return ""


def integer_range(name: str) -> tuple[int, int] | None:
    """Give the least and the greatest number of an integer format."""
    bits = _INTEGER_BITS.get(name)
    return (-(2 ** (bits - 1)), 2 ** (bits - 1) - 1) if bits else None


def matches(pattern: str, text: str) -> bool | None:
    """Whether a pattern of a schema is found in the text; None where only Go knows that."""
    compiled = _from_go(pattern)
    return None if compiled is None else compiled.search(text) is not None


def _is_address(text: str, name: str) -> bool:
    from ipaddress import ip_address, ip_interface  # noqa: PLC0415 - needed by few schemas

    try:
        if name == "cidr":
            return "/" in text and bool(ip_interface(text))
        version = 4 if name == "ipv4" else 6
        return "%" not in text and ip_address(text).version == version
    except ValueError:
        return False


def _is_spoken_duration(text: str) -> bool:
    """Whether a text is a duration such as `2 days`, which the server takes as well."""
    # The units are looked up after the match: as alternatives they would make it ambiguous.
    if not _compile(r"(\d+\s*[a-zµ]+\s*)+").fullmatch(text):
        return False
    return all(unit in _UNITS or unit.removesuffix("s") in _UNITS for unit in _units_in(text))


def _units_in(text: str) -> list[str]:
    return _compile(r"[a-zµ]+").findall(text)


@cache
def _compile(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern, re.ASCII)


@cache
def _from_go(pattern: str) -> re.Pattern[str] | None:
    """Compile a pattern; in Go `$` is the end of the text, in Python also a newline before it."""
    for name, characters in _POSIX.items():
        pattern = pattern.replace(f"[:{name}:]", characters)
    parts: list[str] = []
    in_class = False
    position = 0
    while position < len(pattern):
        character = pattern[position]
        if character == "\\" and position + 1 < len(pattern):
            pair = pattern[position : position + 2]
            parts.append(r"\Z" if pair == r"\z" else pair)
            position += 2
            continue
        if character == "[" and not in_class:
            in_class = True
            # A bracket that comes first in a class, or first after ^, is an ordinary character.
            opening = re.match(r"\[\^?\]?", pattern[position:])
            parts.append(opening[0] if opening else character)
            position += len(parts[-1])
            continue
        if character == "]":
            in_class = False
        parts.append(_in_python(character, in_class=in_class))
        position += 1
    try:
        return re.compile("".join(parts), re.ASCII)
    except re.error:
        return None


def _in_python(character: str, *, in_class: bool) -> str:
    if in_class:
        return r"\[" if character == "[" else character
    return r"\Z" if character == "$" else character
