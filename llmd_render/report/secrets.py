"""Secrets that somebody wrote where they do not belong, kept out of what is printed."""

from __future__ import annotations

import re

# A prefix that its issuer gave it, then enough to be the secret itself.
_TOKEN = re.compile(r"\b(hf_|ghp_|github_pat_|glpat-|ya29\.|AIza|sk-)[A-Za-z0-9_.-]{16,}")


def hide_secrets(text: str) -> str:
    """Cut every token in a text down to its prefix."""
    return _TOKEN.sub(r"\1…", text)
