r"""The range that NetworkPolicies admit for the load balancer is that of its proxy-only subnet.

The proxies of a regional Gateway of GKE call from the proxy-only subnet of the region. Where a
script creates that subnet with one range and policies admit another, nothing but health checks gets
through: every Pod looks healthy, and every request times out.

Source: https://cloud.google.com/load-balancing/docs/proxy-only-subnets (2026)

Passes:

    subnet.sh: |
      gcloud compute networks subnets create proxies --network=default --region=europe-west4 \
        --range=192.168.0.0/23 --purpose=REGIONAL_MANAGED_PROXY --role=ACTIVE
    service.yaml: |
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
      metadata: {name: load-balancer, namespace: llm}
      spec:
        podSelector: {matchLabels: {kserve.io/component: workload}}
        policyTypes: [Ingress]
        ingress:
          - from:
              - ipBlock: {cidr: 192.168.0.0/23}
              - ipBlock: {cidr: 35.191.0.0/16}
              - ipBlock: {cidr: 130.211.0.0/22}
            ports: [{port: 8000}]

Fails:

    subnet.sh: |
      gcloud compute networks subnets create proxies --network=default --region=europe-west4 \
        --range=10.10.0.0/23 --purpose=REGIONAL_MANAGED_PROXY --role=ACTIVE
    service.yaml: |
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
      metadata: {name: load-balancer, namespace: llm}
      spec:
        podSelector: {matchLabels: {kserve.io/component: workload}}
        policyTypes: [Ingress]
        ingress:
          - from:
              - ipBlock: {cidr: 192.168.0.0/23}
              - ipBlock: {cidr: 35.191.0.0/16}
              - ipBlock: {cidr: 130.211.0.0/22}
            ports: [{port: 8000}]
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from llmd_render.diagnostics import Severity, Violation
from llmd_render.lookup import text_at

from .rule import TreeRule, TreeViolation
from .subjects.cut_paths import (
    HEALTH_CHECKS,
    MODEL_PORT,
    WITH_PROXIES,
    admits_everybody,
    find_gateway_class,
    is_scheduler,
    isolated_pods,
    networks,
    placed_rules_for,
    serves_models,
)
from .subjects.objects import items_at, name_of
from .subjects.subnets import proxy_only_subnets, read_range

if TYPE_CHECKING:
    from collections.abc import Iterator
    from ipaddress import IPv4Network

    from llmd_render.command_line import Invocation
    from llmd_render.diagnostics import DataPath
    from llmd_render.manifest import Tree

    from .subjects.cut_paths import Isolated, PlacedRule

_PICKER_PORT = 9002


def _check(tree: Tree) -> Iterator[TreeViolation]:
    isolated = isolated_pods(tree, "Ingress")
    subnets = _list_subnets(tree) if isolated else []
    told: set[int] = set()
    for item in isolated if subnets else ():
        port = MODEL_PORT if serves_models(item) else _PICKER_PORT if is_scheduler(item) else 0
        if not port or id(item.service) in told:
            continue
        found = _find_other_range(item, port, [network for _, network in subnets])
        if found is None or find_gateway_class(tree, item.service) not in WITH_PROXIES:
            continue
        told.add(id(item.service))
        placed, path, cidr = found
        call, network = subnets[0]
        place = call.call.location
        message = (
            f"the NetworkPolicy {name_of(placed.policy)} admits {cidr} to port {port}, and the "
            f"load balancer calls from {network}, the proxy-only subnet that "
            f"{place.file}:{place.line} creates"
        )
        violation = Violation(path, message, f"admit {network} instead")
        yield TreeViolation(placed.policy, violation)


def _list_subnets(tree: Tree) -> list[tuple[Invocation, IPv4Network]]:
    """List the proxy-only subnets that scripts create; none where the range of one is not known."""
    calls = proxy_only_subnets(tree)
    found = [(call, network) for call in calls if (network := read_range(call))]
    return found if len(found) == len(calls) else []


def _find_other_range(
    item: Isolated, port: int, subnets: list[IPv4Network]
) -> tuple[PlacedRule, DataPath, str] | None:
    """Find a range that is admitted to a port in place of that of the proxies."""
    placed = placed_rules_for(item, port)
    if any(admits_everybody(one.rule) for one in placed):
        return None
    others = [
        network
        for one in placed
        for network in networks(one.rule)
        if not any(network.overlaps(checks) for checks in HEALTH_CHECKS) or not network.prefixlen
    ]
    if any(network.overlaps(subnet) for network in others for subnet in subnets):
        return None
    for one in placed:
        for path, peer in items_at(one.rule, "from"):
            cidr = text_at(peer, "ipBlock", "cidr")
            if cidr in map(str, others):
                return one, (*one.path, *path, "ipBlock", "cidr"), cidr
    return None


RULE = TreeRule("policy-range-not-of-proxies", Severity.WARNING, _check, acknowledgeable=True)
