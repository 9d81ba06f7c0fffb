"""Containers of a Pod (core validateContainers, validateInitContainers)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from llmd_render.diagnostics import DataPath, Violation
from llmd_render.validate.words import show

from .environment import check_environment
from .findings import (
    Mapping,
    check_choice,
    check_unique,
    entries,
    integer,
    require,
    text,
)
from .names import check_dns_label
from .ports import PROTOCOLS, check_port_name, check_port_number
from .probes import check_probes, refuse_probes
from .resources import check_resources
from .security import check_container_security
from .volumes import check_mounts

if TYPE_CHECKING:
    from collections.abc import Iterator

_LISTS = ("containers", "initContainers", "ephemeralContainers")
_PULL_POLICIES = ("Always", "IfNotPresent", "Never")
_MESSAGE_POLICIES = ("File", "FallbackToLogsOnError")


def check_containers(spec: Mapping, path: DataPath, *, complete: bool) -> Iterator[Violation]:
    """Find what the server refuses of the containers of a Pod.

    An incomplete one is an overlay, to which others add names, images and volumes.
    """
    if complete:
        yield from require(spec, "containers", path)
    declared = (text(volume, "name") for volume, _ in entries(spec, "volumes", path))
    volumes = frozenset(filter(None, declared)) if complete else None
    names = []
    for key in _LISTS:
        for container, place in entries(spec, key, path):
            if name := text(container, "name"):
                names.append((name, (*place, "name")))
            yield from _check_container(container, place, volumes, complete=complete)
            if key == "initContainers" and text(container, "restartPolicy") != "Always":
                # An overlay may leave it to the other side to say that it restarts.
                if complete:
                    yield from refuse_probes(container, place)
            elif key != "ephemeralContainers":
                yield from check_probes(container, place, complete=complete)
    yield from check_unique(names, "native-container-name-duplicate", "that of another container")
    yield from _check_host_ports(spec, path)


def _check_container(
    container: Mapping, path: DataPath, volumes: frozenset[str] | None, *, complete: bool
) -> Iterator[Violation]:
    if complete:
        yield from require(container, "name", path)
        yield from require(container, "image", path)
    if name := text(container, "name"):
        yield from check_dns_label(name, (*path, "name"))
    yield from check_choice(container, "imagePullPolicy", _PULL_POLICIES, path)
    yield from check_choice(container, "terminationMessagePolicy", _MESSAGE_POLICIES, path)
    yield from _check_ports(container, path, complete=complete)
    yield from check_environment(container, path, complete=complete)
    yield from check_mounts(container, path, volumes)
    resources = container.get("resources")
    yield from check_resources(resources, (*path, "resources"), complete=complete)
    security = container.get("securityContext")
    yield from check_container_security(security, (*path, "securityContext"), complete=complete)


def _check_ports(container: Mapping, path: DataPath, *, complete: bool) -> Iterator[Violation]:
    names = []
    for port, place in entries(container, "ports", path):
        if name := text(port, "name"):
            yield from check_port_name(name, (*place, "name"))
            names.append((name, (*place, "name")))
        if complete and port.get("containerPort") is None:
            yield from require(port, "containerPort", place)
        yield from check_port_number(port.get("containerPort"), (*place, "containerPort"))
        # 0 stands for no port of the node.
        yield from check_port_number(port.get("hostPort") or None, (*place, "hostPort"))
        yield from check_choice(port, "protocol", PROTOCOLS, place)
    yield from check_unique(names, "native-port-name-duplicate")


def _check_host_ports(spec: Mapping, path: DataPath) -> Iterator[Violation]:
    taken = []
    for container, place in entries(spec, "containers", path):
        for port, where in entries(container, "ports", place):
            number = integer(port.get("hostPort"))
            if not number:
                continue
            protocol = text(port, "protocol") or "TCP"
            taken.append(((protocol, text(port, "hostIP"), number), (*where, "hostPort")))
            inside = integer(port.get("containerPort"))
            if spec.get("hostNetwork") is True and inside is not None and inside != number:
                message = f"hostPort is {show(number)}; with hostNetwork it must be {show(inside)}"
                hint = "hostPort and containerPort are one port there"
                yield Violation((*where, "hostPort"), message, hint, "native-host-port-conflict")
    yield from check_unique(taken, "native-host-port-conflict")
