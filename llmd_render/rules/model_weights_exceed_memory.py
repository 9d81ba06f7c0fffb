"""The weights of the model fit into the memory of the devices it is split over.

The weights in bfloat16 take two bytes a parameter, and the KV cache comes on top. Where the weights
alone are larger than the memory, vLLM fails while it loads them.

Source: https://docs.cloud.google.com/tpu/docs/v6e (2026)

Passes:

    model: {uri: hf://deepseek-ai/DeepSeek-R1-Distill-Llama-70B}
    tpu: {topology: 2x4, machineType: ct6e-standard-8t}
    cluster: {tpuPool: {bootDiskSize: 300}}

Fails:

    model: {uri: hf://deepseek-ai/DeepSeek-R1-Distill-Llama-70B}
    cluster: {tpuPool: {bootDiskSize: 300}}
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from llmd_render.diagnostics import Severity, Violation

from .rule import ProfileRule
from .subjects.facts import chosen_slice, flags_of, listed, model_row, slices_of, tensor_parallel
from .subjects.model_memory import is_sized_otherwise

if TYPE_CHECKING:
    from collections.abc import Iterator

    from llmd_render.catalog import Catalog, Topology
    from llmd_render.profile import Profile


def _check(profile: Profile, catalog: Catalog) -> Iterator[Violation]:
    model, chosen = model_row(profile, catalog), chosen_slice(profile, catalog)
    size = tensor_parallel(profile, catalog)
    if model is None or chosen is None or size is None:
        return
    if is_sized_otherwise((flag.name for flag in flags_of(profile)), profile.server.env):
        return
    accelerator = catalog.accelerators[chosen.accelerator]
    memory = accelerator.memory_gib_per_chip / accelerator.devices_per_chip
    used = min(size, chosen.tensor_parallel)
    if model.weights_gib_bf16 <= used * memory:
        return
    fitting = [
        row
        for row in slices_of(catalog, chosen.accelerator, single_host=True)
        if row.tensor_parallel * memory >= model.weights_gib_bf16
    ]
    over = f"{used} devices" if used > 1 else "one device"
    yield Violation(
        ("model", "uri"),
        f"the weights of {model.id} take {model.weights_gib_bf16:g} GiB, and the memory of {over} "
        f"of {profile.tpu.type} is {used * memory:.0f} GiB",
        _advise(chosen, fitting),
    )


def _advise(chosen: Topology, fitting: list[Topology]) -> str:
    if chosen in fitting:
        return f"set server.tensorParallel to {chosen.tensor_parallel}"
    if fitting:
        names = listed(f"{row.topology} on {row.machine_type}" for row in fitting)
        return f"use the topology {names}"
    return "use a smaller model"


RULE = ProfileRule("model-weights-exceed-memory", Severity.ERROR, _check)
