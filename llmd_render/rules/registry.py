"""All rules in one list."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .profile_rules import PROFILE_RULES
from .tree_rules import TREE_RULES

if TYPE_CHECKING:
    from .rule import Rule

ALL_RULES: tuple[Rule, ...] = tuple(
    sorted((*PROFILE_RULES, *TREE_RULES), key=lambda rule: rule.name)
)
"""All rules, by name."""

_BY_NAME = {rule.name: rule for rule in ALL_RULES}


def find_rule(name: str) -> Rule | None:
    """Return the rule of this name, if there is one."""
    return _BY_NAME.get(name)
