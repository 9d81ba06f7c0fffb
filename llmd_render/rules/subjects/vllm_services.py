"""Services between a Gateway of GKE and vLLM; shared by the rules about them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from llmd_render.lookup import text_at, value_at

from .gateways import gke_routes, route_rules
from .known_pods import Pods, find_service_pods, selects
from .objects import KSERVE, group_of, items_at, mapping_at, name_of, namespace_of, objects, once
from .vllm_command import vllm_containers
from .whole_tree import is_settled

if TYPE_CHECKING:
    from collections.abc import Iterator

    from llmd_render.diagnostics import DataPath
    from llmd_render.manifest import Manifest, Tree

    from .vllm_command import VllmContainer


@dataclass(frozen=True, slots=True)
class VllmService:
    """A Service that a route behind a Gateway of GKE sends to, and a vLLM that it selects."""

    route: Manifest
    path: DataPath
    class_name: str
    service: Manifest
    port: object
    server: VllmContainer


@once
def vllm_services(tree: Tree) -> Iterator[VllmService]:
    """List the Services of the tree, once each, through which GKE's Gateways reach vLLM."""
    services = list(objects(tree, "", "Service"))
    if not services or not is_settled(tree):
        return
    seen: set[int] = set()
    for route, class_name in gke_routes(tree):
        for path, backend in _backends(route):
            namespace = text_at(backend, "namespace") or namespace_of(route)
            for service in services:
                if (name_of(service), namespace_of(service)) != (backend.get("name"), namespace):
                    continue
                server = _find_server(tree, service)
                if server and id(service) not in seen:
                    seen.add(id(service))
                    yield VllmService(route, path, class_name, service, backend.get("port"), server)


def _backends(route: Manifest) -> Iterator[tuple[DataPath, dict[str, Any]]]:
    for path, rule in route_rules(route):
        for place, backend in items_at(rule, "backendRefs"):
            if backend.get("kind", "Service") == "Service" and not backend.get("group"):
                yield (*path, *place), backend


def _find_server(tree: Tree, service: Manifest) -> VllmContainer | None:
    selector = {"matchLabels": mapping_at(service.data, "spec", "selector")}
    if not selector["matchLabels"]:
        return None
    for server in vllm_containers(tree):
        beside = namespace_of(server.manifest) == namespace_of(service)
        if beside and any(selects(selector, pods, surely=True) for pods in _pods_of(server)):
            return server
    return None


def _pods_of(server: VllmContainer) -> Iterator[Pods]:
    manifest = server.manifest
    if group_of(manifest) == KSERVE:
        for pods in find_service_pods(manifest, presets=False):
            if pods.labels.get("kserve.io/component") == "workload":
                yield pods
        return
    labels = value_at(manifest.data, *server.pod.path[:-1], "metadata", "labels")
    known = labels if isinstance(labels, dict) else {}
    yield Pods(name_of(manifest), known, manifest, server.pod.path)
