"""The model is split over every device of the slice.

A pod gets all chips of its node, whatever it does with them. Chips that vLLM does not use cost the
same as the others.

Source: https://cloud.google.com/kubernetes-engine/docs/concepts/tpus (2026)

Passes:

    server: {tensorParallel: 4}

Fails:

    server: {tensorParallel: 2}
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from llmd_render.diagnostics import Severity, Violation

from .rule import ProfileRule
from .subjects.facts import chosen_slice, flags_of, listed, slices_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from llmd_render.catalog import Catalog
    from llmd_render.profile import Profile


_OTHER_PARALLELISM = {"--data-parallel-size", "-dp", "--pipeline-parallel-size", "-pp"}


def _check(profile: Profile, catalog: Catalog) -> Iterator[Violation]:
    chosen, size = chosen_slice(profile, catalog), profile.server.tensor_parallel
    if chosen is None or size is None or size == chosen.tensor_parallel:
        return
    if chosen.tensor_parallel % size:
        return  # tensor-parallel-exceeds-slice
    if any(flag.name in _OTHER_PARALLELISM for flag in flags_of(profile)):
        return
    fitting = [
        f"the topology {row.topology}"
        for row in slices_of(catalog, profile.tpu.type, single_host=True)
        if row.tensor_parallel == size
    ]
    smaller = f", or use {listed(dict.fromkeys(fitting))}" if fitting else ""
    idle = chosen.tensor_parallel - size
    yield Violation(
        ("server", "tensorParallel"),
        f"server.tensorParallel is {size}: {idle} of the {chosen.tensor_parallel} devices of the "
        f"slice {chosen.topology} are paid for and do nothing",
        f"set server.tensorParallel to {chosen.tensor_parallel}{smaller}",
    )


RULE = ProfileRule("tensor-parallel-leaves-chips-idle", Severity.WARNING, _check)
