"""What stands between a tree and its disk: refusals, other runs, and ^C."""

from __future__ import annotations

import errno
import os
import signal
import threading
import time
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

from .diagnostics import Diagnostic, InputError, Location

if TYPE_CHECKING:
    from collections.abc import Iterator

_PATIENCE_SECONDS = 10.0
_FULL = "free the disk or choose another --out"
_FORBIDDEN = "get the permission to read and write there, or choose another --out"
_IN_THE_WAY = "a file or a link stands where a folder should; move it or choose another --out"
_HINTS = {
    **dict.fromkeys((errno.ENOSPC, errno.EDQUOT), _FULL),
    **dict.fromkeys((errno.EACCES, errno.EPERM, errno.EROFS), _FORBIDDEN),
    **dict.fromkeys((errno.EEXIST, errno.ENOTDIR, errno.ELOOP), _IN_THE_WAY),
    errno.ENAMETOOLONG: "choose a shorter --out",
    errno.ENOENT: "a folder on the way is gone, maybe the working directory itself",
}


@contextmanager
def explain(target: Path, verb: str) -> Iterator[None]:
    """Turn what the disk refuses into a finding."""
    try:
        yield
    except OSError as error:
        place = Path(error.filename or target)
        if place not in target.parents and target not in place.parents:
            place = target  # rather than a passing name beside it
        message = f"cannot {verb} the tree: {error.strerror or error}"
        hint = _HINTS.get(error.errno or 0, "choose another --out")
        raise InputError(_diagnose(place, message, hint)) from error


@contextmanager
def lock(folder: Path) -> Iterator[None]:
    """Keep other runs out of a folder; where a folder cannot be locked, go on without."""
    with ExitStack() as stack:
        with suppress(OSError):  # Not there yet, not readable, or no such locks, as on Windows.
            handle = os.open(folder, os.O_RDONLY)
            stack.callback(os.close, handle)
            _wait_for_lock(handle, folder)
        yield


def _wait_for_lock(handle: int, folder: Path) -> None:
    import fcntl  # noqa: PLC0415 - Windows has none, and opens no folder either

    limit = time.monotonic() + _PATIENCE_SECONDS
    while True:
        try:
            return fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() > limit:
                message = "another program keeps this folder locked; it may be llmd-render"
                hint = "wait until it has ended, or end it"
                raise InputError(_diagnose(folder, message, hint)) from None
        time.sleep(0.05)


@contextmanager
def without_interrupts() -> Iterator[None]:
    """Let ^C wait; only the main thread ever sees it."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    arrived: list[int] = []
    before = signal.signal(signal.SIGINT, lambda number, _: arrived.append(number))
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
        if arrived:
            signal.raise_signal(signal.SIGINT)


def _diagnose(place: Path, message: str, hint: str) -> Diagnostic:
    return Diagnostic(Location(str(place)), message, "tree-not-writable", hint=hint)
