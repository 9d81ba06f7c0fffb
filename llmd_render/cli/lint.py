"""The command that judges files of any origin."""

from __future__ import annotations

import os
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

import click

from llmd_render import pipeline, report

from .run import emit, exit_code, say_what_is_rendered

if TYPE_CHECKING:
    from collections.abc import Callable

_PATIENCE = 1.0


def lint_command(  # noqa: PLR0913 - one argument an option
    *,
    paths: tuple[str, ...],
    kustomize: bool,
    config: str,
    allowed: tuple[str, ...],
    no_rules: bool,
    crds: tuple[str, ...],
    unevaluated: str,
    target: str,
    profiles: tuple[str, ...],
    format_: str,
    fail_on: str,
) -> int:
    """Judge files that somebody wrote; findings are the product."""
    given = pipeline.load_given_crds(crds)
    options = pipeline.LintOptions(
        folders=pipeline.Folders(tuple(map(Path, profiles))),
        target=pipeline.parse_target(target),
        config=pipeline.read_lint_config(config, allowed),
        judging=pipeline.Judging(given.crds, unevaluated),
        rules=not no_rules,
    )
    inputs = pipeline.collect_inputs(paths, kustomize=kustomize)
    inputs.diagnostics += given.diagnostics
    result = pipeline.lint_inputs(inputs, options, make_progress())
    if emit(result.diagnostics, format_, summary=result.counts, changes=result.changes):
        if result.profiles:
            say_what_is_rendered(result.changes)
        click.echo(_summarise(result))
    return exit_code(result.diagnostics, fail_on)


def _summarise(result: pipeline.LintResult) -> str:
    seen = [
        _number(result.files, "file"),
        f"{_number(result.objects, 'object')} of {_number(result.kinds, 'kind')}",
    ]
    extras = {
        "script": result.scripts,
        "profile": result.profiles,
        "CEL rule": result.cel_rules,
        "tree rule": result.tree_rules,
    }
    seen += [_number(count, noun) for noun, count in extras.items() if count]
    counts = report.count(result.diagnostics)
    found = [_number(counts["errors"], "error"), _number(counts["warnings"], "warning")]
    if counts["acknowledged"]:
        found.append(f"{counts['acknowledged']} acknowledged")
    return f"{', '.join(seen)}: {', '.join(found)}"


def _number(count: int, noun: str) -> str:
    return f"{count:,} {noun}{'' if count == 1 else 's'}"


def make_progress() -> Callable[[int, int], None]:
    """Show on a terminal how far a long run is; elsewhere, and in CI, show nothing."""
    if not sys.stderr.isatty() or os.environ.get("CI"):
        return lambda _done, _total: None
    begun = time.monotonic()
    shown = begun

    def show(done: int, total: int) -> None:
        nonlocal shown
        now = time.monotonic()
        if done + 1 == total and shown > begun:
            click.echo("\r\x1b[K", nl=False, err=True)
        elif now - begun > _PATIENCE and now - shown > _PATIENCE / 10:
            shown = now
            click.echo(f"\r{done:,} of {total:,} documents", nl=False, err=True)

    return show
