"""Somebody has read the conditions under which the model may be used commercially.

Licences such as those of Llama and Gemma allow commercial use under conditions: on the number of
users, on what the model is used for, on naming it. Whether they are met only a person can say.

Source: https://ai.google.dev/gemma/terms (2026)

Passes:

    model: {uri: hf://Qwen/Qwen3-8B}
    use: commercial

Fails:

    model: {uri: hf://google/gemma-3-4b-it}
    secrets: {hfToken: hf-token}
    use: commercial
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from llmd_render.diagnostics import Severity, Violation

from .rule import ProfileRule
from .subjects.facts import model_row

if TYPE_CHECKING:
    from collections.abc import Iterator

    from llmd_render.catalog import Catalog
    from llmd_render.profile import Profile


def _check(profile: Profile, catalog: Catalog) -> Iterator[Violation]:
    model = model_row(profile, catalog)
    if profile.use != "commercial" or model is None or model.commercial_use is not None:
        return
    yield Violation(
        ("model", "uri"),
        f"the licence of {model.id} ({model.licence}) allows commercial use under conditions",
        "read the licence, then acknowledge this in lint.ignore with the reason why it is met",
    )


RULE = ProfileRule("model-licence-has-conditions", Severity.WARNING, _check)
