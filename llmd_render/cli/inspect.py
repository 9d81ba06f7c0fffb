"""The commands that only tell: lint, explain, list, schema, export."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import click

from llmd_render.diagnostics import Diagnostic, InputError, Location, did_you_mean

from .run import USAGE, emit, exit_code
from .tables import make_table


def lint_command(
    *,
    paths: tuple[str, ...],
    target: str,
    profiles: tuple[str, ...],
    format_: str,
    fail_on: str,
) -> int:
    """Judge files that somebody wrote; findings are the product."""
    from llmd_render import pipeline, report  # noqa: PLC0415

    judged = pipeline.parse_target(target)
    texts: list[tuple[str, str]] = []
    for path in paths:
        if path == "-":
            texts.append(("-", _read_standard_input()))
        else:
            texts += pipeline.collect_lint_files([Path(path)])
    result = pipeline.lint_paths(texts, pipeline.Folders(tuple(map(Path, profiles))), judged)
    summary = {"files": result.files, "documents": result.documents}
    if emit(result.diagnostics, format_, summary=summary):
        counts = report.count(result.diagnostics)
        seen = f"{_number(result.files, 'file')}, {_number(result.documents, 'document')}"
        found = f"{_number(counts['errors'], 'error')}, {_number(counts['warnings'], 'warning')}"
        click.echo(f"{seen}: {found}")
    return exit_code(result.diagnostics, fail_on)


def _number(count: int, noun: str) -> str:
    return f"{count} {noun}{'' if count == 1 else 's'}"


def _read_standard_input() -> str:
    try:
        return sys.stdin.buffer.read().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise InputError(
            Diagnostic(Location("-"), "the input is not UTF-8 text", "file-not-text")
        ) from error


def explain_command(name: str) -> int:
    """Print the documentation of one rule."""
    from llmd_render.rules import ALL_RULES  # noqa: PLC0415

    rules = {rule.name: rule for rule in ALL_RULES}
    if name not in rules:
        hint = did_you_mean(name, rules, "`llmd-render list rules` shows them")
        click.echo(f"llmd-render: there is no rule {name!r}; {hint}", err=True)
        return USAGE
    rule = rules[name]
    click.echo(f"{rule.name} ({rule.severity.value})\n\n{rule.documentation}")
    return 0


def list_command(kind: str, format_: str, profiles: tuple[str, ...]) -> int:
    """Print what the tool knows about one subject."""
    headers, rows = make_table(kind, tuple(map(Path, profiles)))
    if format_ == "json":
        records = [dict(zip(headers, row, strict=True)) for row in rows]
        click.echo(json.dumps(records, indent=2, ensure_ascii=False))
        return 0
    shown = [[_show(cell) for cell in row] for row in rows]
    widths = [
        max(len(header), *(len(row[index]) for row in shown), 0) if shown else len(header)
        for index, header in enumerate(headers)
    ]
    for line in [[header.upper() for header in headers], *shown]:
        padded = "  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True))
        click.echo(padded.rstrip())
    return 0


def _show(cell: object) -> str:
    if cell is None:
        return "?"
    if isinstance(cell, bool):
        return "yes" if cell else "no"
    if isinstance(cell, list | tuple):
        return " ".join(str(item) for item in cell)
    return str(cell)


def schema_command() -> int:
    """Print the JSON Schema of profiles."""
    from llmd_render.profile import profile_schema  # noqa: PLC0415

    click.echo(json.dumps(profile_schema(), indent=2, ensure_ascii=False))
    return 0


def export_command(bundle: str, target: str) -> int:
    """Copy shipped files into a new or empty folder."""
    from llmd_render.pipeline import UsageProblem  # noqa: PLC0415
    from llmd_render.resources import bundled, walk_files  # noqa: PLC0415

    folder = Path(target)
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        message = "the folder is not empty, and export never overwrites"
        raise UsageProblem(Diagnostic(Location(str(folder)), message, "export-folder-not-empty"))
    source = bundled("templates") if bundle == "templates" else bundled("profiles")
    files = walk_files(source)
    try:
        for path, entry in files.items():
            place = folder / path
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_bytes(entry.read_bytes())
    except OSError as error:
        message = f"cannot write: {error.strerror}"
        raise InputError(Diagnostic(Location(str(folder)), message, "tree-not-writable")) from error
    click.echo(f"wrote {len(files)} files to {folder.as_posix()}/")
    return 0
