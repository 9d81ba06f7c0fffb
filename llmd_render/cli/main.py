"""The command line: arguments in, diagnostics and files out, exit code.

Each command imports what it needs when it runs, so that --help stays as fast as click itself.
"""

from __future__ import annotations

from typing import Any

import click
from click.core import ParameterSource

from .crds import crds
from .options import with_folders, with_output
from .run import guard

_CONTEXT = {"help_option_names": ["-h", "--help"], "max_content_width": 100}
_EPILOG = """\b
Examples:
  llmd-render --profile qwen-3b-v6e                 render, check and write out/qwen-3b-v6e/
  llmd-render --profile ./mine.yaml --dry-run       what would be written, touching nothing
  llmd-render check --all                           is what is on disk what would be written?
  llmd-render lint overlays/ deploy.sh              judge YAML and scripts of any origin
  llmd-render explain tpu-topology-not-formable     why a rule exists and what passes it
"""


def _print_version(context: click.Context, _parameter: click.Parameter, value: bool) -> None:  # noqa: FBT001 - click's signature
    if not value:
        return
    from importlib.metadata import version  # noqa: PLC0415

    click.echo(f"llmd-render {version('llmd-render')}")
    context.exit()


@click.group(invoke_without_command=True, context_settings=_CONTEXT, epilog=_EPILOG)
@click.option("--profile", "names", multiple=True, metavar="NAME|PATH", help="Profile to render.")
@click.option(
    "--out",
    type=click.Path(),
    default="out",
    show_default=True,
    help="Folder that holds a folder for each profile.",
)
@click.option(
    "--set", "settings", multiple=True, metavar="KEY=VALUE", help="Replace a value of the profile."
)
@with_folders
@click.option("--dry-run", is_flag=True, help="Print what would be written and touch nothing.")
@click.option("--force", is_flag=True, help="Discard hand-edited and foreign files in the folder.")
@with_output
@click.option(
    "--version",
    is_flag=True,
    is_eager=True,
    expose_value=False,
    callback=_print_version,
    help="Show the version and exit.",
)
@click.option("--traceback", is_flag=True, hidden=True, help="Show our bugs with a traceback.")
@click.pass_context
def main(context: click.Context, /, **options: Any) -> None:
    """Compile a profile to a checked kustomize tree, gcloud scripts and a runbook.

    A profile is a dozen lines: model, TPU topology, zone, gateway class. The result is a tree for
    KServe's LLMInferenceService on GKE with Cloud TPUs and GKE's own Gateway, checked offline as
    the API server, GKE, KServe, kustomize and bash would check it, and written only if it passes.
    """
    given = [
        parameter.opts[0]
        for parameter in context.command.params
        if parameter.name != "traceback"
        and context.get_parameter_source(parameter.name or "") is ParameterSource.COMMANDLINE
    ]
    if context.invoked_subcommand is not None:
        if given:
            where = f"after `{context.invoked_subcommand}`"
            raise click.UsageError(f"{', '.join(given)} belongs {where}, if that knows it.")
        return
    if not given:
        click.echo(context.get_help())
        return
    if not options["names"]:
        raise click.UsageError("Give --profile NAME or a command.")

    def command() -> int:
        from .render import render_command  # noqa: PLC0415

        return render_command(**options)

    guard(command, options["format_"])


@main.command()
@click.option("--profile", "names", multiple=True, metavar="NAME|PATH", help="Profile to check.")
@click.option("--all", "all_", is_flag=True, help="All profiles of --profiles, else the shipped.")
@click.option(
    "--out",
    type=click.Path(),
    default="out",
    show_default=True,
    help="Folder that holds a folder for each profile.",
)
@with_folders
@with_output
def check(**options: Any) -> None:
    """Compare what is on disk with what would be written; exit 1 when they differ.

    \b
    Examples:
      llmd-render check --profile qwen-3b-v6e
      llmd-render check --profile qwen-3b-v6e --target gke=1.36
      llmd-render check --all --profiles profiles --format json
    """

    def command() -> int:
        from .render import check_command  # noqa: PLC0415

        return check_command(**options)

    guard(command, options["format_"])


@main.command()
@click.argument("paths", nargs=-1, required=True, type=click.Path(allow_dash=True))
@click.option(
    "--profiles",
    multiple=True,
    type=click.Path(),
    metavar="DIR",
    help="A further folder to look for profiles by name.",
)
@click.option("--kustomize", is_flag=True, help="Build each path with kubectl or kustomize first.")
@click.option(
    "--config",
    type=click.Path(),
    default="",
    metavar="FILE",
    help="File of findings to live with, and why.",
)
@click.option(
    "--allow-unknown",
    "allowed",
    multiple=True,
    metavar="KIND.GROUP=REASON",
    help="Let a kind pass that has no schema.",
)
@click.option("--no-rules", is_flag=True, help="Check schemas only, and no rules about trees.")
@with_output
def lint(**options: Any) -> None:
    """Judge YAML, scripts and profiles of any origin; `-` reads standard input.

    A line `# llmd-render: ignore CODE reason` silences a finding of the next line.

    \b
    Examples:
      llmd-render lint overlays/ deploy.sh
      llmd-render lint --kustomize overlays/prod
      llmd-render lint overlays/ --target gke=1.36,kserve=0.17
      kubectl kustomize overlays/prod | llmd-render lint -
    """

    def command() -> int:
        from .lint import lint_command  # noqa: PLC0415

        return lint_command(**options)

    guard(command, options["format_"])


@main.command()
@click.argument("code")
def explain(code: str) -> None:
    """Say what a rule demands, why, from which source, and what passes and fails it.

    Other findings are explained by their code too.

    \b
    Examples:
      llmd-render explain gateway-class-without-inference-pool
      llmd-render explain schema-missing-for-kind
    """

    def command() -> int:
        from .inspect import explain_command  # noqa: PLC0415

        return explain_command(code)

    guard(command)


_KINDS = [
    "profiles",
    "machine-types",
    "topologies",
    "zones",
    "gateway-classes",
    "models",
    "images",
    "prices",
    "rules",
    "findings",
    "schemas",
]


@main.command("list")
@click.argument("kind", type=click.Choice(_KINDS))
@click.option(
    "--format",
    "format_",
    type=click.Choice(["text", "json"]),
    default="text",
    show_default=True,
    help="A table to read, or JSON with every field.",
)
@click.option(
    "--profiles",
    multiple=True,
    type=click.Path(),
    metavar="DIR",
    help="A further folder to look for profiles by name.",
)
def list_(kind: str, format_: str, profiles: tuple[str, ...]) -> None:
    """List what the tool knows, with source and date.

    \b
    Examples:
      llmd-render list topologies
      llmd-render list models --format json
    """

    def command() -> int:
        from .inspect import list_command  # noqa: PLC0415

        return list_command(kind, format_, profiles)

    guard(command)


@main.command()
@click.argument("subject", type=click.Choice(["profile", "report"]), default="profile")
def schema(subject: str) -> None:
    """Print the JSON Schema (draft 2020-12) of profiles, or of what --format json prints.

    \b
    Examples:
      llmd-render schema > profile.schema.json
      llmd-render schema report
    """

    def command() -> int:
        from .inspect import schema_command  # noqa: PLC0415

        return schema_command(subject)

    guard(command)


@main.command()
@click.argument("bundle", type=click.Choice(["templates", "profiles"]))
@click.argument("folder", type=click.Path())
def export(bundle: str, folder: str) -> None:
    """Copy the shipped templates or profiles into a new folder, as a start for your own.

    \b
    Example:
      llmd-render export templates my-templates
    """

    def command() -> int:
        from .inspect import export_command  # noqa: PLC0415

        return export_command(bundle, folder)

    guard(command)


main.add_command(crds)
