"""How a command ends: exit codes, streams, and what happens to what goes wrong."""

from __future__ import annotations

import os
import signal
import sys
from contextlib import suppress
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from llmd_render.diagnostics import Diagnostic, InputError
    from llmd_render.versions import Changes

FINDINGS = 1
USAGE = 2
BUG = 3
INTERRUPTED = 130
_COLOURS = {"error": "red", "warning": "yellow", "info": "blue"}


def guard(command: Callable[[], int], format_: str = "text") -> None:
    """Run a command and exit with its code; no traceback reaches a person."""
    # From here on ^C unwinds what was begun instead of ending the program on the spot.
    if signal.getsignal(signal.SIGINT) not in {signal.default_int_handler, signal.SIG_IGN}:
        with suppress(ValueError):  # not the main thread: nobody sends it ^C
            signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        code = _run(command, format_)
        sys.stdout.flush()
    except KeyboardInterrupt:
        _say("interrupted; nothing half-written was left behind")
        code = INTERRUPTED
    except BrokenPipeError:
        # Whoever read the output has had enough of it; findings unread are findings all the same.
        _drop_output()
        code = FINDINGS
    except OSError as error:
        code = tell_refusal(error)
    sys.exit(code)


def tell_refusal(error: OSError) -> int:
    """Say in a line what the system refused, most often to print; the exit code."""
    from llmd_render import report  # noqa: PLC0415 - not needed for --help

    place = report.make_printable(str(error.filename or "standard output"))
    _say(f"{place}: error: {error.strerror or error}")
    try:
        sys.stdout.flush()
    except OSError:
        _drop_output()
    return FINDINGS


def _drop_output() -> None:
    """Let what is still to be printed go nowhere, so that nothing tries again at the end."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)


def _say(line: str) -> None:
    with suppress(OSError):  # standard error has no room either: the exit code has to do
        click.echo(line, err=True)


def _run(command: Callable[[], int], format_: str) -> int:
    from llmd_render.diagnostics import InputError  # noqa: PLC0415 - not needed for --help

    try:
        return command()
    except InputError as error:
        return _report_input_error(error, format_)
    except (click.ClickException, OSError):
        raise
    except Exception as error:
        if _wants_traceback():
            raise
        where = error.__cause__ or error
        click.echo(f"llmd-render: internal error: {type(where).__name__}: {error}", err=True)
        click.echo(
            "This is a bug of ours. Run the same again with --traceback before any command and "
            "report what it prints.",
            err=True,
        )
        return BUG


def _wants_traceback() -> bool:
    context = click.get_current_context(silent=True)
    root = context.find_root() if context else None
    return bool(root and root.params.get("traceback"))


def _report_input_error(error: InputError, format_: str) -> int:
    from llmd_render.pipeline import UsageProblem  # noqa: PLC0415 - loaded by whoever raised

    emit(error.diagnostics, format_, err=True)
    return USAGE if isinstance(error, UsageProblem) else FINDINGS


def emit(
    diagnostics: Iterable[Diagnostic],
    format_: str,
    *,
    written: Sequence[str] = (),
    summary: dict[str, Any] | None = None,
    changes: Changes | None = None,
    err: bool = False,
) -> bool:
    """Print findings in a format; whether it is for people, so that more may be said.

    A format for programs goes to standard output, whole and alone; text may go to standard error.
    """
    from llmd_render import report  # noqa: PLC0415 - not needed for --help

    items = list(diagnostics)
    if format_ == "text":
        click.echo(report.to_text(items, style), nl=False, err=err)
        if changes is not None:
            click.echo(report.changes_to_text(changes, style), nl=False, err=err)
        return True
    if format_ == "json":
        counts = {**report.count(items), **(summary or {})}
        click.echo(report.to_json(items, written, counts, changes), nl=False)
    else:
        click.echo(report.to_format(format_, items), nl=False)
    return False


def say_what_is_rendered(changes: Changes | None, *, err: bool = False) -> None:
    """Say that a target changes what a tree is judged by, and not the tree."""
    if changes is not None and changes.before != changes.after:
        click.echo(
            "The tree is still rendered for the versions of the profile; for those of --target it "
            "is only judged.",
            err=err,
        )


def style(text: str, severity: str) -> str:
    """Colour a word by its severity, unless NO_COLOR is set; click strips it off terminals."""
    if os.environ.get("NO_COLOR"):
        return text
    return click.style(text, fg=_COLOURS[severity], bold=True)


def exit_code(diagnostics: Iterable[Diagnostic], fail_on: str) -> int:
    """Decide whether findings make a command fail."""
    from llmd_render.diagnostics import has_blocking  # noqa: PLC0415 - not needed for --help

    items = list(diagnostics)
    if has_blocking(items):
        return FINDINGS
    warned = any(item.severity.value == "warning" and not item.acknowledged for item in items)
    return FINDINGS if fail_on == "warning" and warned else 0
