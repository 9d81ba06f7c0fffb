"""The load balancer waits as long as an answer may take.

Google's load balancer cuts a response off after 30 seconds by default, and a language model often
takes longer. The GCPBackendPolicy of the tree raises the limit.

Source: https://cloud.google.com/load-balancing/docs/backend-service#timeout-setting (2026)

Passes:

    gateway: {backendPolicy: true}

Fails:

    gateway: {backendPolicy: false}
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
    if profile.gateway.backend_policy or load_balancer(profile, catalog) is None:
        return
    yield Violation(
        ("gateway", "backendPolicy"),
        "gateway.backendPolicy is false: the load balancer then cuts off every answer that takes "
        "longer than 30 seconds",
        "set gateway.backendPolicy to true",
    )


RULE = ProfileRule("gateway-backend-timeout-short", Severity.WARNING, _check)
