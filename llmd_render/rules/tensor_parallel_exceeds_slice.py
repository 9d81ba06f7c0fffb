"""The model is split over as many devices as the slice has, or over a whole fraction of them.

Tensor parallelism gives every device an equal part of the model. vLLM stops at start when it finds
fewer devices than it was told, and parts of unequal number leave some without work.

Source: https://github.com/vllm-project/tpu-inference (2026-08-22)

Passes:

    server: {tensorParallel: 4}

Fails:

    server: {tensorParallel: 8}
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from llmd_render.diagnostics import Severity, Violation

from .rule import ProfileRule
from .subjects.facts import chosen_slice, listed

if TYPE_CHECKING:
    from collections.abc import Iterator

    from llmd_render.catalog import Catalog
    from llmd_render.profile import Profile


def _check(profile: Profile, catalog: Catalog) -> Iterator[Violation]:
    chosen, size = chosen_slice(profile, catalog), profile.server.tensor_parallel
    if chosen is None or size is None:
        return
    devices = chosen.tensor_parallel
    if devices % size == 0:
        return
    splits = listed(str(item) for item in range(1, devices + 1) if devices % item == 0)
    yield Violation(
        ("server", "tensorParallel"),
        f"server.tensorParallel is {size}, and the slice {chosen.topology} of {profile.tpu.type} "
        f"has {devices} device{'s' if devices > 1 else ''}; it must be {splits}",
        f"set server.tensorParallel to {devices}, or leave it out",
    )


RULE = ProfileRule("tensor-parallel-exceeds-slice", Severity.ERROR, _check)
