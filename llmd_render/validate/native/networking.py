"""NetworkPolicy and Ingress (networking validation)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from llmd_render.diagnostics import DataPath, Violation
from llmd_render.validate.words import name_of, show

from .addresses import check_range, parse_address, parse_range
from .findings import (
    Mapping,
    check_choice,
    entries,
    integer,
    is_set,
    mapping,
    refuse_choice,
    require,
    sequence,
    text,
    texts,
)
from .names import check_dns_label, check_subdomain, is_subdomain
from .ports import PROTOCOLS, check_port, check_port_number
from .selectors import check_selector

if TYPE_CHECKING:
    from collections.abc import Iterator

_TYPES = ("Ingress", "Egress")
_PATH_TYPES = ("Exact", "Prefix", "ImplementationSpecific")
_BAD_IN_PATHS = ("//", "/./", "/../", "%2f", "%2F")
_BAD_AT_ENDS = ("/..", "/.")
_PEER = "native-peer-fields-conflict"
_RANGE = "native-port-range-invalid"
_BACKEND = "native-ingress-backend-invalid"


def check_network_policy(data: Mapping) -> Iterator[Violation]:
    """Find what the server refuses of a NetworkPolicy."""
    spec = mapping(data.get("spec"))
    path: DataPath = ("spec",)
    yield from check_selector(spec.get("podSelector"), (*path, "podSelector"))
    for key, side in (("ingress", "from"), ("egress", "to")):
        for rule, place in entries(spec, key, path):
            for port, where in entries(rule, "ports", place):
                yield from _check_policy_port(port, where)
            for peer, where in entries(rule, side, place):
                yield from _check_peer(peer, where)
    types = sequence(spec.get("policyTypes"))
    code = "native-policy-types-invalid"
    for value, place in texts(spec, "policyTypes", path):
        if value not in _TYPES:
            yield refuse_choice(value, _TYPES, place, code)
    if len(types) > len(_TYPES):
        message = f"policyTypes has {len(types)} types; there are only Ingress and Egress"
        yield Violation((*path, "policyTypes"), message, code=code)


def _check_policy_port(port: Mapping, path: DataPath) -> Iterator[Violation]:
    yield from check_choice(port, "protocol", PROTOCOLS, path)
    yield from check_port(port.get("port"), (*path, "port"))
    if not is_set(port, "endPort"):
        return
    first, last = integer(port.get("port")), integer(port.get("endPort"))
    place = (*path, "endPort")
    if first is None:
        message = "endPort is set; it needs a port that is a number"
        yield Violation(place, message, code=_RANGE, key=True)
    elif last is not None and last < first:
        message = f"endPort is {show(last)}; it must be at least port, {show(first)}"
        yield Violation(place, message, code=_RANGE)
    yield from check_port_number(last, place)


def _check_peer(peer: Mapping, path: DataPath) -> Iterator[Violation]:
    selectors = [key for key in ("podSelector", "namespaceSelector") if is_set(peer, key)]
    block = peer.get("ipBlock")
    name = name_of(path, "the peer")
    if not selectors and block is None:
        message = f"{name} is empty; it must have ipBlock, podSelector or namespaceSelector"
        hint = "to mean every peer, leave the whole list out"
        yield Violation(path, message, hint, _PEER)
    elif selectors and block is not None:
        message = f"ipBlock stands beside {selectors[0]}; a peer has one or the other"
        yield Violation((*path, "ipBlock"), message, code=_PEER, key=True)
    for key in selectors:
        yield from check_selector(peer[key], (*path, key))
    if isinstance(block, dict):
        yield from _check_block(block, (*path, "ipBlock"))


def _check_block(block: Mapping, path: DataPath) -> Iterator[Violation]:
    yield from require(block, "cidr", path)
    whole = text(block, "cidr")
    if not whole:
        return
    yield from check_range(whole, (*path, "cidr"))
    outer = parse_range(whole)
    for item, place in texts(block, "except", path):
        yield from check_range(item, place)
        inner = parse_range(item)
        if inner is None or outer is None:
            continue
        part = inner.version == outer.version and inner.network_address in outer
        if not part or inner.prefixlen <= outer.prefixlen:
            message = (
                f"{name_of(place, 'it')} is {show(item)}; it must be a smaller part of {whole}"
            )
            yield Violation(place, message, code="native-except-outside-range")


def check_ingress(data: Mapping) -> Iterator[Violation]:
    """Find what the server refuses of an Ingress."""
    spec = mapping(data.get("spec"))
    path: DataPath = ("spec",)
    if not spec.get("rules") and not is_set(spec, "defaultBackend"):
        message = "spec has neither rules nor defaultBackend; it must have one of them"
        place = path if "spec" in data else ()
        yield Violation(place, message, code="native-ingress-rules-missing", key=bool(place))
    if is_set(spec, "defaultBackend"):
        yield from _check_backend(spec["defaultBackend"], (*path, "defaultBackend"))
    for rule, place in entries(spec, "rules", path):
        host, where = text(rule, "host"), (*place, "host")
        yield from _check_host(host, where)
        if is_subdomain(host) and parse_address(host) is not None:
            message = f"host is {show(host)}; it must be a DNS name, not an address"
            yield Violation(where, message, code="native-ingress-host-invalid")
        http = rule.get("http")
        if isinstance(http, dict):
            yield from require(http, "paths", (*place, "http"))
            for item, where in entries(http, "paths", (*place, "http")):
                yield from _check_ingress_path(item, where)
    for item, place in entries(spec, "tls", path):
        for host, where in texts(item, "hosts", place):
            yield from _check_host(host, where)
    if name := text(spec, "ingressClassName"):
        yield from check_subdomain(name, (*path, "ingressClassName"))


def _check_host(host: str, path: DataPath) -> Iterator[Violation]:
    name = host.removeprefix("*.")
    if not host or is_subdomain(name):
        return
    message = f"{name_of(path, 'host')} is {show(host)}; it must be a DNS name, maybe after '*.'"
    yield Violation(path, message, code="native-ingress-host-invalid")


def _check_ingress_path(item: Mapping, path: DataPath) -> Iterator[Violation]:
    yield from require(item, "pathType", path)
    yield from check_choice(item, "pathType", _PATH_TYPES, path)
    kind, value = text(item, "pathType"), text(item, "path")
    exact = kind in {"Exact", "Prefix"}
    wanted = ""
    if not value.startswith("/") and (value or exact) and kind in _PATH_TYPES:
        wanted = "begin with '/'"
    elif exact and (any(bad in value for bad in _BAD_IN_PATHS) or value.endswith(_BAD_AT_ENDS)):
        wanted = "have no empty part, no '.' or '..' and no %2F"
    if wanted:
        place = (*path, "path") if "path" in item else path
        message = f"path is {show(value)}; with pathType {kind} it must {wanted}"
        yield Violation(place, message, code="native-ingress-path-invalid")
    if isinstance(item.get("backend"), dict):
        yield from _check_backend(item["backend"], (*path, "backend"))


def _check_backend(value: Any, path: DataPath) -> Iterator[Violation]:
    backend = mapping(value)
    both = [key for key in ("service", "resource") if is_set(backend, key)]
    if len(both) != 1:
        count = "both service and resource" if both else "neither service nor resource"
        yield Violation(path, f"backend has {count}; it must have one of them", code=_BACKEND)
    if not isinstance(backend.get("service"), dict):
        return
    service, place = backend["service"], (*path, "service")
    yield from require(service, "name", place)
    # From Kubernetes 1.34 the name of a Service may begin with a digit.
    if name := text(service, "name"):
        yield from check_dns_label(name, (*place, "name"))
    port = mapping(service.get("port"))
    named, number = text(port, "name"), integer(port.get("number"))
    if bool(named) == bool(number):
        message = "port has both name and number" if named else "port has neither name nor number"
        where = (*place, "port") if "port" in service else place
        yield Violation(where, f"{message}; it must have one of them", code=_BACKEND, key=True)
    yield from check_port(named or None, (*place, "port", "name"))
    yield from check_port_number(number or None, (*place, "port", "number"))
