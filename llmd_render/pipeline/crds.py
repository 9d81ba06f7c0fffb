"""The CRDs that a command was given, and the releases that it is to download."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from llmd_render.crds import LoadedCRDs, load_crds
from llmd_render.diagnostics import has_blocking

from .usage import UsageProblem, usage_problem

if TYPE_CHECKING:
    from collections.abc import Iterable


def load_given_crds(paths: Iterable[str]) -> LoadedCRDs:
    """Read the CRDs of --crds; raises UsageProblem with all that is wrong with them."""
    loaded = load_crds(map(Path, paths))
    if has_blocking(loaded.diagnostics):
        raise UsageProblem(*loaded.diagnostics)
    return loaded


def parse_releases(wanted: Iterable[str]) -> dict[str, str]:
    """Read `project=version` of each --release; raises UsageProblem."""
    releases: dict[str, str] = {}
    for text in wanted:
        project, _, version = text.partition("=")
        if not project or not version:
            message = f"`{text}` is not of the form PROJECT=VERSION"
            hint = "write it as --release gateway-api=v1.6.1"
            raise usage_problem("--release", message, "crd-release-unknown", hint)
        releases[project] = version
    return releases
