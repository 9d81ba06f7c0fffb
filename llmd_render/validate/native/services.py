"""Service: its type and what goes with it, its ports and addresses (core ValidateService)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from llmd_render.diagnostics import DataPath, Violation
from llmd_render.validate.words import show

from .addresses import check_address, check_range, parse_address
from .findings import (
    Mapping,
    check_bounds,
    check_choice,
    check_unique,
    entries,
    integer,
    is_set,
    mapping,
    require,
    sequence,
    text,
    texts,
)
from .names import check_dns_label, check_labels, check_qualified_name, check_subdomain
from .ports import GREATEST_PORT, PROTOCOLS, check_port, check_port_number

if TYPE_CHECKING:
    from collections.abc import Iterator

_TYPES = frozenset({"ClusterIP", "NodePort", "LoadBalancer", "ExternalName"})
_REACHABLE = frozenset({"NodePort", "LoadBalancer"})
_ONLY_BALANCED = ("loadBalancerSourceRanges", "allocateLoadBalancerNodePorts", "loadBalancerClass")
_LONGEST_AFFINITY = 86400
_SPEC: DataPath = ("spec",)


def check_service(data: Mapping) -> Iterator[Violation]:
    """Find what the server refuses of a Service."""
    spec = mapping(data.get("spec"))
    kind = text(spec, "type") or "ClusterIP"
    yield from check_choice(spec, "type", _TYPES, _SPEC)
    yield from _check_cluster_ip(spec, kind)
    yield from _check_type(spec, kind)
    yield from _check_ports(spec, kind)
    yield from check_labels(spec.get("selector"), (*_SPEC, "selector"))
    yield from _check_policies(spec, kind)
    for address, path in texts(spec, "externalIPs", _SPEC):
        yield from check_address(address, path)
    for block, path in texts(spec, "loadBalancerSourceRanges", _SPEC):
        yield from check_range(block.strip(), path)


def _check_cluster_ip(spec: Mapping, kind: str) -> Iterator[Violation]:
    address = text(spec, "clusterIP")
    path = (*_SPEC, "clusterIP")
    code = "native-cluster-ip-invalid"
    if address == "None" and kind in _REACHABLE:
        yield Violation(path, f"clusterIP is None; a {kind} Service must have an address", "", code)
    elif address and kind == "ExternalName":
        message = f"clusterIP is {show(address)}; an ExternalName Service has none"
        yield Violation(path, message, code=code)
    elif address not in {"", "None"} and parse_address(address) is None:
        message = f"clusterIP is {show(address)}; it must be an IP address, None or empty"
        yield Violation(path, message, code=code)
    others = sequence(spec.get("clusterIPs"))
    if others and isinstance(others[0], str) and others[0] != address:
        message = f"clusterIPs[0] is {show(others[0])}; it must be what clusterIP is"
        yield Violation((*_SPEC, "clusterIPs", 0), message, code=code)


def _check_type(spec: Mapping, kind: str) -> Iterator[Violation]:
    code = "native-service-type-conflict"
    if kind == "ExternalName":
        yield from require(spec, "externalName", _SPEC)
        if name := text(spec, "externalName").removesuffix("."):
            yield from check_subdomain(name, (*_SPEC, "externalName"))
    elif text(spec, "clusterIP") != "None" and kind in _TYPES:
        yield from require(spec, "ports", _SPEC)
    for key in _ONLY_BALANCED:
        if is_set(spec, key) and spec[key] != [] and kind != "LoadBalancer":
            message = f"{key} is set on a {kind} Service; only a LoadBalancer may have it"
            yield Violation((*_SPEC, key), message, code=code, key=True)
    balanced_here = kind == "LoadBalancer" and text(spec, "externalTrafficPolicy") == "Local"
    if integer(spec.get("healthCheckNodePort")) and not balanced_here:
        message = "healthCheckNodePort needs a LoadBalancer whose externalTrafficPolicy is Local"
        yield Violation((*_SPEC, "healthCheckNodePort"), message, code=code, key=True)


def _check_policies(spec: Mapping, kind: str) -> Iterator[Violation]:
    code = "native-service-type-conflict"
    yield from check_choice(spec, "externalTrafficPolicy", ("Cluster", "Local"), _SPEC)
    yield from check_choice(spec, "internalTrafficPolicy", ("Cluster", "Local"), _SPEC)
    yield from check_choice(spec, "sessionAffinity", ("ClientIP", "None"), _SPEC)
    families = ("SingleStack", "PreferDualStack", "RequireDualStack")
    yield from check_choice(spec, "ipFamilyPolicy", families, _SPEC)
    reachable = kind in _REACHABLE or sequence(spec.get("externalIPs"))
    if text(spec, "externalTrafficPolicy") and not reachable:
        message = f"externalTrafficPolicy is set on a {kind} Service, which has no outside traffic"
        yield Violation((*_SPEC, "externalTrafficPolicy"), message, code=code, key=True)
    # Without ClientIP the server drops the configuration before it looks at it.
    if text(spec, "sessionAffinity") == "ClientIP":
        place = (*_SPEC, "sessionAffinityConfig", "clientIP")
        client = mapping(mapping(spec.get("sessionAffinityConfig")).get("clientIP"))
        yield from check_bounds(client, "timeoutSeconds", place, 1, _LONGEST_AFFINITY)


def _check_ports(spec: Mapping, kind: str) -> Iterator[Violation]:
    ports = list(entries(spec, "ports", _SPEC))
    names, numbers, nodes = [], [], []
    for port, path in ports:
        yield from _check_port(port, path, kind, several=len(ports) > 1)
        protocol = text(port, "protocol") or "TCP"
        if name := text(port, "name"):
            names.append((name, (*path, "name")))
        if (number := integer(port.get("port"))) is not None:
            numbers.append(((protocol, number), path))
        if node := integer(port.get("nodePort")):
            nodes.append(((protocol, node), (*path, "nodePort")))
    yield from check_unique(names, "native-port-name-duplicate")
    yield from check_unique(numbers, "native-port-number-duplicate")
    yield from check_unique(nodes, "native-node-port-invalid")


def _check_port(port: Mapping, path: DataPath, kind: str, *, several: bool) -> Iterator[Violation]:
    if name := text(port, "name"):
        yield from check_dns_label(name, (*path, "name"))
    elif several and not port.get("name"):
        message = "ports has several ports; each of them needs a name"
        yield Violation(path, message, code="native-required-field-missing")
    yield from check_port_number(port.get("port"), (*path, "port"))
    yield from check_choice(port, "protocol", PROTOCOLS, path)
    target = port.get("targetPort")
    # 0 and an empty name are replaced by the port itself.
    yield from check_port(target or None, (*path, "targetPort"))
    if protocol := text(port, "appProtocol"):
        yield from check_qualified_name(protocol, (*path, "appProtocol"))
    node = integer(port.get("nodePort"))
    code = "native-node-port-invalid"
    if node is not None and not 0 <= node <= GREATEST_PORT:
        message = f"nodePort is {show(node)}; it must be a port, as a rule from 30000 to 32767"
        yield Violation((*path, "nodePort"), message, code=code)
    elif node and kind == "ClusterIP":
        message = f"nodePort is {node}; a ClusterIP Service has no node ports"
        yield Violation((*path, "nodePort"), message, code=code, key=True)
