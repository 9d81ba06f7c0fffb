"""Options that several commands have."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from collections.abc import Callable


def with_folders(function: Callable[..., Any]) -> Callable[..., Any]:
    """Give a command the folders of profiles and templates."""
    for option in (
        click.option(
            "--templates",
            multiple=True,
            type=click.Path(),
            metavar="DIR",
            help="Templates that replace or add to the shipped ones, file by file.",
        ),
        click.option(
            "--profiles",
            multiple=True,
            type=click.Path(),
            metavar="DIR",
            help="A further folder to look for profiles by name.",
        ),
    ):
        function = option(function)
    return function


def with_output(function: Callable[..., Any]) -> Callable[..., Any]:
    """Give a command what it judges by, and how it says what it found."""
    for option in (
        click.option(
            "--crds",
            multiple=True,
            type=click.Path(),
            metavar="PATH",
            help="CRDs to judge by before ours: a file, a folder, or what `crds sync` wrote.",
        ),
        click.option(
            "--allow-unevaluated",
            "unevaluated",
            default="",
            metavar="REASON",
            help="Let rules in CEL pass that cannot be evaluated here.",
        ),
        click.option(
            "--target",
            default="",
            metavar="NAME=VERSION,…",
            help="Other versions to judge against, and what they change: "
            "gke=1.36,kserve=0.17; also kubernetes and gateway-api.",
        ),
        click.option(
            "--fail-on",
            type=click.Choice(["error", "warning"]),
            default="error",
            show_default=True,
            help="The least severity that makes the exit code 1.",
        ),
        click.option(
            "--format",
            "format_",
            type=click.Choice(["text", "json", "sarif", "junit", "github", "gitlab"]),
            default="text",
            show_default=True,
            help="How findings and results are printed; all but text are for programs.",
        ),
    ):
        function = option(function)
    return function
