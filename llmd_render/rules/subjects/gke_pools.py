"""The InferencePools behind Gateways of GKE, and the policies for them; shared by rules."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from llmd_render.lookup import text_at

from .gateways import PoolBackend, gke_routes, is_pool, pool_backends, pool_made_for
from .objects import (
    GKE,
    INFERENCE,
    KSERVE,
    OLD_INFERENCE,
    agree,
    has,
    mapping_at,
    namespace_of,
    objects,
    once,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from llmd_render.manifest import Manifest, Tree


@dataclass(frozen=True, slots=True)
class RoutedPool:
    """An InferencePool of the tree that a route behind a Gateway of GKE sends to."""

    backend: PoolBackend
    route: Manifest
    class_name: str


@once
def routed_pools(tree: Tree) -> Iterator[RoutedPool]:
    """List the InferencePools that the tree, or KServe out of it, makes behind GKE's Gateways."""
    seen: set[tuple[str, str]] = set()
    for route, class_name in gke_routes(tree):
        for backend in pool_backends(route):
            pool = (backend.namespace, backend.name)
            if pool not in seen and _is_in(tree, backend.name, backend.namespace):
                seen.add(pool)
                yield RoutedPool(backend, route, class_name)


def policies_for(tree: Tree, kind: str, name: str, namespace: str) -> Iterator[Manifest]:
    """List the policies of GKE of one kind whose target is an InferencePool."""
    for policy in objects(tree, GKE, kind):
        target = mapping_at(policy.data, "spec", "targetRef")
        same = is_pool(target) and text_at(target, "name") == name
        if same and agree(namespace_of(policy), namespace):
            yield policy


def misses_pool(tree: Tree, kind: str, pool: PoolBackend) -> bool:
    """Whether a policy may be for an InferencePool and names another thing: rules speak of that."""
    for policy in objects(tree, GKE, kind):
        target = mapping_at(policy.data, "spec", "targetRef")
        name, beside = text_at(target, "name"), agree(namespace_of(policy), pool.namespace)
        if not is_pool(target):
            # A Service that GKE made for the pool.
            missed = beside and name.startswith(f"{pool.name}-ip-")
        else:
            near = beside or name == pool.name
            missed = near and not _is_in(tree, name, namespace_of(policy))
        if missed:
            return True
    return False


def service_of_pool(tree: Tree, name: str, namespace: str) -> Manifest | None:
    """Find the LLMInferenceService for which KServe makes an InferencePool."""
    for service in objects(tree, KSERVE, "LLMInferenceService"):
        if pool_made_for(service) == name and agree(namespace_of(service), namespace):
            return service
    return None


def _is_in(tree: Tree, name: str, namespace: str) -> bool:
    return service_of_pool(tree, name, namespace) is not None or any(
        has(tree, group, "InferencePool", name, namespace) for group in (INFERENCE, OLD_INFERENCE)
    )
