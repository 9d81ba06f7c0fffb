r"""A script creates a proxy-only subnet that Google Cloud accepts.

It takes a range of /26 or larger that begins where such a range begins, is private, and overlaps no
other subnet: a network in auto mode, as `default` is, has given all of 10.128.0.0/9 to its own. A
region and network have one active proxy-only subnet, and --role says that this is it.

Source: https://cloud.google.com/load-balancing/docs/proxy-only-subnets (2026)

Passes:

    subnet.sh: |
      gcloud compute networks subnets create proxy-only --network=default --region=europe-west4 \
        --range=192.168.0.0/23 --purpose=REGIONAL_MANAGED_PROXY --role=ACTIVE

Fails:

    subnet.sh: |
      gcloud compute networks subnets create proxy-only --network=default --region=europe-west4 \
        --range=10.129.0.0/23 --purpose=REGIONAL_MANAGED_PROXY --role=ACTIVE
"""

from __future__ import annotations

from ipaddress import IPv4Network
from typing import TYPE_CHECKING

from llmd_render.diagnostics import Severity

from .proxy_only_subnet_range_invalid import find_problem
from .rule import TreeRule, TreeViolation
from .subjects.scripts import gcloud_calls, violate
from .subjects.subnets import CREATE, purpose_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from llmd_render.command_line import Invocation
    from llmd_render.manifest import Tree

_PURPOSES = {"REGIONAL_MANAGED_PROXY", "GLOBAL_MANAGED_PROXY", "INTERNAL_HTTPS_LOAD_BALANCER"}


def _check(tree: Tree) -> Iterator[TreeViolation]:
    before: list[Invocation] = []
    for call in gcloud_calls(tree, CREATE):
        beside = [item for item in before if _share_network(item, call)]
        before.append(call)
        if purpose_of(call) in _PURPOSES:
            yield from _judge(call)
        for other in beside:
            if {purpose_of(call), purpose_of(other)} & _PURPOSES:
                yield from _compare(call, other)


def _judge(call: Invocation) -> Iterator[TreeViolation]:
    text = call.text("--range")
    problem = find_problem(text, call.text("--network")) if text else None
    if problem:
        message, hint = problem
        place = call.find("--range")
        word = place.word if place else call.call
        yield violate(word, call, f"the range {text} of the proxy-only subnet {message}", hint)
    if call.lacks("--role"):
        message = "the proxy-only subnet has no role, and Google Cloud wants one"
        yield violate(call.call, call, message, "add --role=ACTIVE")


def _compare(call: Invocation, other: Invocation) -> Iterator[TreeViolation]:
    ranges = [_range(item.text("--range")) for item in (call, other)]
    name, earlier = (item.arguments[0].text if item.arguments else "" for item in (call, other))
    line = other.call.line
    if ranges[0] and ranges[1] and ranges[0].overlaps(ranges[1]):
        place = call.find("--range")
        word = place.word if place else call.call
        message = (
            f"the range {ranges[0]} of {name} overlaps {ranges[1]} of {earlier} in line {line}"
        )
        yield violate(word, call, message, "use a range that no other subnet of the network has")
    elif _is_active(call) and _is_active(other) and name != earlier and _share_region(call, other):
        message = f"{earlier} in line {line} is the active proxy-only subnet already"
        hint = "keep one of them; a region and network can have one active"
        yield violate(call.call, call, message, hint)


def _is_active(call: Invocation) -> bool:
    return purpose_of(call) in _PURPOSES and call.text("--role").upper() == "ACTIVE"


def _share_network(one: Invocation, other: Invocation) -> bool:
    network = one.text("--network")
    return bool(network) and network == other.text("--network") and one.call.file == other.call.file


def _share_region(one: Invocation, other: Invocation) -> bool:
    return bool(one.text("--region")) and one.text("--region") == other.text("--region")


def _range(text: str) -> IPv4Network | None:
    try:
        return IPv4Network(text, strict=False)
    except ValueError:
        return None


RULE = TreeRule("proxy-only-subnet-refused", Severity.ERROR, _check, acknowledgeable=True)
