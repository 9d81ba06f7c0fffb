"""The attention heads of the model can be shared out over the devices.

Each device takes an equal number of the model's attention heads, and its key and value heads are
shared out or copied evenly. vLLM stops at start where the numbers do not work out.

Source: https://github.com/vllm-project/vllm (2026)

Passes:

    model: {uri: hf://microsoft/phi-4}
    tpu: {topology: 1x1}
    server: {maxModelLen: 512}

Fails:

    model: {uri: hf://microsoft/phi-4}
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from llmd_render.diagnostics import Severity, Violation

from .rule import ProfileRule
from .subjects.facts import chosen_slice, listed, model_row, tensor_parallel

if TYPE_CHECKING:
    from collections.abc import Iterator

    from llmd_render.catalog import Catalog
    from llmd_render.profile import Profile


def _check(profile: Profile, catalog: Catalog) -> Iterator[Violation]:
    model, size = model_row(profile, catalog), tensor_parallel(profile, catalog)
    if model is None or size is None or model.allows_tensor_parallel(size):
        return
    chosen = chosen_slice(profile, catalog)
    devices = chosen.tensor_parallel if chosen else max(model.tensor_parallel)
    valid = [str(item) for item in model.tensor_parallel if devices % item == 0]
    own = profile.server.tensor_parallel is not None
    yield Violation(
        ("server", "tensorParallel") if own else ("tpu", "topology"),
        f"{model.id} has {model.attention_heads} attention heads and {model.kv_heads} key-value "
        f"heads, which cannot be split over {size} devices",
        f"set server.tensorParallel to {listed(valid)}",
    )


RULE = ProfileRule("tensor-parallel-splits-no-heads", Severity.ERROR, _check)
