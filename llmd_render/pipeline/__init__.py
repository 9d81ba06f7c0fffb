"""The stages in order: a profile to a checked tree in memory. Nothing here prints or exits."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .crds import load_given_crds, parse_releases
    from .folders import Folders
    from .foreign import LintOptions, LintResult, lint_inputs
    from .inputs import Inputs, collect_inputs
    from .judging import Judging
    from .lint_config import LintConfig, read_lint_config
    from .loading import LoadedProfile, find_profile, list_profiles, load, load_text
    from .rendering import Outcome, check_files, render_profile
    from .target import parse_target, versions_of
    from .usage import UsageProblem

_HOMES = {
    "Folders": "folders",
    "Inputs": "inputs",
    "Judging": "judging",
    "LintConfig": "lint_config",
    "LintOptions": "foreign",
    "LintResult": "foreign",
    "LoadedProfile": "loading",
    "Outcome": "rendering",
    "UsageProblem": "usage",
    "check_files": "rendering",
    "collect_inputs": "inputs",
    "find_profile": "loading",
    "lint_inputs": "foreign",
    "list_profiles": "loading",
    "load": "loading",
    "load_given_crds": "crds",
    "load_text": "loading",
    "parse_releases": "crds",
    "parse_target": "target",
    "read_lint_config": "lint_config",
    "render_profile": "rendering",
    "versions_of": "target",
}

__all__ = [
    "Folders",
    "Inputs",
    "Judging",
    "LintConfig",
    "LintOptions",
    "LintResult",
    "LoadedProfile",
    "Outcome",
    "UsageProblem",
    "check_files",
    "collect_inputs",
    "find_profile",
    "lint_inputs",
    "list_profiles",
    "load",
    "load_given_crds",
    "load_text",
    "parse_releases",
    "parse_target",
    "read_lint_config",
    "render_profile",
    "versions_of",
]


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f".{_HOMES[name]}", __name__), name)
