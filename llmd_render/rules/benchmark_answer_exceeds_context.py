"""The answers that the benchmark asks for fit into the context beside their prompts.

vLLM answers a request whose prompt and answer are together longer than its limit with an error, and
then the benchmark counts nothing but failures. Its prompts take up to half of the limit.

Source: https://docs.vllm.ai/en/stable/serving/openai_compatible_server (2026)

Passes:

    {server: {maxModelLen: 2048}, benchmark: {outputTokens: 500}}

Fails:

    {server: {maxModelLen: 2048}, benchmark: {outputTokens: 1500}}
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from llmd_render.diagnostics import Severity, Violation

from .rule import ProfileRule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from llmd_render.catalog import Catalog
    from llmd_render.profile import Profile


def _check(profile: Profile, _catalog: Catalog) -> Iterator[Violation]:
    tokens, length = profile.benchmark.output_tokens, profile.server.max_model_len
    if tokens > length // 3:
        yield Violation(
            ("benchmark", "outputTokens"),
            f"benchmark.outputTokens is {tokens}, and with its prompt an answer of that length may "
            f"exceed server.maxModelLen, which is {length}",
            f"set benchmark.outputTokens to {length // 3} or less",
        )


RULE = ProfileRule("benchmark-answer-exceeds-context", Severity.WARNING, _check)
