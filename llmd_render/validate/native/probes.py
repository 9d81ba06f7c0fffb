"""Probes and lifecycle hooks of a container (core validateProbe, validateHandler)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from llmd_render.diagnostics import DataPath, Violation
from llmd_render.validate.words import listed, show

from .findings import Mapping, check_choice, entries, integer, is_set, mapping, require, text
from .ports import check_port, check_port_number

if TYPE_CHECKING:
    from collections.abc import Iterator

PROBES = ("livenessProbe", "readinessProbe", "startupProbe")
"""The probes of a container."""

_PROBE_HANDLERS = ("exec", "httpGet", "tcpSocket", "grpc")
_HOOK_HANDLERS = ("exec", "httpGet", "tcpSocket", "sleep")
_COUNTS = (
    "initialDelaySeconds",
    "timeoutSeconds",
    "periodSeconds",
    "successThreshold",
    "failureThreshold",
)
_SETTING = "native-probe-setting-invalid"
_HEADER = frozenset("-abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789")


def check_probes(container: Mapping, path: DataPath, *, complete: bool) -> Iterator[Violation]:
    """Find what the server refuses of a container's probes and hooks."""
    for name in PROBES:
        if is_set(container, name):
            yield from _check_probe(container[name], name, (*path, name), complete=complete)
    hooks = mapping(container.get("lifecycle"))
    for name in ("postStart", "preStop"):
        if is_set(hooks, name):
            place = (*path, "lifecycle", name)
            yield from _check_handlers(hooks[name], _HOOK_HANDLERS, place, complete=complete)


def refuse_probes(container: Mapping, path: DataPath) -> Iterator[Violation]:
    """Report probes and hooks of a container that runs to its end before others start."""
    for name in (*PROBES, "lifecycle"):
        if is_set(container, name):
            message = f"{name} is set on an init container; it needs restartPolicy: Always"
            yield Violation((*path, name), message, code="native-probe-not-allowed", key=True)


def _check_probe(
    value: object, name: str, path: DataPath, *, complete: bool
) -> Iterator[Violation]:
    yield from _check_handlers(value, _PROBE_HANDLERS, path, complete=complete)
    probe = mapping(value)
    for key in _COUNTS:
        number = integer(probe.get(key))
        if number is not None and number < 0:
            message = f"{key} is {show(number)}; it must be at least 0"
            yield Violation((*path, key), message, code=_SETTING)
    successes = integer(probe.get("successThreshold"))
    if name != "readinessProbe" and successes is not None and successes > 1:
        message = f"successThreshold is {show(successes)}; in a {name} it must be 1"
        yield Violation((*path, "successThreshold"), message, code=_SETTING)
    key = "terminationGracePeriodSeconds"
    seconds = integer(probe.get(key))
    if seconds is None:
        return
    if name == "readinessProbe":
        message = f"{key} is set; a readinessProbe ends nothing and does not take it"
        yield Violation((*path, key), message, code=_SETTING, key=True)
    elif seconds <= 0:
        message = f"{key} is {show(seconds)}; in a probe it must be greater than 0"
        yield Violation((*path, key), message, code=_SETTING)


def _check_handlers(
    value: object, known: tuple[str, ...], path: DataPath, *, complete: bool
) -> Iterator[Violation]:
    owner = mapping(value)
    handlers = [key for key in known if is_set(owner, key)]
    if len(handlers) > 1 or (complete and not handlers and isinstance(value, dict)):
        count = f"{len(handlers)} handlers ({listed(handlers)})" if handlers else "no handler"
        message = f"{path[-1]} has {count}; it must have exactly one of {listed(known)}"
        yield Violation(path, message, code="native-probe-handler-count", key=True)
    if complete and "exec" in handlers:
        yield from require(mapping(owner["exec"]), "command", (*path, "exec"))
    for key in ("httpGet", "tcpSocket"):
        yield from check_port(mapping(owner.get(key)).get("port"), (*path, key, "port"))
    yield from check_port_number(mapping(owner.get("grpc")).get("port"), (*path, "grpc", "port"))
    request = mapping(owner.get("httpGet"))
    yield from check_choice(request, "scheme", ("HTTP", "HTTPS"), (*path, "httpGet"))
    for header, place in entries(request, "httpHeaders", (*path, "httpGet")):
        name = text(header, "name")
        if not _HEADER.issuperset(name):
            message = f"name is {show(name)}; a header's name has letters, digits and '-'"
            yield Violation((*place, "name"), message, code="native-name-format-invalid")
