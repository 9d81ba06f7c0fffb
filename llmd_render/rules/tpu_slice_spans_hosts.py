"""The slice fits on one host.

A slice of several hosts needs one pod on each of them, started together by a LeaderWorkerSet. That
is not rendered yet, and a single pod would see the chips of its own host only.

Source: https://cloud.google.com/kubernetes-engine/docs/concepts/tpus (2026)

Passes:

    tpu: {topology: 2x2}

Fails:

    tpu: {topology: 4x4}
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from llmd_render.diagnostics import Severity, Violation

from .facts import chosen_slice, listed, slices_of
from .rule import ProfileRule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from llmd_render.catalog import Catalog
    from llmd_render.profile import Profile


def _check(profile: Profile, catalog: Catalog) -> Iterator[Violation]:
    chosen = chosen_slice(profile, catalog)
    if chosen is None or not chosen.multi_host:
        return
    fitting = slices_of(catalog, profile.tpu.type, single_host=True)
    same = [row for row in fitting if row.topology == chosen.topology]
    if same:
        path, hint = "machineType", f"set tpu.machineType to {same[0].machine_type}"
    else:
        choices = (f"{row.topology} on {row.machine_type}" for row in reversed(fitting))
        path, hint = "topology", f"use {listed(choices)}"
    yield Violation(
        ("tpu", path),
        f"the topology {chosen.topology} takes {chosen.hosts} hosts of {chosen.machine_type}, and "
        "slices of more than one host are not rendered yet (they need a LeaderWorkerSet)",
        hint,
    )


RULE = ProfileRule("tpu-slice-spans-hosts", Severity.ERROR, _check, acknowledgeable=False)
