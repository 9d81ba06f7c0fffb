"""Clients call the model by its name.

vLLM answers 404 to a request whose `model` is not exactly the served name. Where that is a path of
the container, every client has to send the path.

Source: https://docs.vllm.ai/en/latest/serving/openai_compatible_server.html (2026)

Passes:

    service: {servedModelName: qwen3-4b}

Fails:

    service: {servedModelName: /mnt/models}
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from llmd_render.diagnostics import Severity, Violation
from llmd_render.stack import model_name

from .rule import ProfileRule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from llmd_render.catalog import Catalog
    from llmd_render.profile import Profile


def _check(profile: Profile, _catalog: Catalog) -> Iterator[Violation]:
    name = profile.service.served_model_name
    if name is None or not name.startswith("/"):
        return
    yield Violation(
        ("service", "servedModelName"),
        f"clients have to send the path {name} as the name of the model",
        f"leave service.servedModelName out: the name is then {model_name(profile.model.uri)}",
    )


RULE = ProfileRule("served-model-name-is-path", Severity.WARNING, _check)
