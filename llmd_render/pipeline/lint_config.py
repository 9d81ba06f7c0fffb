"""What `lint` is told to live with: by the file of --config, and by --allow-unknown."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from llmd_render.diagnostics import InputError, Location
from llmd_render.manifest import Manifest, read_manifests
from llmd_render.source import PROFILE_LIMIT_BYTES, read_text
from llmd_render.suppressions import Suppression
from llmd_render.validate import check_values

from .usage import UsageProblem, usage_problem

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence


@dataclass(frozen=True, slots=True)
class LintConfig:
    """Findings to live with, and kinds that need no schema, each with its reason."""

    suppressions: tuple[Suppression, ...] = ()
    unknown: dict[str, Suppression] = field(default_factory=dict)


def read_lint_config(path: str, allowed: Sequence[str] = ()) -> LintConfig:
    """Read the file of --config, if there is one, and the values of --allow-unknown.

    Raises UsageProblem when either is malformed.
    """
    suppressions: tuple[Suppression, ...] = ()
    unknown: dict[str, Suppression] = {}
    if path:
        manifest = _read(path)
        suppressions = tuple(_read_entries(manifest, "ignore"))
        for entry in _read_entries(manifest, "allowUnknown"):
            unknown[entry.code] = entry
    for text in allowed:
        kind, _, reason = text.partition("=")
        if not kind or not reason.strip():
            raise usage_problem(
                f"--allow-unknown {text}",
                "it is not of the form KIND.GROUP=REASON",
                "lint-allowance-malformed",
                "write it as --allow-unknown Workflow.argoproj.io='judged by its own linter'",
            )
        unknown[kind] = Suppression(kind, reason, Location("--allow-unknown"))
    return LintConfig(suppressions, unknown)


def _read(path: str) -> Manifest:
    try:
        text = read_text(Path(path), PROFILE_LIMIT_BYTES)
    except InputError as error:
        raise UsageProblem(*error.diagnostics) from error
    manifests, problems = read_manifests(text, path)
    manifest = manifests[0] if manifests else Manifest(path, 0, {}, text)
    problems += map(manifest.diagnose, check_values(manifest.data, "config-of-lint"))
    if problems:
        raise UsageProblem(*problems)
    return manifest


def _read_entries(manifest: Manifest, key: str) -> Iterator[Suppression]:
    for index, entry in enumerate(manifest.data.get(key, ())):
        subject = "code" if "code" in entry else "kind"
        written = manifest.locate((key, index, subject))
        files = entry.get("files", "*")
        yield Suppression(entry[subject], entry["reason"], written, files=files)
