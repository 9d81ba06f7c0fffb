"""The ports on which Pods answer, as far as they say so; shared by the rules about ports."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from .objects import items_at, mapping_at
from .vllm_command import vllm_containers
from .whole_tree import is_complete

if TYPE_CHECKING:
    from llmd_render.manifest import Tree

    from .known_pods import Pods

_KSERVE_PORT = 8000
# What KServe's presets call the ports that they declare.
_KSERVE_NAMES = frozenset({"grpc", "grpc-health", "http", "https", "metrics", "modelserver", "zmq"})


@dataclass(frozen=True, slots=True)
class ServedPorts:
    """The ports of Pods: by name, by number, and as a person would list those declared.

    `numbers` is empty where a Pod may answer on others than it declares.
    """

    names: frozenset[str]
    numbers: frozenset[int]
    declared: tuple[str, ...]


def find_served_ports(tree: Tree, pods: Pods) -> ServedPorts | None:
    """Find on which ports Pods answer; None where something else may add to what is written."""
    spec, is_kserve = pods.spec, pods.manifest.kind == "LLMInferenceService"
    if pods.more or not is_complete(tree, pods.manifest):
        return None
    several = {"prefill", "worker"} & mapping_at(pods.manifest.data, "spec").keys()
    if is_kserve and (several or pods.at != ("spec", "template")):
        return None
    containers = [item for _, item in items_at(spec, "containers")]
    sidecars = [
        item
        for _, item in items_at(spec, "initContainers")
        if item.get("restartPolicy") == "Always"
    ]
    declared = [item for one in (*containers, *sidecars) for _, item in items_at(one, "ports")]
    if not containers and not is_kserve:
        return None
    names = {str(item["name"]) for item in declared if item.get("name")}
    alone = len(containers) == 1 and not sidecars
    numbers = _find_numbers(tree, pods, containers[0], declared) if alone else set()
    if is_kserve:
        # The preset declares its port beside those that are written.
        names |= _KSERVE_NAMES
        numbers |= {_KSERVE_PORT} if numbers else set()
    listed = [str(item.get("name") or item.get("containerPort")) for item in declared]
    return ServedPorts(frozenset(names), frozenset(numbers), tuple(dict.fromkeys(listed)))


def _find_numbers(
    tree: Tree, pods: Pods, container: dict[str, Any], declared: list[dict[str, Any]]
) -> set[int]:
    """Find the one port of a container: the one vLLM serves on, else the only one declared."""
    ports = {item["containerPort"] for item in declared if type(item.get("containerPort")) is int}
    for server in vllm_containers(tree):
        if server.manifest is pods.manifest and server.container is container:
            if not server.is_complete or server.port is None:
                return set()
            return {server.port, *ports}
    return ports if len(declared) == 1 else set()
