"""The ranges of clients are enforced where they are written.

Cloud Armor holds them in a regional policy, and the GCPBackendPolicy attaches it to the backends.
Without that policy, or behind a global class, the Gateway is open although the profile says who may
call it.

Source: https://cloud.google.com/armor/docs/security-policy-overview (2026)

Passes:

    gateway:
      className: gke-l7-regional-external-managed
      allowedSourceRanges: [203.0.113.0/24]

Fails:

    gateway:
      className: gke-l7-regional-external-managed
      allowedSourceRanges: [203.0.113.0/24]
      backendPolicy: false
    lint:
      ignore:
        - {rule: kserve-images-move, reason: known}
        - {rule: gateway-backend-timeout-short, reason: not what this is about}
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
    gateway = profile.gateway
    if not gateway.allowed_source_ranges:
        return
    path = ("gateway", "allowedSourceRanges")
    if not gateway.backend_policy:
        yield Violation(
            path,
            "gateway.allowedSourceRanges names who may call, but gateway.backendPolicy is false, "
            "so nothing enforces it",
            "set gateway.backendPolicy to true",
        )
    known = catalog.gateway_classes.get(gateway.class_name)
    if known is not None and known.scope != "regional":
        yield Violation(
            path,
            f"gateway.allowedSourceRanges needs a regional class; {known.name} is {known.scope}",
            "use gke-l7-regional-external-managed",
        )


RULE = ProfileRule("allowed-source-range-unenforced", Severity.ERROR, _check)
