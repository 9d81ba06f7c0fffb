"""Every rule about a tree of files; a rule that is not here does not run."""

from __future__ import annotations

from typing import TYPE_CHECKING

from . import kustomization_file_missing, kustomization_file_unlisted

if TYPE_CHECKING:
    from .rule import TreeRule

TREE_RULES: tuple[TreeRule, ...] = (
    kustomization_file_missing.RULE,
    kustomization_file_unlisted.RULE,
)
"""Rules about a tree of files, by name."""
