"""What a secret looks like; shared by the rules that look for one in clear text."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

NAME = re.compile(r"(^|_)(TOKEN|SECRET|PASSWORD|API_?KEY|ACCESS_KEY)$", re.IGNORECASE)
"""Names of environment variables that hold one."""

_ISSUERS = {
    "Amazon Web Services": r"AKIA[0-9A-Z]{16}(?![0-9A-Za-z])",
    "GitHub": r"gh[pousr]_[A-Za-z0-9]{36}|github_pat_[A-Za-z0-9_]{40}",
    "GitLab": r"glpat-[A-Za-z0-9_-]{20}",
    "Google Cloud": r"AIza[0-9A-Za-z_-]{35}|ya29\.[0-9A-Za-z_-]{20}",
    "Hugging Face": r"hf_[A-Za-z0-9]{20}",
    "OpenAI": r"sk-(?:proj-)?(?=[A-Za-z_-]*[0-9])[A-Za-z0-9_-]{32}",
    "Slack": r"xox[abprs]-[A-Za-z0-9-]{20}",
}
# With what follows, for a heading alone is an example.
_PRIVATE_KEY = re.compile(r"-----BEGIN [A-Z ]*PRIVATE KEY-----(?:\s|\\n)*[A-Za-z0-9+/]{40}")
_TOKEN = re.compile(
    "|".join(
        rf"\b(?P<{issuer.replace(' ', '_')}>(?:{form})[\w-]*)" for issuer, form in _ISSUERS.items()
    )
)
# How one of these begins, which is found many times faster than a whole one.
_BEGINNING = re.compile(r"AKIA|gh[pousr]_|github_pat_|glpat-|AIza|ya29\.|hf_|sk-|xox[abprs]-")
# A token of examples repeats a letter or two.
_FEWEST_LETTERS = 8


def find_secrets(text: str) -> Iterator[tuple[int, str]]:
    """Find what has the form of a secret: where it begins, and what it is."""
    end = 0
    for beginning in _BEGINNING.finditer(text):
        found = _TOKEN.match(text, beginning.start()) if beginning.start() >= end else None
        if found is None:
            continue
        end = found.end()
        if len(set(found.group())) > _FEWEST_LETTERS and found.lastgroup:
            yield found.start(), f"a token of {found.lastgroup.replace('_', ' ')}"
    for found in _PRIVATE_KEY.finditer(text):
        yield found.start(), "a private key"


FLAGS = {"--api-key", "--hf-token"}
"""Flags of vLLM that take one."""
