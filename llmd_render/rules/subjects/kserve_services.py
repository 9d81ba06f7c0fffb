"""Looking into LLMInferenceServices; shared by the rules about them.

Each question has a careful answer: what a base or a preset may decide otherwise is not known.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from llmd_render.lookup import text_at, value_at

from .objects import (
    GATEWAY_API,
    KSERVE,
    agree,
    items_at,
    mapping_at,
    name_of,
    namespace_of,
    objects,
    once,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from llmd_render.diagnostics import DataPath
    from llmd_render.manifest import Manifest, Tree

SCHEDULER: DataPath = ("spec", "router", "scheduler")
ROUTE: DataPath = ("spec", "router", "route")
RULES: DataPath = (*ROUTE, "http", "spec", "rules")
LONGEST_NAME = 38
"""KServe appends up to 25 characters, and hashes a name that then has more than 63."""

_GKE_CLASS = "gke-l7-"
_LATER_API = "/v1alpha2"
_DEFAULT_GATEWAY = ("inference-gateway", "opendatahub")
_ROUTE_PRESET = "-router-route"
_PROBES = ("startupProbe", "livenessProbe", "readinessProbe")
_TLS_FLAGS = ("--ssl-certfile", "--ssl-keyfile", "--ssl-enable-refresh")
_BOUNDARY = re.compile(r"(?<=[a-z])(?=[A-Z])")


def services(tree: Tree) -> Iterator[Manifest]:
    """List the LLMInferenceServices."""
    return objects(tree, KSERVE, "LLMInferenceService")


def meets_later_kserve(tree: Tree, service: Manifest) -> bool:
    """Whether KServe 0.17 or later runs a service; where nobody says so, 0.15 is taken to run.

    A service in v1alpha2 says so, and so does one beside it, for a cluster has one KServe.
    """
    if service.api_version.endswith(_LATER_API) or tree.target.has("kserve", "0.17"):
        return True
    return not tree.target.kserve and any(_later_objects(tree))


@once
def _later_objects(tree: Tree) -> Iterator[Manifest]:
    for item in objects(tree, KSERVE, "LLMInferenceService", "LLMInferenceServiceConfig"):
        if item.api_version.endswith(_LATER_API):
            yield item


def own_scheduler(service: Manifest) -> dict[str, Any] | None:
    """Give the scheduler that KServe runs for a service; none where the pool is another's."""
    scheduler = value_at(service.data, *SCHEDULER)
    if not isinstance(scheduler, dict) or value_at(scheduler, "pool", "ref"):
        return None
    return scheduler


def main_container(data: Any, *path: str | int) -> tuple[DataPath, dict[str, Any]]:
    """Find the container that KServe completes, with its place; an empty one for none."""
    for place, container in items_at(data, *path, "containers"):
        if container.get("name") == "main":
            return place, container
    return path, {}


def starts_itself(container: dict[str, Any]) -> bool:
    """Whether a container says anything of its own about what runs in it."""
    return any(container.get(field) for field in ("command", "args", "env", "envFrom"))


def flags_of_picker(container: dict[str, Any]) -> dict[str, str] | None:
    """Read the flags that an endpoint picker gets; None where they are not all written here."""
    found = _picker_flags(container)
    return None if found is None else {name: value for name, (_, value) in found.items()}


def place_in_picker(container: dict[str, Any], flag: str) -> DataPath:
    """Point at the argument with the value of an endpoint picker's flag, or at all arguments."""
    found = _picker_flags(container) or {}
    return ("args", found[flag][0]) if flag in found else ("args",)


def _picker_flags(container: dict[str, Any]) -> dict[str, tuple[int, str]] | None:
    """Read the flags of an endpoint picker, each with the index of the argument with its value."""
    args = container.get("args")
    if container.get("command") or not isinstance(args, list) or not args:
        return None
    if not all(isinstance(item, str) for item in args):
        return None
    flags: dict[str, tuple[int, str]] = {}
    for index, (item, following) in enumerate(zip(args, [*args[1:], "-"], strict=True)):
        if item.startswith("-"):
            name, has_value, value = item.lstrip("-").partition("=")
            apart = not has_value and not following.startswith("-")
            found = (index + 1, following) if apart else (index, value)
            flags[_BOUNDARY.sub("-", name).lower()] = found
    return flags


def _command_line(service: Manifest) -> str:
    """Give all that starts the model server; nothing where a preset or a base may add to it."""
    if value_at(service.data, "spec", "baseRefs") or mapping_at(service.data, "spec", "prefill"):
        return ""
    _, main = main_container(service.data, "spec", "template")
    args = main.get("args")
    if not isinstance(args, list) or not args:
        return ""
    command = main.get("command")
    words = [*(command if isinstance(command, list) else []), *args]
    line = " ".join(item for item in words if isinstance(item, str))
    return "" if "--config" in line else line


def serves_plain_http(service: Manifest) -> bool:
    """Whether the model server certainly speaks plain HTTP: its arguments and a probe say so."""
    line = _command_line(service)
    if not line or any(flag in line for flag in _TLS_FLAGS):
        return False
    _, main = main_container(service.data, "spec", "template")
    return any(text_at(main, probe, "httpGet", "scheme") == "HTTP" for probe in _PROBES)


def serves_tls(service: Manifest) -> bool:
    """Whether the model server certainly speaks TLS."""
    return "--ssl-certfile" in _command_line(service)


def find_gke_gateway(tree: Tree, refs: list[tuple[str, str]]) -> Manifest | None:
    """Find the first of some Gateways, by name and namespace, that GKE certainly manages."""
    for gateway in objects(tree, GATEWAY_API, "Gateway"):
        if not text_at(gateway.data, "spec", "gatewayClassName").startswith(_GKE_CLASS):
            continue
        for name, namespace in refs:
            if name == name_of(gateway) and agree(namespace, namespace_of(gateway)):
                return gateway
    return None


def gke_gateway_of_managed_route(tree: Tree, service: Manifest) -> Manifest | None:
    """Find the GKE Gateway that the route which KServe makes for a service is attached to."""
    if value_at(service.data, "spec", "baseRefs"):
        return None
    if not isinstance(value_at(service.data, *ROUTE), dict):
        return None
    if value_at(service.data, *ROUTE, "http", "refs"):
        return None
    refs = [
        (text_at(ref, "name"), text_at(ref, "namespace"))
        for _, ref in items_at(service.data, "spec", "router", "gateway", "refs")
    ]
    if not refs and isinstance(value_at(service.data, "spec", "router", "gateway"), dict):
        refs = [_DEFAULT_GATEWAY]
    return find_gke_gateway(tree, refs)


def route_rules(tree: Tree, service: Manifest) -> tuple[Manifest | None, list[DataPath]]:
    """Find the rules of a managed route: in which object, and where; in none for KServe's preset.

    A preset of the well-known name in the tree replaces KServe's.
    """
    if value_at(service.data, *ROUTE, "http", "spec"):
        return service, [path for path, _ in items_at(service.data, *RULES)]
    for config in objects(tree, KSERVE, "LLMInferenceServiceConfig"):
        if name_of(config).endswith(_ROUTE_PRESET):
            return config, [path for path, _ in items_at(config.data, *RULES)]
    return None, []
