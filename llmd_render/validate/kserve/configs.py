"""LLMInferenceServiceConfig: what other services are based on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from llmd_render.diagnostics import Violation

from .reading import list_at

if TYPE_CHECKING:
    from collections.abc import Iterator

    from .subject import Subject


def check_base_refs(subject: Subject) -> Iterator[Violation]:
    """Check that a config is not itself based on configs."""
    if list_at(subject.spec, "baseRefs"):
        yield Violation(
            ("spec", "baseRefs"),
            "baseRefs is set; an LLMInferenceServiceConfig cannot be based on others",
            hint="leave it out and list all configs in the baseRefs of the LLMInferenceService",
            code="kserve-config-base-refs",
            key=True,
        )
