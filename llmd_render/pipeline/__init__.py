"""The stages in order: a profile to a checked tree in memory. Nothing here prints or exits."""

from .foreign import LintResult, collect_lint_files, lint_paths
from .loading import Folders, LoadedProfile, find_profile, list_profiles, load, load_text
from .rendering import Outcome, check_files, render_profile
from .target import DEFAULT_KUBERNETES, Target, parse_target
from .usage import UsageProblem

__all__ = [
    "DEFAULT_KUBERNETES",
    "Folders",
    "LintResult",
    "LoadedProfile",
    "Outcome",
    "Target",
    "UsageProblem",
    "check_files",
    "collect_lint_files",
    "find_profile",
    "lint_paths",
    "list_profiles",
    "load",
    "load_text",
    "parse_target",
    "render_profile",
]
