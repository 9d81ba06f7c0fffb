"""The GatewayClass can route to an InferencePool.

An LLMInferenceService with a scheduler is reached through an InferencePool. Behind a class that
cannot route to one, the Gateway gets its address and reports itself programmed, and its backends
never become healthy.

Source: https://cloud.google.com/kubernetes-engine/docs/how-to/gatewayclass-capabilities (2026)

Passes:

    gateway:
      className: gke-l7-regional-external-managed
      allowedSourceRanges: [203.0.113.0/24]

Fails:

    gateway: {className: gke-l7-global-external-managed}
    lint:
      ignore:
        - {rule: kserve-images-move, reason: known}
        - {rule: gateway-open-to-internet, reason: not what this is about}
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from llmd_render.diagnostics import Severity, Violation

from .rule import ProfileRule
from .subjects.facts import listed

if TYPE_CHECKING:
    from collections.abc import Iterator

    from llmd_render.catalog import Catalog
    from llmd_render.profile import Profile


def _check(profile: Profile, catalog: Catalog) -> Iterator[Violation]:
    name = profile.gateway.class_name
    known = catalog.gateway_classes.get(name)
    if known is None or known.inference_pool in {"supported", "unverified"}:
        return
    able = [
        item.name
        for item in catalog.gateway_classes.values()
        if item.inference_pool == "supported" and item.name.startswith("gke-")
    ]
    yield Violation(
        ("gateway", "className"),
        f"the GatewayClass {name} cannot route to an InferencePool",
        f"use {listed(able)}",
    )


RULE = ProfileRule("gateway-class-without-inference-pool", Severity.ERROR, _check)
