"""The slice fits on one host.

A slice of several hosts needs one pod on each of them, started together, and one vLLM across all.
A single pod would see the chips of its own host only. KServe makes such a group, a LeaderWorkerSet,
for data parallelism alone: for a pipeline it asks for presets that no release has had up to 0.20,
and the change that would have brought them was closed unmerged; for tensor parallelism across pods
it makes a group of one. No source tells of an LLMInferenceService that ran on several TPU hosts.
Those who serve from such slices use Ray in images of their own making, under KubeRay or a
LeaderWorkerSet without KServe, and vLLM's pipeline over several TPU hosts is still being changed.

Source: https://github.com/kserve/kserve/issues/5047 (2026-08-19)
Source: https://github.com/kserve/kserve/pull/5315 (2026-08-14)
Source: https://github.com/kserve/kserve/issues/4946 (2026-01-12)
Source: https://github.com/vllm-project/tpu-inference/pull/3498 (2026-08-31)
Source: https://github.com/ray-project/ray/pull/63177 (2026-05-14)
Source: https://cloud.google.com/kubernetes-engine/docs/concepts/tpus (2026)

Passes:

    tpu: {topology: 2x2}

Fails:

    tpu: {topology: 4x4}
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from llmd_render.diagnostics import Severity, Violation

from .rule import ProfileRule
from .subjects.facts import chosen_slice, listed, slices_of

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
        "KServe has no preset that makes one model server of several hosts",
        hint,
    )


RULE = ProfileRule("tpu-slice-spans-hosts", Severity.ERROR, _check, acknowledgeable=False)
