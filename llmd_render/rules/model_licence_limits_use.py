"""The model may be used for more than evaluation.

The licence of this one forbids commercial use. That is no hindrance while the profile says that the
service is for evaluation, and it should be known before it becomes a product.

Source: https://huggingface.co/Qwen/Qwen2.5-3B-Instruct/blob/main/LICENSE (2026)

Passes:

    model: {uri: hf://Qwen/Qwen2.5-7B-Instruct}

Fails:

    model: {uri: hf://Qwen/Qwen2.5-3B-Instruct}
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
    if profile.use == "commercial" or model is None or model.commercial_use is not False:
        return
    yield Violation(
        ("model", "uri"),
        f"the licence of {model.id} ({model.licence}) forbids commercial use",
        "keep it to evaluation, or set use to commercial to see models that are free of this",
    )


RULE = ProfileRule("model-licence-limits-use", Severity.INFO, _check)
