"""Which routes of a tree lead to which of its Gateways; shared by the rules about them.

A namespace that is left open is taken to agree. Where a reference could mean Gateways in several
namespaces it means none.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from llmd_render.kustomization import list_references
from llmd_render.lookup import text_at, value_at

from .objects import (
    GATEWAY_API,
    INFERENCE,
    KSERVE,
    OLD_INFERENCE,
    items_at,
    name_of,
    namespace_of,
    objects,
    once,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from llmd_render.catalog import GatewayClass
    from llmd_render.diagnostics import DataPath
    from llmd_render.manifest import Manifest, Tree

_HTTP: DataPath = ("spec", "router", "route", "http")
HTTP_SPEC: DataPath = (*_HTTP, "spec")
"""Where an LLMInferenceService describes a route."""

_SCHEDULER: DataPath = ("spec", "router", "scheduler")

ROUTE_PRESET = "kserve-config-llm-router-route"
"""The configuration by which KServe makes routes."""


@dataclass(frozen=True, slots=True)
class Attachment:
    """A reference from a route to a Gateway in the tree, which several files may describe."""

    route: Manifest
    path: DataPath
    reference: dict[str, Any]
    gateways: tuple[Manifest, ...]

    @property
    def gke_class(self) -> str:
        """The class of the Gateway where GKE certainly makes a load balancer of it, or nothing."""
        classes = {class_of(gateway) for gateway in self.gateways} - {""}
        return min(classes) if classes and all(map(is_gke_class, classes)) else ""

    @property
    def gateway_name(self) -> str:
        """The Gateway as a person names it: with its namespace, where that is known."""
        gateway = self.gateways[0]
        return "/".join(filter(None, (namespace_of(gateway), name_of(gateway))))

    def listeners(self) -> list[tuple[Manifest, dict[str, Any]]] | None:
        """List the listeners that the reference means; None where some Gateway shows none."""
        found = []
        for gateway in self.gateways:
            listeners = [item for _, item in items_at(gateway.data, "spec", "listeners")]
            if not listeners:
                return None
            found += [(gateway, item) for item in listeners]
        for field, own in (("sectionName", "name"), ("port", "port")):
            wanted = self.reference.get(field)
            if wanted:
                found = [item for item in found if item[1].get(own) == wanted]
        return found


@dataclass(frozen=True, slots=True)
class PoolBackend:
    """A place in a route that sends to an InferencePool."""

    path: DataPath
    name: str
    namespace: str


def class_of(gateway: Manifest) -> str:
    """Give the GatewayClass of a Gateway, or nothing."""
    return text_at(gateway.data, "spec", "gatewayClassName")


def is_gke_class(name: str) -> bool:
    """Whether GKE makes a layer-7 load balancer of a Gateway of this class."""
    return name.startswith("gke-l7-") and find_class(name) is not None


def find_class(name: str) -> GatewayClass | None:
    """Find what the catalog knows of a GatewayClass."""
    from llmd_render.catalog import load_catalog  # noqa: PLC0415 - only trees with such Gateways

    return load_catalog().gateway_classes.get(name)


def tls_ways(name: str) -> tuple[str, ...]:
    """List the ways in which a class takes certificates; none where that is not known."""
    known = find_class(name)
    return known.tls if known else ()


def opens_pools(name: str) -> bool:
    """Whether Gateways of a class certainly let the internet reach InferencePools."""
    known = find_class(name)
    if known is None:
        return False
    return known.exposure == "external" and known.inference_pool == "supported"


@once
def gke_gateways(tree: Tree) -> Iterator[Manifest]:
    """List the Gateways that GKE makes a layer-7 load balancer of."""
    return (item for item in objects(tree, GATEWAY_API, "Gateway") if is_gke_class(class_of(item)))


def gke_class_in(tree: Tree) -> str:
    """Give the class of a Gateway in the tree that is GKE's, or nothing."""
    return next(map(class_of, gke_gateways(tree)), "")


@once
def attachments(tree: Tree) -> Iterator[Attachment]:
    """List the references to Gateways in the tree, of HTTPRoutes and of what KServe makes."""
    gateways = whole_objects(tree, GATEWAY_API, "Gateway")
    if not gateways:
        return
    routes = [
        *whole_objects(tree, GATEWAY_API, "HTTPRoute"),
        *filter(_is_routed_by_kserve, whole_objects(tree, KSERVE, "LLMInferenceService")),
    ]
    for route in routes:
        for path, reference in _parents(route):
            meant = _find(gateways, reference, namespace_of(route))
            if meant:
                yield Attachment(route, path, reference, meant)


@once
def gke_routes(tree: Tree) -> Iterator[tuple[Manifest, str]]:
    """List the routes that GKE's controller reads, once each, with the GatewayClass.

    What an LLMInferenceServiceConfig says about routes counts where KServe makes one of it.
    """
    seen: set[int] = set()
    for attachment in attachments(tree):
        if not attachment.gke_class:
            continue
        for route in (attachment.route, _config_of(tree, attachment.route)):
            if route and id(route) not in seen:
                seen.add(id(route))
                yield route, attachment.gke_class


def route_rules(route: Manifest) -> Iterator[tuple[DataPath, dict[str, Any]]]:
    """List the rules that a route writes out, each with its place."""
    return items_at(route.data, *_spec_path(route), "rules")


def pool_backends(route: Manifest) -> Iterator[PoolBackend]:
    """List where a route sends to an InferencePool, named or made by KServe."""
    namespace = namespace_of(route)
    for path, rule in route_rules(route):
        for place, backend in items_at(rule, "backendRefs"):
            name = text_at(backend, "name")
            if is_pool(backend) and name:
                there = text_at(backend, "namespace") or namespace
                yield PoolBackend((*path, *place, "name"), name, there)
    managed = route.kind == "LLMInferenceService" and not _has_rules(route)
    if managed and name_of(route) and isinstance(value_at(route.data, *_SCHEDULER), dict):
        given = text_at(route.data, *_SCHEDULER, "pool", "ref", "name")
        name = given or pool_made_for(route)
        yield PoolBackend(_SCHEDULER, name, namespace)


def gateways_of_pools(tree: Tree) -> Iterator[tuple[Manifest, Manifest, str]]:
    """List each Gateway of GKE that InferencePools are behind, with a route and its first pool."""
    seen: set[int] = set()
    for attachment in attachments(tree):
        pools = [item.name for item in pool_backends(attachment.route)]
        for gateway in attachment.gateways if attachment.gke_class and pools else ():
            if id(gateway) not in seen:
                seen.add(id(gateway))
                yield gateway, attachment.route, pools[0]


def is_left_to_preset(tree: Tree, route: Manifest) -> bool:
    """Whether an LLMInferenceService takes its rules from KServe's own preset.

    Not where another config may have them, or the tree has the preset in whatever namespace.
    """
    if route.kind != "LLMInferenceService" or _has_rules(route) or lacks_rules(route):
        return False
    if value_at(route.data, "spec", "baseRefs"):
        return False
    configs = objects(tree, KSERVE, "LLMInferenceServiceConfig")
    return not any(name_of(config).endswith("-router-route") for config in configs)


def lacks_rules(service: Manifest) -> bool:
    """Whether a service describes a route without rules, which gets an empty one."""
    spec = value_at(service.data, *HTTP_SPEC)
    return isinstance(spec, dict) and "rules" not in spec


def is_pool(reference: dict[str, Any]) -> bool:
    """Whether a reference is to an InferencePool, of the present or the older group."""
    group = text_at(reference, "group")
    return text_at(reference, "kind") == "InferencePool" and group in {INFERENCE, OLD_INFERENCE}


def pool_made_for(service: Manifest) -> str:
    """Give the name of the InferencePool that KServe makes for an LLMInferenceService."""
    return f"{name_of(service)}-inference-pool"


def whole_objects(tree: Tree, group: str, *kinds: str) -> list[Manifest]:
    """List the objects of some kinds that stand in full, not as patches."""
    found = list(objects(tree, group, *kinds))
    if not found:
        return []
    patches = {item.target for item in list_references(tree) if item.is_patch}
    return [item for item in found if item.file not in patches]


def _spec_path(route: Manifest) -> DataPath:
    return ("spec",) if route.kind == "HTTPRoute" else HTTP_SPEC


def _config_of(tree: Tree, route: Manifest) -> Manifest | None:
    # Of the service, its configs in order, and KServe's own, the first that has rules counts.
    if route.kind != "LLMInferenceService" or _has_rules(route):
        return None
    beside = {
        name_of(config): config
        for config in whole_objects(tree, KSERVE, "LLMInferenceServiceConfig")
        if namespace_of(config) == namespace_of(route)
    }
    names = [text_at(item, "name") for _, item in items_at(route.data, "spec", "baseRefs")]
    for name in (*reversed(names), ROUTE_PRESET):
        config = beside.get(name)
        if config is None or _has_rules(config):
            return config
    return None


def _has_rules(route: Manifest) -> bool:
    return bool(value_at(route.data, *_spec_path(route), "rules"))


def _is_routed_by_kserve(service: Manifest) -> bool:
    # With refs the routes are somebody else's, and stand in the tree themselves.
    route = value_at(service.data, "spec", "router", "route")
    return isinstance(route, dict) and not value_at(service.data, *_HTTP, "refs")


def _parents(route: Manifest) -> Iterator[tuple[DataPath, dict[str, Any]]]:
    for path, reference in items_at(route.data, *_spec_path(route), "parentRefs"):
        kind, group = reference.get("kind", "Gateway"), reference.get("group", GATEWAY_API)
        if (kind, group) == ("Gateway", GATEWAY_API):
            yield path, reference
    if route.kind == "LLMInferenceService":
        yield from items_at(route.data, "spec", "router", "gateway", "refs")


def _find(
    gateways: list[Manifest], reference: dict[str, Any], namespace: str
) -> tuple[Manifest, ...]:
    name, wanted = text_at(reference, "name"), text_at(reference, "namespace") or namespace
    named = [item for item in gateways if name and name_of(item) == name]
    if wanted:
        exact = [item for item in named if namespace_of(item) == wanted]
        named = exact or [item for item in named if not namespace_of(item)]
    if len({namespace_of(item) for item in named}) > 1:
        return ()
    return tuple(named)
