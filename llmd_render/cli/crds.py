"""The commands about CRDs of other projects: what can be typed."""

from __future__ import annotations

from typing import Any

import click

from .run import guard


@click.group()
def crds() -> None:
    """Download the CRDs of other projects, and see which schema judges what.

    \b
    Examples:
      llmd-render crds sync
      llmd-render crds list
    """


@crds.command("sync")
@click.option(
    "--to", type=click.Path(), default="crds", show_default=True, help="Folder to hold them."
)
@click.option(
    "--release",
    "wanted",
    multiple=True,
    metavar="PROJECT=VERSION",
    help="A release to download instead of the default of its project.",
)
@click.option(
    "--timeout",
    type=click.FloatRange(min=0.1),
    default=30.0,
    show_default=True,
    help="Seconds that a server may keep silent.",
)
@click.option("--force", is_flag=True, help="Discard hand-edited and foreign files in the folder.")
def sync(**options: Any) -> None:
    """Download the pinned CRDs, verify their SHA-256, and keep them for --crds.

    Nothing else needs a network. All files are verified before any is stored.

    \b
    Examples:
      llmd-render crds sync
      llmd-render crds sync --to schemas --release gateway-api=v1.6.1
    """

    def command() -> int:
        from .sync import sync_command  # noqa: PLC0415

        return sync_command(**options)

    guard(command)


@crds.command("list")
@click.option(
    "--crds",
    "paths",
    multiple=True,
    type=click.Path(),
    metavar="PATH",
    help="CRDs that come before ours: a file, a folder, or what `crds sync` wrote.",
)
@click.option(
    "--format",
    "format_",
    type=click.Choice(["text", "json"]),
    default="text",
    show_default=True,
    help="A table to read, or JSON with every field.",
)
def list_crds(paths: tuple[str, ...], format_: str) -> None:
    """Say which schema judges each kind, from which release, and what can be downloaded.

    \b
    Example:
      llmd-render crds list --crds crds
    """

    def command() -> int:
        from .sync import list_command  # noqa: PLC0415

        return list_command(paths, format_)

    guard(command)
