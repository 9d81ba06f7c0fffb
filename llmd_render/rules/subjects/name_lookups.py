"""What NetworkPolicies let through to the cluster's DNS servers; shared by rules about them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from llmd_render.lookup import value_at

from .cut_paths import placed_rules_for
from .objects import items_at, mapping_at, namespace_of
from .whole_tree import find_misspelt

if TYPE_CHECKING:
    from llmd_render.diagnostics import DataPath

    from .cut_paths import Isolated, PlacedRule

DNS_PORT = 53
NAMESPACE_NAME = "kubernetes.io/metadata.name"
"""The label that each namespace has, with its own name."""

_HOME = "kube-system"
_APP = "k8s-app"
# What people take for the namespace of the DNS servers, and is the name of their Service.
_MISTAKEN = frozenset({"dns", "kube-dns", "coredns", "node-local-dns"})


def lookups(isolated: Isolated, protocol: str) -> list[PlacedRule]:
    """List the rules about the port of DNS by which Pods reach the DNS servers, or may."""
    return [
        item
        for item in placed_rules_for(isolated, DNS_PORT, protocol)
        if explain_missed(item) is None
    ]


def explain_missed(item: PlacedRule) -> tuple[DataPath, str] | None:
    """Say where and why a rule about the port of DNS reaches no DNS server, if that is sure."""
    found = [
        ((*item.path, *path), _explain(peer, namespace_of(item.policy)))
        for path, peer in items_at(item.rule, "to")
    ]
    return found[0] if found and all(reason for _, reason in found) else None


def _explain(peer: dict[str, Any], own: str) -> str:
    """Say why a peer can be no DNS server; nothing where it may be one."""
    if "ipBlock" in peer or own in {"", _HOME}:
        return ""
    if "namespaceSelector" not in peer:
        return f"a podSelector alone means Pods of the policy's own namespace {own}"
    where = str(mapping_at(peer, "namespaceSelector", "matchLabels").get(NAMESPACE_NAME, ""))
    if where in {own, *_MISTAKEN} or find_misspelt(where, [_HOME]):
        return f"the namespaceSelector means the namespace {where}"
    app = str(value_at(peer, "podSelector", "matchLabels", _APP))
    if where == _HOME and find_misspelt(app, ["kube-dns"]):
        return f"the podSelector means Pods with {_APP}={app}"
    return ""
