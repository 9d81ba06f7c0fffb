"""Every rule: what the linter checks, what `explain` explains, what the documentation lists.

The lists are loaded when they are first used: most of the rules are about profiles and need the
catalog, which a run that judges manifests does not.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from .rule import ProfileRule, Rule, TreeRule, TreeViolation

if TYPE_CHECKING:
    from .profile_rules import PROFILE_RULES
    from .registry import ALL_RULES, find_rule
    from .tree_rules import TREE_RULES

_HOMES = {
    "ALL_RULES": "registry",
    "PROFILE_RULES": "profile_rules",
    "TREE_RULES": "tree_rules",
    "find_rule": "registry",
}

__all__ = [
    "ALL_RULES",
    "PROFILE_RULES",
    "TREE_RULES",
    "ProfileRule",
    "Rule",
    "TreeRule",
    "TreeViolation",
    "find_rule",
    "list_names",
]


def list_names() -> list[str]:
    """List the names of all rules, which are those of their modules, without loading any."""
    from pkgutil import iter_modules  # noqa: PLC0415 - only where names are written down

    modules = {item.name for item in iter_modules(__path__) if not item.ispkg}
    return sorted(name.replace("_", "-") for name in modules - {"rule", *_HOMES.values()})


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f".{_HOMES[name]}", __name__), name)
