"""Every range of clients is an IPv4 range.

Cloud Armor refuses a rule with a range it cannot read, and the script that creates the policy stops
there.

Source: https://cloud.google.com/armor/docs/security-policy-overview (2026)

Passes:

    gateway: {allowedSourceRanges: [203.0.113.0/24]}

Fails:

    gateway: {allowedSourceRanges: [203.0.113.0/33]}
"""

from __future__ import annotations

from ipaddress import IPv4Network
from typing import TYPE_CHECKING

from llmd_render.diagnostics import Severity, Violation

from .rule import ProfileRule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from llmd_render.catalog import Catalog
    from llmd_render.profile import Profile


def _check(profile: Profile, _catalog: Catalog) -> Iterator[Violation]:
    for index, text in enumerate(profile.gateway.allowed_source_ranges):
        try:
            IPv4Network(text, strict=False)
        except ValueError:
            yield Violation(
                ("gateway", "allowedSourceRanges", index),
                f"the range {text} is no IPv4 range: four numbers up to 255 and a prefix up to /32",
                "write a range such as 203.0.113.0/24, or one address such as 203.0.113.7/32",
            )


RULE = ProfileRule("allowed-source-range-invalid", Severity.ERROR, _check, acknowledgeable=False)
