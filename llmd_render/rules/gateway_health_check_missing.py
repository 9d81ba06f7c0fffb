"""The load balancer probes a path that vLLM answers.

Without a HealthCheckPolicy Google's load balancer probes `/`, vLLM answers that with 404, and every
request gets "no healthy upstream". A change by hand with gcloud is undone at the next reconcile.

Source: https://cloud.google.com/kubernetes-engine/docs/how-to/configure-gateway-resources (2026)

Passes:

    gateway: {healthCheckPolicy: true}

Fails:

    gateway: {healthCheckPolicy: false}
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from llmd_render.diagnostics import Severity, Violation

from .rule import ProfileRule
from .subjects.facts import load_balancer

if TYPE_CHECKING:
    from collections.abc import Iterator

    from llmd_render.catalog import Catalog
    from llmd_render.profile import Profile


def _check(profile: Profile, catalog: Catalog) -> Iterator[Violation]:
    if profile.gateway.health_check_policy or load_balancer(profile, catalog) is None:
        return
    yield Violation(
        ("gateway", "healthCheckPolicy"),
        "gateway.healthCheckPolicy is false: the load balancer then probes /, which vLLM answers "
        "with 404, and it never sends a request to any model server",
        "set gateway.healthCheckPolicy to true",
    )


RULE = ProfileRule("gateway-health-check-missing", Severity.ERROR, _check)
