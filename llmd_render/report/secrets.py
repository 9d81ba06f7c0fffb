"""Secrets that somebody wrote where they do not belong, kept out of what is printed."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from llmd_render.diagnostics import Diagnostic

# A prefix that its issuer gave it, then enough to be the secret itself.
_TOKEN = re.compile(r"\b(hf_|ghp_|github_pat_|glpat-|ya29\.|AIza|sk-)[A-Za-z0-9_.-]{16,}")


def hide_secrets(item: Diagnostic) -> Diagnostic:
    """Cut every token in a finding down to its prefix."""
    texts = (item.location.file, item.message, item.hint, item.excerpt, item.acknowledged)
    if not any(map(_TOKEN.search, (*texts, *map(str, item.path)))):
        return item
    return replace(
        item,
        location=replace(item.location, file=_hide(item.location.file)),
        message=_hide(item.message),
        hint=_hide(item.hint),
        path=tuple(_hide(step) if isinstance(step, str) else step for step in item.path),
        excerpt=_hide(item.excerpt),
        acknowledged=_hide(item.acknowledged),
    )


def _hide(text: str) -> str:
    return _TOKEN.sub(r"\1…", text)
