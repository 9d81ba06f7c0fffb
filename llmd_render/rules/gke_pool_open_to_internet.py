"""An InferencePool behind an external Gateway of GKE is protected by a security policy.

vLLM asks nobody for a password unless it is given an API key: whoever reaches the address uses the
TPUs at the owner's expense. A GCPBackendPolicy can name a Cloud Armor policy, which limits who
reaches it.

Source: https://cloud.google.com/kubernetes-engine/docs/how-to/configure-gateway-resources (2026)

Passes:

    apiVersion: gateway.networking.k8s.io/v1
    kind: Gateway
    metadata: {name: example, namespace: models}
    spec:
      gatewayClassName: gke-l7-rilb
      listeners: [{name: http, port: 80, protocol: HTTP}]
    ---
    apiVersion: gateway.networking.k8s.io/v1
    kind: HTTPRoute
    metadata: {name: example, namespace: models}
    spec:
      parentRefs: [{name: example}]
      rules:
        - matches: [{path: {type: PathPrefix, value: /v1}}]
          backendRefs:
            - {group: inference.networking.k8s.io, kind: InferencePool, name: example}

Fails:

    apiVersion: gateway.networking.k8s.io/v1
    kind: Gateway
    metadata: {name: example, namespace: models}
    spec:
      gatewayClassName: gke-l7-regional-external-managed
      listeners: [{name: http, port: 80, protocol: HTTP}]
    ---
    apiVersion: gateway.networking.k8s.io/v1
    kind: HTTPRoute
    metadata: {name: example, namespace: models}
    spec:
      parentRefs: [{name: example}]
      rules:
        - matches: [{path: {type: PathPrefix, value: /v1}}]
          backendRefs:
            - {group: inference.networking.k8s.io, kind: InferencePool, name: example}
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from llmd_render.diagnostics import Severity, Violation
from llmd_render.lookup import text_at, value_at

from .rule import TreeRule, TreeViolation
from .subjects.gateways import (
    attachments,
    class_of,
    gke_gateways,
    is_pool,
    opens_pools,
    pool_backends,
)
from .subjects.objects import GKE, agree, mapping_at, namespace_of, objects, variables_of
from .subjects.vllm_command import vllm_containers
from .subjects.whole_tree import is_patched, is_settled

if TYPE_CHECKING:
    from collections.abc import Iterator

    from llmd_render.manifest import Tree

    from .subjects.gateways import PoolBackend


def _check(tree: Tree) -> Iterator[TreeViolation]:
    if not is_settled(tree) or is_patched(tree) or _asks_for_key(tree):
        return
    open_pools: dict[int, set[str]] = {}
    for attachment in attachments(tree):
        if opens_pools(attachment.gke_class):
            for pool in pool_backends(attachment.route):
                if not _is_protected(tree, pool):
                    for gateway in attachment.gateways:
                        open_pools.setdefault(id(gateway), set()).add(pool.name)
    for gateway in gke_gateways(tree):
        pools = sorted(open_pools.get(id(gateway), ()))
        if pools:
            yield TreeViolation(
                gateway,
                Violation(
                    ("spec", "gatewayClassName"),
                    f"anybody on the internet can call InferencePool {' and '.join(pools)} through "
                    f"a Gateway of class {class_of(gateway)}, and use the TPUs",
                    "add a GCPBackendPolicy with securityPolicy whose targetRef names the "
                    "InferencePool, or use gke-l7-rilb, which only the VPC network reaches",
                ),
            )


def _asks_for_key(tree: Tree) -> bool:
    """Whether every vLLM refuses requests without a key."""
    servers = vllm_containers(tree)
    return bool(servers) and all(
        server.last("--api-key") or "VLLM_API_KEY" in variables_of(server.container)
        for server in servers
    )


def _is_protected(tree: Tree, pool: PoolBackend) -> bool:
    for policy in objects(tree, GKE, "GCPBackendPolicy"):
        target = mapping_at(policy.data, "spec", "targetRef")
        if not (is_pool(target) and text_at(target, "name") == pool.name):
            continue
        default = mapping_at(policy.data, "spec", "default")
        guarded = default.get("securityPolicy") or value_at(default, "iap", "enabled")
        if guarded and agree(namespace_of(policy), pool.namespace):
            return True
    return False


RULE = TreeRule(
    "gke-pool-open-to-internet",
    Severity.WARNING,
    _check,
    acknowledgeable=True,
    covered_by=("gateway-open-to-internet",),
)
