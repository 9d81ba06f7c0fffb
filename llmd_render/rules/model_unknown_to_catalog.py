"""The model is one that the catalog knows.

Of an unknown model nobody can check here whether it fits the TPUs, how long its context is, what
its licence allows and whether Hugging Face wants a token for it.

Source: https://huggingface.co/docs/hub/model-cards (2026)

Passes:

    model: {uri: hf://Qwen/Qwen3-8B}

Fails:

    model: {uri: hf://example/model}
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from llmd_render.diagnostics import Severity, Violation, did_you_mean
from llmd_render.stack import model_name

from .rule import ProfileRule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from llmd_render.catalog import Catalog
    from llmd_render.profile import Profile


def _check(profile: Profile, catalog: Catalog) -> Iterator[Violation]:
    scheme = profile.model.uri.partition("://")[0]
    name = model_name(profile.model.uri)
    if scheme != "hf" or name in catalog.models:
        return
    yield Violation(
        ("model", "uri"),
        f"the tool does not know the model {name}: its size, context, licence and whether it "
        "needs a token are not checked",
        did_you_mean(name, catalog.models, "read the model's page on Hugging Face"),
    )


RULE = ProfileRule("model-unknown-to-catalog", Severity.INFO, _check)
