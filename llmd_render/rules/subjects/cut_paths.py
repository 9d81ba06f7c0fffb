"""What NetworkPolicies of a tree let through; shared by the rules about paths that they cut."""

from __future__ import annotations

from dataclasses import dataclass
from ipaddress import IPv4Network, IPv6Network, ip_network
from typing import TYPE_CHECKING, Any

from llmd_render.lookup import text_at, value_at

from .known_pods import COMPONENT, SCHEDULER, Pods, find_service_pods, has_presets, selects
from .objects import (
    GATEWAY_API,
    KSERVE,
    agree,
    group_of,
    items_at,
    mapping_at,
    name_of,
    namespace_of,
    objects,
    once,
    pod_specs,
)
from .whole_tree import is_settled

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from llmd_render.diagnostics import DataPath
    from llmd_render.manifest import Manifest, Tree

MODEL_PORT = 8000
HEALTH_CHECKS = (IPv4Network("35.191.0.0/16"), IPv4Network("130.211.0.0/22"))
AT: DataPath = ("spec", "podSelector")
WITH_PROXIES = ("gke-l7-regional-external-managed", "gke-l7-rilb")
"""The classes whose load balancers call from a proxy-only subnet."""

_WORKLOAD = "kserve.io/component"
# Policies of other kinds admit too, in words of their own.
_OTHER_POLICIES = frozenset(
    {"cilium.io", "crd.projectcalico.org", "policy.networking.k8s.io", "projectcalico.org"}
)
_GATEWAYS = "gke-l7-"


@dataclass(frozen=True, slots=True)
class PlacedRule:
    """A rule of a NetworkPolicy, and where it stands."""

    policy: Manifest
    path: DataPath
    rule: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Isolated:
    """Pods of a service that NetworkPolicies cut off in one direction but for their rules."""

    service: Manifest
    pods: Pods
    policies: tuple[Manifest, ...]
    placed: tuple[PlacedRule, ...]

    @property
    def rules(self) -> tuple[dict[str, Any], ...]:
        """What the policies let through."""
        return tuple(item.rule for item in self.placed)

    @property
    def cutting(self) -> str:
        """Name the policy to show, the way a message begins."""
        return f"the NetworkPolicy {name_of(self.first)} cuts off"

    @property
    def first(self) -> Manifest:
        """The policy to show: one that takes in all Pods, if there is one."""
        whole = [item for item in self.policies if not mapping_at(item.data, *AT)]
        return (whole or [*self.policies])[0]


@once
def isolated_pods(tree: Tree, direction: str) -> Iterator[Isolated]:
    """List the Pods of services that NetworkPolicies isolate, in `Ingress` or `Egress`."""
    policies = list(objects(tree, "networking.k8s.io", "NetworkPolicy"))
    others = any(group_of(item) in _OTHER_POLICIES for item in tree.manifests)
    if not policies or others or not is_settled(tree):
        return
    presets = has_presets(tree)
    for service in objects(tree, KSERVE, "LLMInferenceService"):
        if any(spec.get("hostNetwork") is True for _, spec in pod_specs(service)):
            continue
        beside = [item for item in policies if agree(namespace_of(item), namespace_of(service))]
        for pods in find_service_pods(service, presets=presets):
            found = [
                item
                for item in beside
                if namespace_of(item) == namespace_of(service)
                and _isolates(item, direction)
                and selects(mapping_at(item.data, *AT), pods, surely=True)
            ]
            if found:
                likely = [item for item in beside if selects(mapping_at(item.data, *AT), pods)]
                rules = [rule for item in likely for rule in _rules(item, direction)]
                yield Isolated(service, pods, tuple(found), tuple(rules))


def _isolates(policy: Manifest, direction: str) -> bool:
    types = value_at(policy.data, "spec", "policyTypes")
    if isinstance(types, list) and types:
        return direction in types
    return direction == "Ingress" or bool(value_at(policy.data, "spec", "egress"))


def _rules(policy: Manifest, direction: str) -> Iterator[PlacedRule]:
    path: DataPath = ("spec", direction.lower())
    rules = value_at(policy.data, *path)
    for index, rule in enumerate(rules if isinstance(rules, list) else ()):
        yield PlacedRule(policy, (*path, index), rule if isinstance(rule, dict) else {})


def serves_models(isolated: Isolated) -> bool:
    """Whether these are Pods of the pool that answer on KServe's port."""
    spec = mapping_at(isolated.service.data, "spec")
    if isolated.pods.labels.get(_WORKLOAD) != "workload" or isolated.pods.more:
        return False
    if value_at(spec, "router", "scheduler", "pool") is not None:
        return False
    ports = [
        port.get("containerPort")
        for _, container in items_at(spec, "template", "containers")
        for _, port in items_at(container, "ports")
        if container.get("name") == "main"
    ]
    return not ports or MODEL_PORT in ports


def each_service_once(
    found: Iterable[Isolated], wanted: Callable[[Isolated], bool]
) -> Iterable[Isolated]:
    """Keep the first wanted Pods of each service: what cuts off one kind cuts off its others."""
    told: set[int] = set()
    for item in found:
        if id(item.service) not in told and wanted(item):
            told.add(id(item.service))
            yield item


def rules_for(isolated: Isolated, port: int, protocol: str = "TCP") -> list[dict[str, Any]]:
    """List the rules that are about a port; a named port may be any."""
    return [item.rule for item in placed_rules_for(isolated, port, protocol)]


def placed_rules_for(isolated: Isolated, port: int, protocol: str = "TCP") -> list[PlacedRule]:
    """List the rules that are about a port, each with its place."""
    return [item for item in isolated.placed if _is_about(item.rule, port, protocol)]


def _is_about(rule: dict[str, Any], port: int, protocol: str) -> bool:
    if not isinstance(rule.get("ports"), list) or not rule["ports"]:
        return True
    for _, item in items_at(rule, "ports"):
        first, last = item.get("port"), item.get("endPort")
        if item.get("protocol", "TCP") != protocol:
            continue
        if type(first) is not int:
            return True
        if first <= port <= (last if type(last) is int else first):
            return True
    return False


def admits_everybody(rule: dict[str, Any]) -> bool:
    """Whether a rule about incoming connections names no source."""
    return not isinstance(rule.get("from"), list) or not rule["from"]


def networks(rule: dict[str, Any]) -> Iterator[IPv4Network | IPv6Network]:
    """List the address ranges that a rule about incoming connections admits."""
    for _, peer in items_at(rule, "from"):
        try:
            yield ip_network(text_at(peer, "ipBlock", "cidr"), strict=False)
        except ValueError:
            continue


def find_gateway_class(tree: Tree, service: Manifest) -> str:
    """Find the class of GKE's own Gateway that a service is reached by; nothing if none is sure."""
    for reference in (*_own_gateways(service), *_gateways_of_routes(tree, service)):
        for gateway in objects(tree, GATEWAY_API, "Gateway"):
            same = agree(namespace_of(gateway), text_at(reference, "namespace"))
            found = text_at(gateway.data, "spec", "gatewayClassName")
            if same and name_of(gateway) == reference.get("name") and found.startswith(_GATEWAYS):
                return found
    return ""


def _own_gateways(service: Manifest) -> Iterator[dict[str, Any]]:
    for _, reference in items_at(service.data, "spec", "router", "gateway", "refs"):
        yield reference


def _gateways_of_routes(tree: Tree, service: Manifest) -> Iterator[dict[str, Any]]:
    listed = {
        text_at(item, "name")
        for _, item in items_at(service.data, "spec", "router", "route", "http", "refs")
    }
    for route in objects(tree, GATEWAY_API, "HTTPRoute"):
        if name_of(route) in listed and agree(namespace_of(route), namespace_of(service)):
            for _, parent in items_at(route.data, "spec", "parentRefs"):
                yield {"namespace": namespace_of(route), **parent}


def is_scheduler(isolated: Isolated) -> bool:
    """Whether these are the Pods of the Endpoint Picker that KServe makes for a service."""
    scheduler = mapping_at(isolated.service.data, "spec", "router", "scheduler")
    return isolated.pods.labels.get(COMPONENT) == SCHEDULER and "pool" not in scheduler


def reaches_addresses(isolated: Isolated, port: int, *, public: bool = False) -> bool:
    """Whether some rule lets Pods reach a port of what is no Pod, or of what is on the internet."""
    for rule in rules_for(isolated, port):
        peers = [item for _, item in items_at(rule, "to")]
        blocks = [text_at(item, "ipBlock", "cidr") for item in peers if "ipBlock" in item]
        if not peers or any(not public or not _is_private(block) for block in blocks):
            return True
    return False


def _is_private(block: str) -> bool:
    try:
        return ip_network(block, strict=False).is_private
    except ValueError:
        return False
