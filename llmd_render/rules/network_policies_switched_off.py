"""NetworkPolicies limit who reaches the model servers.

vLLM asks nobody for a password. Without the policies every pod of the cluster can call it and its
metrics, and a model server can call out to anywhere.

Source: https://kubernetes.io/docs/concepts/services-networking/network-policies/ (2026)

Passes:

    networkPolicies: {enabled: true}

Fails:

    networkPolicies: {enabled: false}
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from llmd_render.diagnostics import Severity, Violation

from .rule import ProfileRule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from llmd_render.catalog import Catalog
    from llmd_render.profile import Profile


def _check(profile: Profile, _catalog: Catalog) -> Iterator[Violation]:
    if not profile.network_policies.enabled:
        yield Violation(
            ("networkPolicies", "enabled"),
            "networkPolicies.enabled is false: every pod of the cluster can call vLLM, which asks "
            "for no password",
            "set networkPolicies.enabled to true",
        )


RULE = ProfileRule("network-policies-switched-off", Severity.WARNING, _check)
