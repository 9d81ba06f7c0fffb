"""No argument of vLLM is one that newer versions have dropped.

vLLM exits at once when it meets a flag that its version no longer has, and the catalog does not
know which version is in this image.

Source: https://github.com/vllm-project/vllm/pull/29402 (2026)

Passes:

    server:
      runAsRoot: true
      image: docker.io/vllm/vllm-tpu:v0.10.0
      args: [--disable-log-requests]

Fails:

    server:
      runAsRoot: true
      image: docker.io/vllm/vllm-tpu:gemma4
      args: [--disable-log-requests]
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from llmd_render.diagnostics import Severity, Violation

from .facts import flags_of, vllm_version
from .rule import ProfileRule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from llmd_render.catalog import Catalog
    from llmd_render.profile import Profile


def _check(profile: Profile, catalog: Catalog) -> Iterator[Violation]:
    if vllm_version(profile, catalog) is not None:
        return
    for flag in flags_of(profile):
        known = catalog.vllm_flags.get(flag.name)
        if known is None or known.verdict != "removed":
            continue
        yield Violation(
            ("server", "args", flag.index),
            f"vLLM {known.removed_in} and later have no flag {flag.name}, and which vLLM is in "
            f"{profile.server.image} is not known",
            f"use {known.use} from {known.removed_in} on" if known.use else "remove it",
        )


RULE = ProfileRule("vllm-flag-removed-upstream", Severity.WARNING, _check)
