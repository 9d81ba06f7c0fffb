"""The CRDs that a command was given, and the releases that it is to download."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from llmd_render.diagnostics import Diagnostic, has_blocking

from .usage import UsageProblem, usage_problem

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from llmd_render.validate import GivenCRD


@dataclass(frozen=True, slots=True)
class GivenCRDs:
    """The CRDs of --crds, and what is worth knowing about them."""

    crds: tuple[GivenCRD, ...] = ()
    diagnostics: tuple[Diagnostic, ...] = ()


def load_given_crds(paths: Sequence[str]) -> GivenCRDs:
    """Read the CRDs of --crds; raises UsageProblem with all that is wrong with them."""
    if not paths:
        return GivenCRDs()
    from llmd_render.crds import load_crds  # noqa: PLC0415 - most runs are given none

    loaded = load_crds(map(Path, paths))
    if has_blocking(loaded.diagnostics):
        raise UsageProblem(*loaded.diagnostics)
    return GivenCRDs(loaded.crds, loaded.diagnostics)


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
