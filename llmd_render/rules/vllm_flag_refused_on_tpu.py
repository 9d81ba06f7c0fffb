"""Every argument is a flag that vLLM takes on TPUs.

vLLM exits at once when it meets a flag that it refuses there. The pod then restarts for ever.

Source: https://github.com/vllm-project/tpu-inference (2026-08-22)

Passes:

    server: {args: [--max-num-seqs=64]}

Fails:

    server: {args: ['--speculative-config={"method": "ngram"}']}
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from llmd_render.diagnostics import Severity, Violation

from .rule import ProfileRule
from .subjects.facts import flags_of
from .subjects.vllm_flags import explain_refusal

if TYPE_CHECKING:
    from collections.abc import Iterator

    from llmd_render.catalog import Catalog
    from llmd_render.profile import Profile


def _check(profile: Profile, catalog: Catalog) -> Iterator[Violation]:
    for flag in flags_of(profile):
        known = catalog.vllm_flags.get(flag.name)
        message = explain_refusal(known, profile.server.image, catalog)
        if known and message:
            hint = f"use {known.use}" if known.use else "remove it"
            yield Violation(("server", "args", flag.index), message, hint)


RULE = ProfileRule("vllm-flag-refused-on-tpu", Severity.WARNING, _check)
