"""The stages in order: a profile to a checked tree in memory. Nothing here prints or exits."""

from .crds import load_given_crds, parse_releases
from .foreign import LintOptions, LintResult, lint_inputs
from .inputs import Inputs, collect_inputs
from .judging import Judging
from .lint_config import LintConfig, read_lint_config
from .loading import Folders, LoadedProfile, find_profile, list_profiles, load, load_text
from .rendering import Outcome, check_files, render_profile
from .target import DEFAULT_KUBERNETES, Target, parse_target
from .usage import UsageProblem

__all__ = [
    "DEFAULT_KUBERNETES",
    "Folders",
    "Inputs",
    "Judging",
    "LintConfig",
    "LintOptions",
    "LintResult",
    "LoadedProfile",
    "Outcome",
    "Target",
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
]
