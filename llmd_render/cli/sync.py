"""The commands about CRDs of other projects."""

from __future__ import annotations

from pathlib import Path

import click

from llmd_render import pipeline
from llmd_render.crds import describe_schemas
from llmd_render.validate import SchemaStore
from llmd_render.versions import ASSUMED

from .inspect import print_table

_HEADERS = ["api version", "kind", "scope", "fields", "cel rules", "from", "as of"]


def sync_command(*, to: str, wanted: tuple[str, ...], timeout: float, force: bool) -> int:
    """Download what is pinned into a folder, all of it or nothing."""
    from llmd_render.crds.download import download  # noqa: PLC0415 - only here is a network
    from llmd_render.crds.releases import choose_releases, files_of  # noqa: PLC0415
    from llmd_render.crds.sync import sync  # noqa: PLC0415

    def fetch(url: str) -> bytes:
        click.echo(f"downloading {url}", err=True)
        return download(url, timeout=timeout)

    files = files_of(choose_releases(pipeline.parse_releases(wanted)))
    report = sync(Path(to), files, fetch=fetch, force=force)
    click.echo(report.summary)
    click.echo(f"Next: llmd-render lint --crds {report.target.as_posix()} PATH")
    return 0


def list_command(paths: tuple[str, ...], format_: str) -> int:
    """Say which schema judges each kind."""
    given = pipeline.load_given_crds(paths)
    rows = [
        [
            row.api_version,
            row.kind,
            row.scope,
            "partial" if row.partial else "complete",
            row.rules,
            row.origin,
            ", ".join(row.dates),
        ]
        for row in describe_schemas(SchemaStore(ASSUMED.kubernetes, given.crds))
    ]
    print_table(_HEADERS, rows, format_)
    return 0
