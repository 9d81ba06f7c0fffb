"""The GatewayClass is one that the catalog knows.

Of an unknown class nobody can say whether it reaches an InferencePool, who can call it and which
subnet it needs, so no other rule about the Gateway says anything either.

Source: https://cloud.google.com/kubernetes-engine/docs/how-to/gatewayclass-capabilities (2026)

Passes:

    gateway: {className: gke-l7-rilb}

Fails:

    gateway: {className: gke-l7-ribl}
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from llmd_render.diagnostics import Severity, Violation, did_you_mean

from .rule import ProfileRule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from llmd_render.catalog import Catalog
    from llmd_render.profile import Profile


def _check(profile: Profile, catalog: Catalog) -> Iterator[Violation]:
    name = profile.gateway.class_name
    if name in catalog.gateway_classes:
        return
    yield Violation(
        ("gateway", "className"),
        f"the tool does not know the GatewayClass {name}, so nothing about it is checked",
        did_you_mean(
            name, catalog.gateway_classes, "use gke-l7-regional-external-managed or gke-l7-rilb"
        ),
    )


RULE = ProfileRule("gateway-class-unknown-to-catalog", Severity.WARNING, _check)
