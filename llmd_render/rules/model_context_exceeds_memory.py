"""The weights of the model and one request of the longest kind fit into the memory of the devices.

vLLM takes a share of the memory (`--gpu-memory-utilization`, 90 % or 92 % by default), puts the
weights there, and refuses to start where keys and values of one request of `server.maxModelLen`
tokens do not fit beside them. Keys and values take two bytes each for every layer, head and
dimension; with more devices than key-value heads, heads are stored more than once.

Source: https://github.com/vllm-project/vllm/blob/main/vllm/v1/core/kv_cache_utils.py (2026)

Passes:

    model: {uri: hf://deepseek-ai/DeepSeek-R1-Distill-Llama-8B}
    tpu: {topology: 2x2}
    server: {maxModelLen: 131072}

Fails:

    model: {uri: hf://deepseek-ai/DeepSeek-R1-Distill-Llama-8B}
    tpu: {topology: 1x1}
    server: {maxModelLen: 131072}
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from llmd_render.diagnostics import Severity

from .rule import ProfileRule
from .subjects.profile_memory import fit_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from llmd_render.catalog import Catalog
    from llmd_render.diagnostics import Violation
    from llmd_render.profile import Profile


def _check(profile: Profile, catalog: Catalog) -> Iterator[Violation]:
    fit = fit_of(profile, catalog)
    if fit is None or not fit.has_room_for_weights:  # model-weights-exceed-memory
        return
    if not fit.fits_at_best:
        yield fit.violation(fit.compare("needs", worst=False))


RULE = ProfileRule("model-context-exceeds-memory", Severity.ERROR, _check)
