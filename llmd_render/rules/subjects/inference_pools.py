"""InferencePools that people write, with the Pods and the picker that they name; shared by rules.

The two groups of the API spell the same things in two ways.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from llmd_render.lookup import text_at, value_at

from .known_pods import find_pods, selects
from .kserve_services import flags_of_picker
from .objects import (
    INFERENCE,
    OLD_INFERENCE,
    group_of,
    items_at,
    mapping_at,
    namespace_of,
    objects,
    once,
)
from .whole_tree import is_settled

if TYPE_CHECKING:
    from collections.abc import Iterator

    from llmd_render.diagnostics import DataPath
    from llmd_render.manifest import Manifest, Tree

    from .known_pods import Pods

PICKER_PORT = 9002
"""The port of an endpoint picker that a reference means which names none."""


@dataclass(frozen=True, slots=True)
class InferencePool:
    """An InferencePool, and where what it refers to stands."""

    manifest: Manifest
    selector: dict[str, Any]
    selector_path: DataPath
    ports: tuple[tuple[DataPath, int], ...]
    picker: str
    """The Service of its endpoint picker, or nothing."""
    picker_path: DataPath
    picker_port: int | None
    picker_port_path: DataPath


@once
def inference_pools(tree: Tree) -> Iterator[InferencePool]:
    """List the InferencePools of a tree that reach the cluster as they are written."""
    if is_settled(tree):
        for manifest in (
            *objects(tree, INFERENCE, "InferencePool"),
            *objects(tree, OLD_INFERENCE, "InferencePool"),
        ):
            if namespace_of(manifest):
                is_old = group_of(manifest) == OLD_INFERENCE
                yield _read_old(manifest) if is_old else _read(manifest)


def _read(manifest: Manifest) -> InferencePool:
    selector: DataPath = ("spec", "selector")
    picker: DataPath = ("spec", "endpointPickerRef")
    return InferencePool(
        manifest,
        mapping_at(manifest.data, *selector),
        (*selector, "matchLabels"),
        tuple(
            ((*path, "number"), port["number"])
            for path, port in items_at(manifest.data, "spec", "targetPorts")
            if type(port.get("number")) is int
        ),
        _name_service(manifest, picker),
        (*picker, "name"),
        _read_port(manifest, *picker, "port", "number"),
        (*picker, "port", "number"),
    )


def _read_old(manifest: Manifest) -> InferencePool:
    selector: DataPath = ("spec", "selector")
    picker: DataPath = ("spec", "extensionRef")
    port = _read_port(manifest, "spec", "targetPortNumber")
    given = _read_port(manifest, *picker, "portNumber")
    return InferencePool(
        manifest,
        {"matchLabels": mapping_at(manifest.data, *selector)},
        selector,
        () if port is None else ((("spec", "targetPortNumber"), port),),
        _name_service(manifest, picker),
        (*picker, "name"),
        given if value_at(manifest.data, *picker, "portNumber") is not None else PICKER_PORT,
        (*picker, "portNumber") if given is not None else (*picker, "name"),
    )


def _name_service(manifest: Manifest, path: DataPath) -> str:
    reference = mapping_at(manifest.data, *path)
    is_service = not reference.get("group") and reference.get("kind", "Service") == "Service"
    return text_at(reference, "name") if is_service else ""


def _read_port(manifest: Manifest, *path: str | int) -> int | None:
    port = value_at(manifest.data, *path)
    return port if type(port) is int else None


def pods_of(tree: Tree, pool: InferencePool) -> list[Pods]:
    """List the Pods of the tree that a pool surely takes in."""
    if not mapping_at(pool.selector, "matchLabels"):
        return []
    pods = find_pods(tree, namespace_of(pool.manifest))
    return [item for item in pods if selects(pool.selector, item, surely=True)]


@dataclass(frozen=True, slots=True)
class Picker:
    """A container that runs an endpoint picker, with the flags it is given."""

    pods: Pods
    path: DataPath
    container: dict[str, Any]
    flags: dict[str, str]


def pickers_behind(tree: Tree, service: Manifest) -> list[Picker]:
    """List the endpoint pickers that a Service leads to, of objects that are not KServe's."""
    labels = mapping_at(service.data, "spec", "selector")
    found = []
    for pods in find_pods(tree, namespace_of(service)) if labels else ():
        if pods.manifest.kind == "LLMInferenceService":
            continue
        if not selects({"matchLabels": labels}, pods, surely=True):
            continue
        for path, container in items_at(pods.spec, "containers"):
            flags = flags_of_picker(container)
            if flags and "pool-name" in flags:
                found.append(Picker(pods, (*pods.at, *path), container, flags))
    return found
