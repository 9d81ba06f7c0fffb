"""NetworkPolicies let GKE's load balancer reach the model servers.

Behind GKE's own Gateway there are no gateway Pods: requests come from the proxy-only subnet of the
network, and health checks from 35.191.0.0/16 and 130.211.0.0/22. Where policies cut these off, no
model server is ever healthy, and every request gets "no healthy upstream". Where a script creates
the subnet, its range has to be admitted. A policy may be on the cluster and not in the tree, so
this is a warning.

Source: https://cloud.google.com/load-balancing/docs/health-check-concepts (2026)

Passes:

    apiVersion: gateway.networking.k8s.io/v1
    kind: Gateway
    metadata: {name: gate, namespace: llm}
    spec:
      gatewayClassName: gke-l7-rilb
      listeners: [{name: http, port: 80, protocol: HTTP}]
    ---
    apiVersion: serving.kserve.io/v1alpha1
    kind: LLMInferenceService
    metadata: {name: model, namespace: llm}
    spec:
      model: {uri: "hf://Qwen/Qwen3-4B"}
      router: {gateway: {refs: [{name: gate, namespace: llm}]}}
    ---
    apiVersion: networking.k8s.io/v1
    kind: NetworkPolicy
    metadata: {name: default-deny, namespace: llm}
    spec: {podSelector: {}, policyTypes: [Ingress]}
    ---
    apiVersion: networking.k8s.io/v1
    kind: NetworkPolicy
    metadata: {name: load-balancer, namespace: llm}
    spec:
      podSelector: {matchLabels: {kserve.io/component: workload}}
      policyTypes: [Ingress]
      ingress:
        - from:
            - ipBlock: {cidr: 10.129.0.0/23}
            - ipBlock: {cidr: 35.191.0.0/16}
            - ipBlock: {cidr: 130.211.0.0/22}
          ports: [{port: 8000}]

Fails:

    apiVersion: gateway.networking.k8s.io/v1
    kind: Gateway
    metadata: {name: gate, namespace: llm}
    spec:
      gatewayClassName: gke-l7-rilb
      listeners: [{name: http, port: 80, protocol: HTTP}]
    ---
    apiVersion: serving.kserve.io/v1alpha1
    kind: LLMInferenceService
    metadata: {name: model, namespace: llm}
    spec:
      model: {uri: "hf://Qwen/Qwen3-4B"}
      router: {gateway: {refs: [{name: gate, namespace: llm}]}}
    ---
    apiVersion: networking.k8s.io/v1
    kind: NetworkPolicy
    metadata: {name: default-deny, namespace: llm}
    spec: {podSelector: {}, policyTypes: [Ingress]}
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from llmd_render.diagnostics import Severity, Violation

from .rule import TreeRule, TreeViolation
from .subjects.cut_paths import (
    AT,
    HEALTH_CHECKS,
    MODEL_PORT,
    Isolated,
    admits_everybody,
    each_service_once,
    find_gateway_class,
    isolated_pods,
    networks,
    rules_for,
    serves_models,
)
from .subjects.deployments import are_near
from .subjects.objects import name_of
from .subjects.subnets import proxy_only_subnets, read_range

if TYPE_CHECKING:
    from collections.abc import Iterator
    from ipaddress import IPv4Network, IPv6Network

    from llmd_render.diagnostics import Location
    from llmd_render.manifest import Tree

_WITH_PROXIES = ("gke-l7-regional-external-managed", "gke-l7-rilb")


def _check(tree: Tree) -> Iterator[TreeViolation]:
    for item in each_service_once(isolated_pods(tree, "Ingress"), serves_models):
        gateway_class = find_gateway_class(tree, item.service)
        missing = _find_missing(tree, item, gateway_class) if gateway_class else []
        if missing:
            sources = " and ".join(missing)
            yield TreeViolation(
                item.first,
                Violation(
                    AT,
                    f"{item.cutting} the model servers of {name_of(item.service)}, "
                    f"and no policy admits {sources} to their port {MODEL_PORT}",
                    "add a NetworkPolicy for the Pods with kserve.io/component=workload that "
                    f"admits {sources} to TCP port {MODEL_PORT}",
                    key=True,
                ),
            )


def _find_missing(tree: Tree, item: Isolated, gateway_class: str) -> list[str]:
    rules = rules_for(item, MODEL_PORT)
    if any(map(admits_everybody, rules)):
        return []
    admitted = [network for rule in rules for network in networks(rule)]
    missing = [
        str(checks)
        for checks in HEALTH_CHECKS
        if not any(network.overlaps(checks) for network in admitted)
    ]
    # Where no script says which subnet the proxies have, some other range has to be admitted.
    others = [item for item in admitted if not any(item.overlaps(own) for own in HEALTH_CHECKS)]
    wide = [item for item in admitted if item.prefixlen == 0]
    if gateway_class in _WITH_PROXIES and not wide:
        missing += _find_missing_proxies(tree, item.first.file, others)
    return missing


def _find_missing_proxies(
    tree: Tree, file: str, admitted: list[IPv4Network | IPv6Network]
) -> Iterator[str]:
    known: dict[IPv4Network, Location] = {}
    for call in proxy_only_subnets(tree):
        own = read_range(call)
        if own is None or not are_near(call.call.file, file):
            known.clear()
            break
        known[own] = call.call.location
    if not admitted:
        yield "the proxy-only subnet"
    elif len(known) == 1:
        ((own, place),) = known.items()
        if not any(own.version == item.version and own.subnet_of(item) for item in admitted):
            yield f"{own}, the proxy-only subnet of {place.file}:{place.line},"


RULE = TreeRule("policy-cuts-load-balancer", Severity.WARNING, _check, acknowledgeable=True)
