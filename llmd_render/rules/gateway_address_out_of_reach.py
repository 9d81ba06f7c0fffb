"""The address of a Gateway is of the kind that its class can take.

A regional load balancer takes a regional address, a global one a global address, an internal one
an internal address. A Gateway that names another, or one that nobody reserves, stays without an
address. Types that begin with networking.gke.io/ephemeral- are for classes of several clusters.

Source: https://cloud.google.com/kubernetes-engine/docs/how-to/deploying-gateways (2026)

Passes:

    gateway.yaml: |
      apiVersion: gateway.networking.k8s.io/v1
      kind: Gateway
      metadata: {name: example}
      spec:
        gatewayClassName: gke-l7-regional-external-managed
        addresses: [{type: NamedAddress, value: example-address}]
        listeners: [{name: http, port: 80, protocol: HTTP}]
    address.sh: |
      gcloud compute addresses create example-address --region=europe-west4 --project=my-project

Fails:

    gateway.yaml: |
      apiVersion: gateway.networking.k8s.io/v1
      kind: Gateway
      metadata: {name: example}
      spec:
        gatewayClassName: gke-l7-regional-external-managed
        addresses: [{type: NamedAddress, value: example-address}]
        listeners: [{name: http, port: 80, protocol: HTTP}]
    address.sh: |
      gcloud compute addresses create example-address --global --project=my-project
"""

from __future__ import annotations

from ipaddress import IPv4Network, ip_address
from typing import TYPE_CHECKING

from llmd_render.diagnostics import Severity, Violation
from llmd_render.lookup import text_at

from .rule import TreeRule, TreeViolation
from .subjects.gateways import class_of, find_class, gke_gateways
from .subjects.objects import items_at
from .subjects.scripts import calls
from .subjects.whole_tree import find_misspelt

if TYPE_CHECKING:
    from collections.abc import Iterator

    from llmd_render.diagnostics import DataPath
    from llmd_render.manifest import Tree
    from llmd_render.script import Call

_EPHEMERAL = "networking.gke.io/ephemeral-"
_PRIVATE = [IPv4Network(text) for text in ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16")]
_CREATE = ("compute", "addresses", "create")


def _check(tree: Tree) -> Iterator[TreeViolation]:
    made = {name: call for call in calls(tree, "gcloud") for name in _list_created(call)}
    for gateway in gke_gateways(tree):
        for path, address in items_at(gateway.data, "spec", "addresses"):
            kind, value = text_at(address, "type"), text_at(address, "value")
            if kind == "NamedAddress":
                violation = _judge_name(class_of(gateway), (*path, "value"), value, made)
            elif kind.startswith(_EPHEMERAL):
                violation = _judge_ephemeral(class_of(gateway), (*path, "type"), kind)
            else:
                violation = _judge_number(class_of(gateway), (*path, "value"), value)
            if violation:
                yield TreeViolation(gateway, violation)


def _judge_name(
    class_name: str, path: DataPath, name: str, made: dict[str, Call]
) -> Violation | None:
    near = "" if name in made else find_misspelt(name, made)
    if near:
        place = made[near].location
        message = (
            f"no script reserves the address {name}, and {place.file}:{place.line} reserves {near}"
        )
        return Violation(path, message, f"write {near}")
    wanted = _find_wanted(class_name)
    kind = _read_kind(made[name]) if name in made else ""
    if not wanted or not kind or kind == wanted:
        return None
    place = made[name].location
    return Violation(
        path,
        f"{place.file}:{place.line} reserves {name} as a {_say(kind)} address, and "
        f"{class_name} takes a {_say(wanted)} one",
        f"reserve a {_say(wanted)} address",
    )


def _judge_ephemeral(class_name: str, path: DataPath, kind: str) -> Violation | None:
    known = find_class(class_name)
    if known is None or known.multi_cluster:
        return None
    return Violation(
        path,
        f"the Gateway asks for an address of the type {kind}, which is for classes of several "
        f"clusters, and {class_name} is for one",
        "remove the address, or reserve one and name it with type: NamedAddress",
    )


def _judge_number(class_name: str, path: DataPath, value: str) -> Violation | None:
    known = find_class(class_name)
    try:
        address = ip_address(value)
    except ValueError:
        return None
    if known is None:
        return None
    if known.exposure == "external" and any(address in network for network in _PRIVATE):
        return Violation(
            path,
            f"{value} is a private address, and a Gateway of class {class_name} is on the internet",
            f"reserve a {_say(known.static_address or 'public')} address, or use gke-l7-rilb",
        )
    if known.exposure == "internal" and address.is_global:
        return Violation(
            path,
            f"{value} is a public address, and a Gateway of class {class_name} has one of the VPC "
            "network",
            "write an address of a subnet of the VPC network, or remove the address",
        )
    return None


def _list_created(call: Call) -> Iterator[str]:
    words = [word.text for word in call.words]
    if tuple(words[: len(_CREATE)]) == _CREATE and all(word.is_known for word in call.words):
        for word in words[len(_CREATE) :]:
            if word.startswith("-"):
                break
            yield word


def _read_kind(call: Call) -> str:
    """Read what kind of address a call reserves; nothing where it does not say."""
    words = [word.text for word in call.words]
    if any(word.split("=")[0] in {"--subnet", "--purpose"} for word in words):
        return "regional-internal"
    if "--global" in words:
        return "global-external"
    if any(word.split("=")[0] == "--region" for word in words):
        return "regional-external"
    return ""


def _find_wanted(class_name: str) -> str:
    known = find_class(class_name)
    wanted = known.static_address if known else ""
    return wanted if wanted in {"global-external", "regional-external", "regional-internal"} else ""


def _say(kind: str) -> str:
    return kind.replace("-", " ")


RULE = TreeRule("gateway-address-out-of-reach", Severity.WARNING, _check, acknowledgeable=True)
