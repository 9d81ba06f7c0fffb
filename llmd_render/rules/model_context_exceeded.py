"""The longest request fits into the context of the model.

vLLM refuses to start with a limit that is longer than the context in the model's configuration,
unless it is told how to stretch that.

Source: https://github.com/vllm-project/vllm (2026)

Passes:

    server: {maxModelLen: 40960}

Fails:

    server: {maxModelLen: 65536}
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from llmd_render.diagnostics import Severity, Violation

from .rule import ProfileRule
from .subjects.facts import flags_of, model_row

if TYPE_CHECKING:
    from collections.abc import Iterator

    from llmd_render.catalog import Catalog
    from llmd_render.profile import Profile


_STRETCHING_FLAGS = {"--rope-scaling", "--hf-overrides"}
_STRETCHING_VARIABLE = "VLLM_ALLOW_LONG_MAX_MODEL_LEN"


def _check(profile: Profile, catalog: Catalog) -> Iterator[Violation]:
    model, length = model_row(profile, catalog), profile.server.max_model_len
    if model is None or length <= model.context:
        return
    if _STRETCHING_VARIABLE in profile.server.env:
        return
    if any(flag.name in _STRETCHING_FLAGS for flag in flags_of(profile)):
        return
    yield Violation(
        ("server", "maxModelLen"),
        f"server.maxModelLen is {length}, and the context of {model.id} is {model.context} tokens",
        f"set server.maxModelLen to {model.context} or less",
    )


RULE = ProfileRule("model-context-exceeded", Severity.ERROR, _check)
