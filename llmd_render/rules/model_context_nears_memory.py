"""The memory of the devices has room for what vLLM may need beside weights and one request.

What vLLM needs depends on its version: whether layers with a window keep all tokens, how heads of
64 are stored, what loading leaves behind. By the smallest numbers the model fits here, and by the
largest it does not, so that vLLM may refuse to start.

Source: https://github.com/vllm-project/tpu-inference (2026-08-22)

Passes:

    model: {uri: hf://deepseek-ai/DeepSeek-R1-Distill-Llama-8B}
    tpu: {topology: 1x1}
    server: {maxModelLen: 65536}

Fails:

    model: {uri: hf://deepseek-ai/DeepSeek-R1-Distill-Llama-8B}
    tpu: {topology: 1x1}
    server: {maxModelLen: 106496}
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
    if fit is None or not fit.fits_at_best:  # model-context-exceeds-memory
        return
    if not fit.fits_at_worst:
        yield fit.violation(fit.compare("may need", worst=True))


RULE = ProfileRule("model-context-nears-memory", Severity.WARNING, _check)
