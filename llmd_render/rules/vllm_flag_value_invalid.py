"""Every flag has a value that the vLLM in the image can read.

vLLM exits at once when a value is missing, of the wrong kind or none of the choices, or when a
switch is given one. It is an error only where that is sure: every version that has the flag refuses
it, or this is an upstream image whose package was read.

Source: the packages vllm and vllm-tpu, 0.9.2 to 0.33.0 (2026-11-23)

Passes:

    server: {args: [--max-num-seqs=64]}

Fails:

    server: {args: [--max-num-seqs=many]}
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
    yield from (item.violation for item in found if item.is_sure)


RULE = ProfileRule("vllm-flag-value-invalid", Severity.ERROR, _check)
