"""The project may use as many TPU chips as the replicas take.

Google counts chips against a quota by region, and a new project has none of some kinds. GKE makes
no node beyond it, and Compute Engine's list of quotas does not show it. preflight.sh reads what the
project has before anything is made; this says what to ask for early.

Source: https://cloud.google.com/kubernetes-engine/docs/how-to/tpus#ensure-quota (2026)

Passes:

    tpu: {type: v6e, topology: 2x2}
    cluster: {capacity: {kind: spot}}

Fails:

    tpu: {type: v6e, topology: 2x2}
    cluster: {capacity: {kind: on-demand}}
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from llmd_render.catalog import region_of
from llmd_render.diagnostics import Severity, Violation
from llmd_render.stack import choose_machine_type, find_quota

from .rule import ProfileRule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from llmd_render.catalog import Catalog
    from llmd_render.profile import Profile


def _check(profile: Profile, catalog: Catalog) -> Iterator[Violation]:
    machine, quota = choose_machine_type(profile, catalog), find_quota(profile, catalog)
    if machine is None or quota is None or quota.default is None:
        return
    chips = machine.chips * profile.service.replicas
    if chips > quota.default:
        families = [item for item in quota.dimensions if "=" in item]
        name = " with ".join([str(quota.quota_id), *families])
        yield Violation(
            ("tpu",),
            f"the chips count against the quota {name} in {region_of(profile.zone)}: {chips} are "
            f"needed, and a new project has {quota.default or 'none'}",
            "ask for it in the console under IAM & Admin, Quotas, and acknowledge this when the "
            "project has it",
            key=True,
        )


RULE = ProfileRule("tpu-quota-above-default", Severity.INFO, _check)
