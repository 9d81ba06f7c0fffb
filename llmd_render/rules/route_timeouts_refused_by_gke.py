"""No HTTPRoute behind a GKE Gateway carries time-outs.

KServe's own route preset puts `timeouts` on every rule. GKE's controller refuses such a route as a
whole (GWCER104), and KServe undoes a correction by hand.

Source: https://github.com/kserve/kserve/issues/5311 (2026-03)

Passes:

    routing: managed
    managedRoute: shadow

Fails:

    routing: managed
    managedRoute: preset
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
    if profile.routing != "managed" or profile.managed_route != "preset":
        return
    known = load_balancer(profile, catalog)
    if known is None or known.httproute_timeouts is not False:
        return
    yield Violation(
        ("managedRoute",),
        f"the preset of KServe writes time-outs into the HTTPRoute, and {known.name} refuses a "
        "route that has any",
        "set managedRoute to shadow, or routing to declared",
    )


RULE = ProfileRule("route-timeouts-refused-by-gke", Severity.ERROR, _check)
