"""Every argument has a value that vLLM supports on TPUs.

Some flags take fewer values on a TPU than on a GPU: GPTQ and bitsandbytes are not among the
quantizations. vLLM stops at start with another one.

Source: https://github.com/vllm-project/tpu-inference (2026-08-22)

Passes:

    server: {args: [--quantization=fp8]}

Fails:

    server: {args: [--quantization=gptq]}
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from llmd_render.diagnostics import Severity, Violation

from .rule import ProfileRule
from .subjects.facts import flags_of, listed

if TYPE_CHECKING:
    from collections.abc import Iterator

    from llmd_render.catalog import Catalog
    from llmd_render.profile import Profile


def _check(profile: Profile, catalog: Catalog) -> Iterator[Violation]:
    for flag in flags_of(profile):
        known = catalog.vllm_flags.get(flag.name)
        if known is None or known.verdict != "restricted" or not known.values:
            continue
        # Flags that take JSON name the value somewhere inside it.
        if not flag.value or any(value.lower() in flag.value.lower() for value in known.values):
            continue
        yield Violation(
            ("server", "args", flag.index),
            f"the value {flag.value} of {flag.name} is none that vLLM supports on TPUs",
            f"use {listed(known.values)}",
        )


RULE = ProfileRule("vllm-flag-value-unsupported-on-tpu", Severity.WARNING, _check)
