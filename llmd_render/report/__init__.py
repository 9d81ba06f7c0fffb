"""Diagnostics to what people and programs read."""

from .ci import to_github, to_gitlab, to_junit
from .documents import to_json
from .order import count, sort_diagnostics
from .sarif import to_sarif
from .text import to_text

CI_FORMATS = {
    "sarif": to_sarif,
    "junit": to_junit,
    "github": to_github,
    "gitlab": to_gitlab,
}
"""The formats that hold findings and nothing else, by the name that `--format` knows."""

__all__ = [
    "CI_FORMATS",
    "count",
    "sort_diagnostics",
    "to_github",
    "to_gitlab",
    "to_json",
    "to_junit",
    "to_sarif",
    "to_text",
]
