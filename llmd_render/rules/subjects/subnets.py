"""The proxy-only subnets that the scripts of a tree create; shared by the rules about them."""

from __future__ import annotations

from ipaddress import IPv4Network
from typing import TYPE_CHECKING

from .objects import once
from .scripts import gcloud_calls

if TYPE_CHECKING:
    from collections.abc import Iterator

    from llmd_render.command_line import Invocation
    from llmd_render.manifest import Tree

CREATE = "compute networks subnets create"
"""The command of gcloud that creates a subnet."""

_REGIONAL = "REGIONAL_MANAGED_PROXY"


def purpose_of(call: Invocation) -> str:
    """Give the purpose of a subnet, in whatever spelling it is written."""
    return call.text("--purpose").upper().replace("-", "_")


@once
def proxy_only_subnets(tree: Tree) -> Iterator[Invocation]:
    """List the calls that create proxy-only subnets of regional load balancers."""
    for call in gcloud_calls(tree, CREATE):
        if purpose_of(call) == _REGIONAL and not call.is_open:
            yield call


def read_range(call: Invocation) -> IPv4Network | None:
    """Read the range of addresses that a subnet gets; None where only a run tells it."""
    try:
        return IPv4Network(call.text("--range"), strict=False)
    except ValueError:
        return None
