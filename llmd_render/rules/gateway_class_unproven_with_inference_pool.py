"""Somebody has seen the GatewayClass route to an InferencePool.

The multi-cluster classes need a fleet and their own controller, and no source says whether they
take an InferencePool. Where they do not, the Gateway is programmed and answers every request with
an error.

Source: https://cloud.google.com/kubernetes-engine/docs/how-to/gatewayclass-capabilities (2026)

Passes:

    gateway: {className: gke-l7-rilb}

Fails:

    gateway: {className: gke-l7-rilb-mc}
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from llmd_render.diagnostics import Severity, Violation

from .rule import ProfileRule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from llmd_render.catalog import Catalog
    from llmd_render.profile import Profile


def _check(profile: Profile, catalog: Catalog) -> Iterator[Violation]:
    name = profile.gateway.class_name
    known = catalog.gateway_classes.get(name)
    if known is None or known.inference_pool != "unverified":
        return
    single = catalog.gateway_classes.get(name.removesuffix("-mc"))
    usable = single is not None and single.inference_pool == "supported"
    yield Violation(
        ("gateway", "className"),
        f"no source says whether the GatewayClass {name} can route to an InferencePool",
        f"use {name.removesuffix('-mc') if usable else 'gke-l7-regional-external-managed'}",
    )


RULE = ProfileRule("gateway-class-unproven-with-inference-pool", Severity.WARNING, _check)
