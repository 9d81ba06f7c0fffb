"""The licence of the model allows what the service is for.

Some models may be used for research only. Selling or running a business on one breaks its licence,
however well it is deployed.

Source: https://huggingface.co/Qwen/Qwen2.5-3B-Instruct/blob/main/LICENSE (2026)

Passes:

    model: {uri: hf://Qwen/Qwen2.5-7B-Instruct}
    use: commercial

Fails:

    model: {uri: hf://Qwen/Qwen2.5-3B-Instruct}
    use: commercial
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from llmd_render.diagnostics import Severity, Violation

from .rule import ProfileRule
from .subjects.facts import listed, model_row

if TYPE_CHECKING:
    from collections.abc import Iterator

    from llmd_render.catalog import Catalog
    from llmd_render.profile import Profile


def _check(profile: Profile, catalog: Catalog) -> Iterator[Violation]:
    model = model_row(profile, catalog)
    if profile.use != "commercial" or model is None or model.commercial_use is not False:
        return
    free = [
        item
        for item in catalog.models.values()
        if item.family == model.family and item.commercial_use and item.gated is False
    ]
    free.sort(key=lambda item: abs(item.parameters_billion - model.parameters_billion))
    names = listed(item.id for item in free[:2]) if free else "a model with another licence"
    yield Violation(
        ("model", "uri"),
        f"the licence of {model.id} ({model.licence}) forbids commercial use, and use is "
        "commercial",
        f"use {names}",
    )


RULE = ProfileRule("model-licence-forbids-commercial-use", Severity.ERROR, _check)
