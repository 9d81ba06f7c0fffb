"""A gated model comes with a Hugging Face token.

Hugging Face hands out the files of a gated model only to accounts that accepted its terms. Without
their token the download ends with 401, after the TPU node has started.

Source: https://huggingface.co/docs/hub/models-gated (2026)

Passes:

    model: {uri: hf://google/gemma-3-4b-it}
    secrets: {hfToken: hf-token}

Fails:

    model: {uri: hf://google/gemma-3-4b-it}
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
    if model is None or not model.gated or profile.secrets.hf_token:
        return
    yield Violation(
        ("model", "uri"),
        f"{model.id} is gated: Hugging Face gives it out only with a token, and secrets.hfToken "
        "names no Secret",
        "set secrets.hfToken to the name of a Secret, such as hf-token; the scripts create it",
    )


RULE = ProfileRule("model-gated-without-token", Severity.ERROR, _check)
