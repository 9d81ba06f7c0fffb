"""A reserved address is of the kind that the Gateway's class can take.

A regional load balancer takes a regional address, a global one a global address, an internal one
an internal address. A Gateway that names another stays without an address.

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

from typing import TYPE_CHECKING

from llmd_render.diagnostics import Severity, Violation
from llmd_render.lookup import text_at

from .rule import TreeRule, TreeViolation
from .subjects.gateways import class_of, find_class, gke_gateways
from .subjects.objects import items_at
from .subjects.scripts import calls

if TYPE_CHECKING:
    from collections.abc import Iterator

    from llmd_render.manifest import Tree
    from llmd_render.script import Call

_CREATE = ("compute", "addresses", "create")


def _check(tree: Tree) -> Iterator[TreeViolation]:
    made = {name: call for call in calls(tree, "gcloud") for name in _list_created(call)}
    for gateway in gke_gateways(tree) if made else ():
        for path, address in items_at(gateway.data, "spec", "addresses"):
            name = text_at(address, "value")
            wanted = _find_wanted(class_of(gateway))
            if text_at(address, "type") != "NamedAddress" or name not in made or not wanted:
                continue
            call = made[name]
            kind = _read_kind(call)
            if kind and kind != wanted:
                place = call.location
                yield TreeViolation(
                    gateway,
                    Violation(
                        (*path, "value"),
                        f"{place.file}:{place.line} reserves {name} as a {_say(kind)} address, and "
                        f"{class_of(gateway)} takes a {_say(wanted)} one",
                        f"reserve a {_say(wanted)} address",
                    ),
                )


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
