"""Pod, PodTemplate, and the Pods that other kinds describe (core ValidatePodSpec)."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from llmd_render.diagnostics import DataPath, Severity, Violation
from llmd_render.findings import DEFERRED
from llmd_render.validate.words import show

from .addresses import check_address
from .containers import check_containers
from .findings import (
    Mapping,
    check_bounds,
    check_choice,
    entries,
    mapping,
    require,
    sequence,
    text,
    texts,
)
from .names import check_dns_label, check_labels, check_subdomain
from .scheduling import check_scheduling
from .security import check_pod_security
from .volumes import check_volumes

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

RESTART_POLICIES = frozenset({"Always", "OnFailure", "Never"})
"""The restart policies of a Pod; Always is the default."""

_DNS_POLICIES = ("ClusterFirst", "ClusterFirstWithHostNet", "Default", "None")
_LONGEST_DEADLINE = 2**31 - 1
_MOST_NAMESERVERS = 3


def check_pod(data: Mapping) -> Iterator[Violation]:
    """Find what the server refuses of a Pod."""
    yield from check_pod_spec(data.get("spec"), ("spec",))
    for container, path in entries(mapping(data.get("spec")), "containers", ("spec",)):
        image = text(container, "image")
        if image != image.strip():
            message = f"image is {show(image)}; it must not begin or end with a blank"
            yield Violation((*path, "image"), message, code="native-name-format-invalid")


def check_template(value: Any, path: DataPath) -> Iterator[Violation]:
    """Find what the server refuses of the template of a workload."""
    template = mapping(value)
    labels = mapping(template.get("metadata")).get("labels")
    yield from check_labels(labels, (*path, "metadata", "labels"))
    yield from check_pod_spec(template.get("spec"), (*path, "spec"))


def check_embedded_pod_spec(value: Any, path: DataPath, maker: str = "") -> Iterator[Violation]:
    """Find what the server will refuse of the Pods made of a part of another kind.

    The part is an overlay that presets complete, so nothing in it counts as missing. Each code
    ends in `-deferred`; `maker` names what will be refused.
    """
    found = check_pod_spec(value, path, complete=False)
    settled = (item for item in found if not _is_template(value, item.path[len(path) :]))
    yield from defer(settled, maker or "the Deployment that is made of it")


def _is_template(value: Any, path: DataPath) -> bool:
    # KServe fills in what presets write in braces; only then is it what it will be.
    for step in path:
        value = value[step]
    return isinstance(value, str) and "{{" in value


def defer(found: Iterable[Violation], refused: str) -> Iterator[Violation]:
    """Mark findings as those which the server has about something else, later."""
    later = f"the server takes this object, and refuses {refused}"
    for item in found:
        if item.severity is Severity.WARNING:
            yield item
        else:
            hint = f"{item.hint}; {later}" if item.hint else later
            yield replace(item, hint=hint, code=item.code + DEFERRED)


def check_pod_spec(value: Any, path: DataPath, *, complete: bool = True) -> Iterator[Violation]:
    """Find what the server refuses of the spec of a Pod."""
    if not isinstance(value, dict):
        return
    yield from check_containers(value, path, complete=complete)
    yield from check_volumes(value, path, complete=complete)
    yield from check_scheduling(value, path)
    security = value.get("securityContext")
    yield from check_pod_security(security, (*path, "securityContext"), complete=complete)
    yield from check_choice(value, "restartPolicy", RESTART_POLICIES, path)
    yield from check_bounds(value, "activeDeadlineSeconds", path, 1, _LONGEST_DEADLINE)
    yield from _check_names(value, path)
    yield from _check_dns(value, path, complete=complete)
    if value.get("shareProcessNamespace") is True and value.get("hostPID") is True:
        message = "shareProcessNamespace stands beside hostPID; a Pod has one of them"
        place = (*path, "shareProcessNamespace")
        yield Violation(place, message, code="native-security-context-conflict", key=True)


def _check_names(spec: Mapping, path: DataPath) -> Iterator[Violation]:
    for key in ("serviceAccountName", "nodeName", "priorityClassName", "runtimeClassName"):
        if name := text(spec, key):
            yield from check_subdomain(name, (*path, key))
    for key in ("hostname", "subdomain"):
        if name := text(spec, key):
            yield from check_dns_label(name, (*path, key))
    for alias, place in entries(spec, "hostAliases", path):
        yield from check_address(alias.get("ip"), (*place, "ip"))
        for name, where in texts(alias, "hostnames", place):
            yield from check_subdomain(name, where)


def _check_dns(spec: Mapping, path: DataPath, *, complete: bool) -> Iterator[Violation]:
    yield from check_choice(spec, "dnsPolicy", _DNS_POLICIES, path)
    config = mapping(spec.get("dnsConfig"))
    place = (*path, "dnsConfig")
    if complete and text(spec, "dnsPolicy") == "None":
        yield from require(spec, "dnsConfig", path)
        if config:
            yield from require(config, "nameservers", place)
    servers = sequence(config.get("nameservers"))
    if len(servers) > _MOST_NAMESERVERS:
        message = f"nameservers has {len(servers)} addresses; it may have {_MOST_NAMESERVERS}"
        yield Violation((*place, "nameservers"), message, code="native-number-out-of-range")
    for address, where in texts(config, "nameservers", place):
        yield from check_address(address, where)
