"""Every flag has a value that a vLLM whose version is not fully known most likely reads.

vLLM exits at once when it cannot read a value. Some version reads this one, or nobody knows which
is in the image: hence no error.

Source: the packages vllm and vllm-tpu, 0.9.2 to 0.33.0 (2026-11-23)

Passes:

    server: {args: [--block-size=16]}

Fails:

    server: {args: [--block-size=24]}
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from llmd_render.diagnostics import Severity

from .rule import ProfileRule
from .subjects.vllm_flags import profile_line

if TYPE_CHECKING:
    from collections.abc import Iterator

    from llmd_render.catalog import Catalog
    from llmd_render.diagnostics import Violation
    from llmd_render.profile import Profile


def _check(profile: Profile, catalog: Catalog) -> Iterator[Violation]:
    found = profile_line(profile, catalog).invalid()
    yield from (item.violation for item in found if not item.is_sure)


RULE = ProfileRule("vllm-flag-value-likely-invalid", Severity.WARNING, _check)
