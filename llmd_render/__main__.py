"""Runs the command line, installed or as `python -m llmd_render`."""

from __future__ import annotations

import gc
import os
import signal
import sys

INTERRUPTED = 130
# A run lives for a second or so: collecting its garbage at the usual pace costs a tenth of that.
_COLLECT_AFTER = 200_000


def run() -> None:
    """Run the command line as a program: from its first moment, ^C ends it with exit code 130."""
    if signal.getsignal(signal.SIGINT) is not signal.SIG_IGN:
        signal.signal(signal.SIGINT, _stop)
    _stand_in_for_closed_streams()
    gc.set_threshold(_COLLECT_AFTER, 20, 20)
    # Pydantic would look through all that is installed for plugins, and load what it finds.
    os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "__all__")
    from .cli import main  # noqa: PLC0415 - only once ^C is taken care of
    from .cli.run import tell_refusal  # noqa: PLC0415

    try:
        main(prog_name="llmd-render")
    except OSError as error:  # from what is printed before a command begins, such as help
        sys.exit(tell_refusal(error))
    finally:
        # The work is done and told; ^C while the interpreter winds down cannot undo it.
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        # Nor need it look for cycles in what the system is about to take back as a whole.
        gc.freeze()


def _stand_in_for_closed_streams() -> None:
    """Take the places of closed streams, so that no file that is opened gets their numbers.

    What is printed on a closed standard output fails as on a full disk; errors go nowhere.
    """
    for number, flags in enumerate((os.O_RDONLY, os.O_RDONLY, os.O_WRONLY)):
        try:
            os.fstat(number)
        except OSError:
            os.open(os.devnull, flags)  # the system gives out the lowest free number
    if sys.stdout is None:
        sys.stdout = open(1, "w", encoding="utf-8", closefd=False)  # noqa: SIM115
    if sys.stderr is None:
        sys.stderr = open(2, "w", encoding="utf-8", closefd=False)  # noqa: SIM115


def _stop(_signal: int, _frame: object) -> None:
    # Nothing has been read or written yet; a command that begins to takes over (cli.run.guard).
    os.write(sys.__stderr__.fileno() if sys.__stderr__ else 2, b"interrupted\n")
    os._exit(INTERRUPTED)


if __name__ == "__main__":
    run()
