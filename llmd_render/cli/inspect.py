"""The commands that only tell: explain, list, schema, export."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import click

from llmd_render.diagnostics import Diagnostic, InputError, Location, did_you_mean

from .run import USAGE
from .tables import make_table


def explain_command(code: str) -> int:
    """Print the documentation of one rule, or of another finding."""
    from llmd_render.findings import load_findings  # noqa: PLC0415
    from llmd_render.rules import ALL_RULES, find_rule  # noqa: PLC0415

    findings = load_findings()
    rule = find_rule(code)
    if rule is not None:
        click.echo(f"{rule.name} ({rule.severity.value})\n\n{rule.documentation}")
    elif code in findings:
        item = findings[code]
        mirrors = f"Mirrors {item.mirrors}" if item.mirrors else ""
        click.echo("\n\n".join(filter(None, (code, item.meaning, item.remedy, mirrors))))
    else:
        known = [*(rule.name for rule in ALL_RULES), *findings]
        hint = did_you_mean(code, known, "`llmd-render list rules` and `list findings` show them")
        click.echo(f"llmd-render: there is no rule or finding {code!r}; {hint}", err=True)
        return USAGE
    return 0


def list_command(kind: str, format_: str, profiles: tuple[str, ...]) -> int:
    """Print what the tool knows about one subject."""
    print_table(*make_table(kind, tuple(map(Path, profiles))), format_)
    return 0


def print_table(headers: list[str], rows: list[list[Any]], format_: str) -> None:
    """Print a table for a person, or as JSON with every field."""
    if format_ == "json":
        records = [dict(zip(headers, row, strict=True)) for row in rows]
        click.echo(json.dumps(records, indent=2, ensure_ascii=False))
        return
    shown = [[_show(cell) for cell in row] for row in rows]
    widths = [
        max(len(header), *(len(row[index]) for row in shown), 0) if shown else len(header)
        for index, header in enumerate(headers)
    ]
    for line in [[header.upper() for header in headers], *shown]:
        padded = "  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True))
        click.echo(padded.rstrip())


def _show(cell: object) -> str:
    if cell is None:
        return "?"
    if isinstance(cell, bool):
        return "yes" if cell else "no"
    if isinstance(cell, list | tuple):
        return " ".join(str(item) for item in cell)
    return str(cell)


def schema_command(subject: str) -> int:
    """Print the JSON Schema of profiles, or of reports."""
    if subject == "report":
        from llmd_render.resources import data_file  # noqa: PLC0415

        click.echo(data_file("report.schema.json").read_text(encoding="utf-8"), nl=False)
        return 0
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
