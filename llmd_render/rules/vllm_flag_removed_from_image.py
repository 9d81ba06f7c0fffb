"""The image's vLLM knows every argument.

vLLM exits at once when it meets a flag that its version no longer has. This is a warning and no
error, because the vLLM inside a vendor's image may keep a flag that upstream dropped: an image with
0.11.2 was seen to start with `--disable-log-requests`.

Source: https://github.com/vllm-project/vllm/pull/29402 (2026)

Passes:

    server: {args: [--no-enable-log-requests]}

Fails:

    server: {args: [--disable-log-requests]}
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from llmd_render.diagnostics import Severity, Violation

from .facts import flags_of, version_numbers, vllm_version
from .rule import ProfileRule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from llmd_render.catalog import Catalog
    from llmd_render.profile import Profile


def _check(profile: Profile, catalog: Catalog) -> Iterator[Violation]:
    running = vllm_version(profile, catalog)
    if running is None:
        return
    for flag in flags_of(profile):
        known = catalog.vllm_flags.get(flag.name)
        if known is None or known.verdict != "removed" or known.removed_in is None:
            continue
        if running >= version_numbers(known.removed_in):
            version = ".".join(str(number) for number in running)
            yield Violation(
                ("server", "args", flag.index),
                f"vLLM {version}, in the image, lost the flag {flag.name} in {known.removed_in}",
                f"use {known.use}" if known.use else "remove it",
            )


RULE = ProfileRule("vllm-flag-removed-from-image", Severity.WARNING, _check)
