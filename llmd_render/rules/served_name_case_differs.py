"""A model that is served by its id on Hugging Face is spelt as it is there.

vLLM compares names letter by letter. A name that differs from the id only in capital letters looks
right to everybody, and clients that copy the id from Hugging Face get 404.

Source: https://docs.vllm.ai/en/latest/serving/openai_compatible_server.html (2026)

Passes:

    service: {servedModelName: Qwen/Qwen3-4B}

Fails:

    service: {servedModelName: qwen/qwen3-4b}
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from llmd_render.diagnostics import Severity, Violation
from llmd_render.stack import model_name, served_model_name

from .rule import ProfileRule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from llmd_render.catalog import Catalog
    from llmd_render.profile import Profile


def _check(profile: Profile, _: Catalog) -> Iterator[Violation]:
    served, model = served_model_name(profile), model_name(profile.model.uri)
    if served == model or served.lower() != model.lower():
        return
    yield Violation(
        ("service", "servedModelName"),
        f"the name {served} and the id {model} in model.uri differ only in capital letters",
        f"write {model} in both, or the spelling that Hugging Face has",
    )


RULE = ProfileRule("served-name-case-differs", Severity.WARNING, _check)
