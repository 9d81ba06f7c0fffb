"""What a code means, in a sentence, wherever it comes from."""

from __future__ import annotations

from llmd_render.findings import load_findings
from llmd_render.rules import find_rule


def describe(code: str) -> str:
    """Say in a sentence what a code means; nothing for one that is unknown."""
    rule = find_rule(code)
    if rule is not None:
        return rule.documentation.partition("\n")[0]
    finding = load_findings().get(code)
    return finding.meaning if finding else ""
