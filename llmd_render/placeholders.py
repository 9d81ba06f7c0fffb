"""What stands in a text for a value that somebody, or some program, fills in later."""

from __future__ import annotations

import re

_BY_PROGRAM = re.compile(r"\$\{|\$\(|\$[A-Z_][A-Z0-9_]*\b|\{\{")
_BY_HAND = re.compile(r"<[^<>\s=/][^<>]*>")


def has_placeholder(text: str) -> bool:
    """Whether a part is missing: `${NAME}`, `$NAME`, `$(NAME)`, `{{ name }}` or `<name>`."""
    return is_filled_in_by_program(text) or _BY_HAND.search(text) is not None


def is_filled_in_by_program(text: str) -> bool:
    """Whether envsubst, Terraform, Helm or their like fill the text in."""
    return _BY_PROGRAM.search(text) is not None
