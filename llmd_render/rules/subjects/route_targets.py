"""The Services and InferencePools that routes can send to; shared by the rules about them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from llmd_render.lookup import text_at, value_at
from llmd_render.placeholders import has_placeholder

from .gateways import is_pool
from .objects import INFERENCE, KSERVE, OLD_INFERENCE, name_of, namespace_of, objects, once
from .whole_tree import backends, child_name, is_complete

if TYPE_CHECKING:
    from collections.abc import Iterator

    from llmd_render.diagnostics import DataPath
    from llmd_render.manifest import Manifest, Tree

SERVICE = "Service"
POOL = "InferencePool"


@dataclass(frozen=True, slots=True)
class Backend:
    """A place in a route that sends to a Service or InferencePool by a name that can be read."""

    route: Manifest
    path: DataPath
    kind: str
    name: str
    given: str
    """The namespace that is written; nothing where it is that of the route."""

    @property
    def namespace(self) -> str:
        """Where the target is looked for; nothing where the route does not say where it is."""
        return self.given or namespace_of(self.route)


@once
def route_backends(tree: Tree) -> Iterator[Backend]:
    """List where routes send to, without names that somebody fills in later."""
    for route in tree.manifests:
        for path, backend in backends(route):
            kind, name = kind_of(backend), text_at(backend, "name")
            given = text_at(backend, "namespace")
            if kind and name and not has_placeholder(f"{name} {given} {namespace_of(route)}"):
                yield Backend(route, path, kind, name, given)


def kind_of(backend: dict[str, Any]) -> str:
    """Give the kind that a backend is of: a Service, an InferencePool, or nothing for others."""
    if is_pool(backend):
        return POOL
    is_service = backend.get("kind", SERVICE) == SERVICE and not text_at(backend, "group")
    return SERVICE if is_service else ""


@once
def targets(tree: Tree) -> Iterator[tuple[str, str, str]]:
    """List kind, namespace and name of what routes can send to: in the tree, or made by KServe."""
    for group, kind in (("", SERVICE), (INFERENCE, POOL), (OLD_INFERENCE, POOL)):
        for item in objects(tree, group, kind):
            yield kind, namespace_of(item), name_of(item)
    for service in objects(tree, KSERVE, "LLMInferenceService"):
        name, namespace = name_of(service), namespace_of(service)
        yield SERVICE, namespace, child_name(name, "-kserve-workload-svc")
        if not lacks_scheduler(tree, service):
            yield SERVICE, namespace, child_name(name, "-epp-service")
            yield POOL, namespace, child_name(name, "-inference-pool")
        other = text_at(service.data, "spec", "router", "scheduler", "pool", "ref", "name")
        if other:
            yield POOL, namespace, other


def lacks_scheduler(tree: Tree, service: Manifest) -> bool:
    """Whether a service certainly has no scheduler, and KServe then makes no InferencePool."""
    if value_at(service.data, "spec", "router", "scheduler") is not None:
        return False
    # What names no model is a part of a service whose rest is elsewhere.
    return bool(value_at(service.data, "spec", "model")) and is_complete(tree, service)


def explain_unmade_pool(tree: Tree, name: str, namespace: str) -> tuple[str, str] | None:
    """Say why KServe does not make a pool of the name that it gives one, and what to do."""
    for service in objects(tree, KSERVE, "LLMInferenceService"):
        made = child_name(name_of(service), "-inference-pool")
        if (made, namespace_of(service)) != (name, namespace) or name in names_in(
            tree, POOL, namespace
        ):
            continue
        owner = f"the LLMInferenceService {name_of(service)}"
        return (
            f"KServe makes no InferencePool {name}, because {owner} has no spec.router.scheduler",
            f"add scheduler: {{}} to spec.router of {owner}",
        )
    return None


def names_in(tree: Tree, kind: str, namespace: str) -> set[str]:
    """List the names of one kind that may be in a namespace."""
    return {
        name for found, there, name in targets(tree) if found == kind and there in {namespace, ""}
    }


def find_only_elsewhere(tree: Tree, backend: Backend) -> str:
    """Name the one namespace where the target of a backend is, if that is another one."""
    places = {
        there for kind, there, name in targets(tree) if (kind, name) == (backend.kind, backend.name)
    }
    wanted = backend.namespace
    if not wanted or len(places) != 1 or places & {wanted, ""}:
        return ""
    return places.pop()


def is_only_elsewhere(tree: Tree, route: Manifest, path: DataPath) -> bool:
    """Whether the backend at a place is one whose target is in one other namespace."""
    return any(
        item.route is route and item.path == path and find_only_elsewhere(tree, item)
        for item in route_backends(tree)
    )


def move(backend: Backend, there: str) -> tuple[DataPath, str]:
    """Say how a backend comes to mean another namespace: at which place, and what to do."""
    if not backend.given:
        grant = f"and add a ReferenceGrant to {there}"
        return (*backend.path, "name"), f"write namespace: {there} beside the name, {grant}"
    if there == namespace_of(backend.route):
        hint = f"remove the namespace: without one the route looks in its own, {there}"
    else:
        hint = f"write namespace: {there}"
    return (*backend.path, "namespace"), hint
