"""The model is split over as many devices as the slice has, or over a whole fraction of them.

Tensor parallelism gives every device an equal part of the model. vLLM stops at start when it finds
fewer devices than it was told, and parts of unequal number leave some without work. Every stage of
a pipeline takes as many devices as tensor parallelism does.

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
from .subjects.facts import chosen_slice, flags_of, listed

if TYPE_CHECKING:
    from collections.abc import Iterator

    from llmd_render.catalog import Catalog, Topology
    from llmd_render.profile import Profile

_PIPELINE = {"--pipeline-parallel-size", "-pp"}


def _check(profile: Profile, catalog: Catalog) -> Iterator[Violation]:
    chosen, size = chosen_slice(profile, catalog), profile.server.tensor_parallel
    if chosen is None:
        return
    devices = chosen.tensor_parallel
    if size is None or devices % size == 0:
        yield from _add_stages(profile, chosen, size or devices)
        return
    splits = listed(str(item) for item in range(1, devices + 1) if devices % item == 0)
    yield Violation(
        ("server", "tensorParallel"),
        f"server.tensorParallel is {size}, and the slice {chosen.topology} of {profile.tpu.type} "
        f"has {devices} device{'s' if devices > 1 else ''}; it must be {splits}",
        f"set server.tensorParallel to {devices}, or leave it out",
    )


def _add_stages(profile: Profile, chosen: Topology, size: int) -> Iterator[Violation]:
    """Compare what all stages of a pipeline take with what the slice has."""
    for flag in flags_of(profile):
        stages = int(flag.value) if flag.value.isdecimal() and flag.value.isascii() else 1
        if flag.name in _PIPELINE and size * stages > chosen.tensor_parallel:
            yield Violation(
                ("server", "args", flag.index),
                f"{flag.name} is {stages} and server.tensorParallel {size}, which takes "
                f"{size * stages} devices together, and the slice {chosen.topology} of "
                f"{profile.tpu.type} has {chosen.tensor_parallel}",
                f"remove {flag.name}",
            )


RULE = ProfileRule("tensor-parallel-exceeds-slice", Severity.ERROR, _check)
