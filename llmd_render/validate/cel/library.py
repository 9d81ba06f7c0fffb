"""What Kubernetes adds to CEL, as functions for the engine."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

from . import formats, networks, quantities
from .source import OWN

if TYPE_CHECKING:
    from collections.abc import Callable

_LEAST, _GREATEST = -(2**63), 2**63 - 1


class NotSupportedError(ValueError):
    """A function of the server that exists here only in part."""

    def __init__(self, what: str) -> None:
        super().__init__(f"not supported: {what}")


@dataclass(frozen=True, slots=True)
class Function:
    """One overload of a function; the names of types are CEL's, and `any` is each of them."""

    call: Callable[..., Any]
    parameters: tuple[str, ...]
    result: str = "any"
    member: bool = True


def _member(call: Callable[..., Any], *parameters: str, result: str = "any") -> Function:
    return Function(call, parameters, result)


def _plain(call: Callable[..., Any], *parameters: str, result: str = "any") -> Function:
    return Function(call, parameters, result, member=False)


def _succeeds(call: Callable[..., Any]) -> Callable[..., bool]:
    """Make of a function the one that says whether that function takes its arguments."""

    def succeeds(*arguments: Any) -> bool:
        try:
            call(*arguments)
        except NotSupportedError:
            raise
        except ValueError:
            return False
        return True

    return succeeds


def _same(value: Any, other: Any) -> bool:
    # In Python True == 1; in CEL it is not.
    return value == other and isinstance(value, bool) == isinstance(other, bool)


def _index_of(values: list[Any], wanted: Any) -> int:
    return next((index for index, item in enumerate(values) if _same(item, wanted)), -1)


def _last_index_of(values: list[Any], wanted: Any) -> int:
    places = range(len(values) - 1, -1, -1)
    return next((index for index in places if _same(values[index], wanted)), -1)


def _text_index(text: str, part: str, start: int = 0) -> int:
    if not 0 <= start <= len(text):
        raise ValueError(f"index out of range: {start}")
    return text.find(part, start)


def _text_last_index(text: str, part: str, start: int | None = None) -> int:
    if start is None:
        return text.rfind(part)
    if not 0 <= start <= len(text):
        raise ValueError(f"index out of range: {start}")
    return text.rfind(part, 0, start + len(part))


def _comparable(values: list[Any]) -> list[Any]:
    kinds = {float if type(item) is int else type(item) for item in values}
    if len(kinds) > 1 or kinds & {dict, list, type(None)}:
        raise ValueError("no such overload")
    return values


def _is_sorted(values: list[Any]) -> bool:
    _comparable(values)
    return all(values[index] <= values[index + 1] for index in range(len(values) - 1))


def _sum(values: list[Any]) -> float:
    if any(isinstance(item, bool) or not isinstance(item, (int, float)) for item in values):
        raise NotSupportedError("the sum of what are not numbers")
    total: float = sum(values)
    if isinstance(total, int) and not _LEAST <= total <= _GREATEST:
        raise ValueError("integer overflow")
    return total


def _extreme(choose: Callable[[list[Any]], Any], name: str) -> Callable[[list[Any]], Any]:
    def extreme(values: list[Any]) -> Any:
        if not values:
            raise ValueError(f"{name} called on empty list")
        return choose(_comparable(values))

    return extreme


def _to_text(value: Any) -> str:
    """Do what `string` does, in rules in which its argument may be one of our types."""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, int):
        return str(value)
    if isinstance(value, dict) and len(value) == 1:
        (kind, text) = next(iter(value.items()))
        if kind in {networks.IP, networks.CIDR}:
            return str(text)
    raise NotSupportedError("string() of this value in a rule about IP addresses")


def _networks() -> dict[str, tuple[Function, ...]]:
    ip_of, cidr_of = networks.ip_of, networks.cidr_of
    address = "map"
    both = ("string", "map")
    return {
        "isIP": (_plain(_succeeds(networks.parse_ip), "string", result="bool"),),
        "ip": (
            _plain(networks.make_ip, "string"),
            _member(lambda value: {networks.IP: str(cidr_of(value)[0])}, address),
        ),
        "ip.isCanonical": (_plain(networks.is_canonical, "string", result="bool"),),
        "family": (_member(lambda value: ip_of(value).version, address, result="int"),),
        "isUnspecified": (
            _member(lambda value: ip_of(value).is_unspecified, address, result="bool"),
        ),
        "isLoopback": (_member(lambda value: ip_of(value).is_loopback, address, result="bool"),),
        "isLinkLocalMulticast": (
            _member(networks.is_link_local_multicast, address, result="bool"),
        ),
        "isLinkLocalUnicast": (
            _member(lambda value: ip_of(value).is_link_local, address, result="bool"),
        ),
        "isGlobalUnicast": (_member(networks.is_global_unicast, address, result="bool"),),
        "isCIDR": (_plain(_succeeds(networks.parse_cidr), "string", result="bool"),),
        "cidr": (_plain(networks.make_cidr, "string"),),
        "containsIP": tuple(
            _member(networks.contains_ip, address, kind, result="bool") for kind in both
        ),
        "containsCIDR": tuple(
            _member(networks.contains_cidr, address, kind, result="bool") for kind in both
        ),
        "masked": (_member(networks.mask, address),),
        "prefixLength": (_member(lambda value: cidr_of(value)[1], address, result="int"),),
    }


def _urls() -> dict[str, tuple[Function, ...]]:
    parts = {
        "getScheme": "scheme",
        "getHost": "host",
        "getHostname": "hostname",
        "getPort": "port",
        "getEscapedPath": "path",
    }
    return {
        "isURL": (_plain(_succeeds(networks.parse_url), "string", result="bool"),),
        "url": (_plain(networks.make_url, "string"),),
        "getQuery": (_member(networks.url_query, "map"),),
        **{
            name: (
                _member(
                    lambda value, part=part: networks.url_part(value, part), "map", result="string"
                ),
            )
            for name, part in parts.items()
        },
    }


def _quantities() -> dict[str, tuple[Function, ...]]:
    def part(index: int) -> tuple[Function, ...]:
        return (_member(lambda value: quantities.version_of(value).numbers[index], "map"),)

    compare = quantities.compare
    semver = quantities.make_version
    sums = {"add": quantities.add, "sub": quantities.subtract}
    return {
        "isQuantity": (_plain(_succeeds(quantities.parse_quantity), "string", result="bool"),),
        "quantity": (_plain(quantities.make_quantity, "string"),),
        "sign": (_member(quantities.sign, "map", result="int"),),
        "isInteger": (_member(quantities.is_integer, "map", result="bool"),),
        "asInteger": (_member(quantities.to_integer, "map", result="int"),),
        "asApproximateFloat": (_member(quantities.to_float, "map", result="double"),),
        **{
            name: (_member(call, "map", "map"), _member(call, "map", "int"))
            for name, call in sums.items()
        },
        "compareTo": (_member(compare, "map", "map", result="int"),),
        "isGreaterThan": (_member(lambda a, b: compare(a, b) > 0, "map", "map", result="bool"),),
        "isLessThan": (_member(lambda a, b: compare(a, b) < 0, "map", "map", result="bool"),),
        "isSemver": (
            _plain(_succeeds(semver), "string", result="bool"),
            _plain(_succeeds(semver), "string", "bool", result="bool"),
        ),
        "semver": (_plain(semver, "string"), _plain(semver, "string", "bool")),
        "major": part(0),
        "minor": part(1),
        "patch": part(2),
    }


_LISTS = {
    "isSorted": (_member(_is_sorted, "list", result="bool"),),
    "sum": (_member(_sum, "list"),),
    "min": (_member(_extreme(min, "min"), "list"),),
    "max": (_member(_extreme(max, "max"), "list"),),
    f"{OWN}indexOf": (
        _member(_index_of, "list", "any", result="int"),
        _member(_text_index, "string", "string", result="int"),
        _member(_text_index, "string", "string", "int", result="int"),
    ),
    f"{OWN}lastIndexOf": (
        _member(_last_index_of, "list", "any", result="int"),
        _member(_text_last_index, "string", "string", result="int"),
        _member(_text_last_index, "string", "string", "int", result="int"),
    ),
    f"{OWN}string": (_plain(_to_text, "any", result="string"),),
}
_FORMATS = {
    **{f"format.{name}": (_plain(partial(formats.make_format, name)),) for name in formats.FORMATS},
    "format.named": (_plain(formats.named, "string", result="list"),),
    "validate": (_member(formats.validate, "map", "string", result="list"),),
}
OVERLOADS: dict[str, tuple[Function, ...]] = (
    _LISTS | _FORMATS | _networks() | _urls() | _quantities()
)
"""All functions that need nothing of the engine, by the name that rules call them."""


def overloads_with_regex(
    find_all: Callable[[str, str], list[str]],
) -> dict[str, tuple[Function, ...]]:
    """Make the functions that search; only the engine has Go's dialect of patterns."""

    def search(text: str, pattern: str, most: int = -1) -> list[str]:
        found = find_all(_without_groups(pattern), text) if most else []
        return found if most < 0 else found[:most]

    def find(text: str, pattern: str) -> str:
        return next(iter(search(text, pattern)), "")

    return {
        "find": (_member(find, "string", "string", result="string"),),
        "findAll": (
            _member(search, "string", "string", result="list"),
            _member(search, "string", "string", "int", result="list"),
        ),
    }


def _without_groups(pattern: str) -> str:
    """Let no group capture: of a pattern with one the engine gives that, not the whole match."""
    parts: list[str] = []
    in_class = False
    for match in re.finditer(
        r"\\Q.*?(?:\\E|$)|\\.|\[\^?\]?|\(\?P?<[^>]*>|\((?!\?)|.", pattern, re.DOTALL
    ):
        text = match[0]
        if in_class:
            in_class = text != "]"
        elif text.startswith("["):
            in_class = True
        elif text == "(" or text.startswith(("(?P<", "(?<")):
            text = "(?:"
        parts.append(text)
    return "".join(parts)
