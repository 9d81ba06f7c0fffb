"""The type of the weights is the one that TPUs compute in.

On a TPU vLLM up to 0.11 turns half, float16 and float32 into bfloat16 without a word. What the
profile says would not be what runs.

Source: https://github.com/vllm-project/vllm (2026)

Passes:

    server: {dtype: bfloat16}

Fails:

    server: {dtype: half}
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from llmd_render.diagnostics import Severity, Violation

from .rule import ProfileRule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from llmd_render.catalog import Catalog
    from llmd_render.profile import Profile


def _check(profile: Profile, catalog: Catalog) -> Iterator[Violation]:
    dtype = profile.server.dtype
    known = catalog.vllm_flags.get("--dtype")
    if known is None or known.verdict != "ignored" or dtype not in known.values:
        return
    yield Violation(
        ("server", "dtype"),
        f"server.dtype is {dtype}, which vLLM on a TPU turns into bfloat16 without saying so",
        "set server.dtype to bfloat16",
    )


RULE = ProfileRule("tpu-dtype-not-bfloat16", Severity.WARNING, _check)
