"""Puts a tree on disk, all of it or nothing, and tells what is there already.

A folder that we wrote holds an inventory of its files and their SHA-256. A file that somebody
edited or added is never overwritten or removed without being told to, and a folder without an
inventory is never touched at all.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
import stat
import tempfile
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Literal

from .access import explain, lock, without_interrupts
from .diagnostics import Diagnostic, InputError, Location

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from .render import RenderedFile

INVENTORY = ".llmd-render.json"
_FORMAT = 1
_FILE_MODE = 0o644
_PROGRAM_MODE = 0o755
_UNFIT = re.compile(r"[\x00-\x1f\x7f-\x9f\ud800-\udfff]")

State = Literal["missing", "changed", "hand-edited", "extra", "stale"]
"""How a file on disk differs from what would be written.

missing: not there; changed: as we once wrote it, but we would write something else now; stale: as
we once wrote it, and no longer part of the tree; hand-edited: not as we wrote it; extra: not ours.
"""


@dataclass(frozen=True, slots=True)
class Difference:
    """One file that is not as it would be written."""

    path: str
    state: State


def plan_tree(files: Sequence[RenderedFile], target: Path, *, force: bool = False) -> bool:
    """Say whether writing a tree would change anything, without touching the disk.

    Raises InputError when the target is not ours to replace or holds work of somebody's, or when
    the files cannot lie in one folder.
    """
    with explain(target, "read"), lock(target.parent):
        return _plan(files, target, force=force)


def write_tree(files: Sequence[RenderedFile], target: Path, *, force: bool = False) -> bool:
    """Write a tree as the whole content of `target`; False when it was already so.

    The new folder is built beside the old one and then swapped in; ^C waits until that is done.
    Raises InputError when the target is not ours to replace, holds work of somebody's, or cannot
    be written.
    """
    with explain(target, "write"):
        if target.is_symlink():
            target = target.resolve()
        target.parent.mkdir(parents=True, exist_ok=True)
        with lock(target.parent), without_interrupts():
            _repair(target)
            wanted = _plan(files, target, force=force)
            if wanted:
                _swap(files, target)
    return wanted


def compare_tree(files: Sequence[RenderedFile], target: Path) -> Iterator[Difference]:
    """Find each file on disk that is not as it would be written.

    Raises InputError when the target is there and is not a folder that we wrote, or not readable.
    """
    with explain(target, "read"), lock(target.parent):
        return iter(list(_compare(files, target)))


def _plan(files: Sequence[RenderedFile], target: Path, *, force: bool) -> bool:
    _refuse_unfit_paths(files, target)
    differences = list(_compare(files, target))
    if not force:
        _refuse_to_lose(differences, target)
    return bool(differences) or not target.is_dir()


def _compare(files: Sequence[RenderedFile], target: Path) -> Iterator[Difference]:
    recorded = _read_inventory(target)
    wanted = {item.path: item for item in files}
    on_disk = set(_list_files(target)) if target.is_dir() else set()
    for path in sorted({*wanted, *recorded, *on_disk}):
        if path == INVENTORY:
            continue
        state = _judge(path, wanted.get(path), recorded.get(path), target, there=path in on_disk)
        if state is not None:
            yield Difference(path, state)
    if target.is_dir() and recorded != _digests(files):
        yield Difference(INVENTORY, "changed")


def _judge(
    path: str, wanted: RenderedFile | None, recorded: str | None, target: Path, *, there: bool
) -> State | None:
    if not there:
        return "missing" if wanted else None
    if recorded is None:
        return "extra"
    place = target / path
    if place.is_symlink() or not place.is_file() or _digest(place.read_bytes()) != recorded:
        return "hand-edited"
    if wanted is None:
        return "stale"
    mode = stat.S_IMODE(place.stat().st_mode)
    right_mode = bool(mode & stat.S_IXUSR) == wanted.executable
    same = recorded == _digest(wanted.text.encode()) and right_mode
    return None if same else "changed"


def _read_inventory(target: Path) -> dict[str, str]:
    """Read which files we wrote; nothing when the target does not exist or is empty."""
    if not target.exists() and not target.is_symlink():
        return {}
    if not target.is_dir():
        message = "this is no folder, and the tree needs one of that name"
        hint = "move it away or choose another --out"
        raise InputError(_diagnose(target, message, "tree-target-foreign", hint))
    inventory = target / INVENTORY
    if not inventory.is_file():
        if not any(target.iterdir()):
            return {}
        message = f"the folder has no {INVENTORY}, so it was not written by llmd-render"
        hint = "choose another --out; not even --force replaces a foreign folder"
        raise InputError(_diagnose(target, message, "tree-target-foreign", hint))
    try:
        content = json.loads(inventory.read_text(encoding="utf-8"))
        files = content["files"]
        known = content["format"] == _FORMAT
        recorded = {str(path): str(digest) for path, digest in files.items()}
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        known, recorded = False, {}
    if not known:
        message = "the inventory cannot be read, so nobody knows which files are ours"
        hint = "restore it from version control, or move the folder away"
        raise InputError(_diagnose(inventory, message, "tree-inventory-broken", hint))
    return recorded


def _list_files(target: Path) -> Iterator[str]:
    for folder, folders, names in os.walk(target):
        base = Path(folder)
        linked = [name for name in folders if (base / name).is_symlink()]
        for name in [*names, *linked]:
            yield (base / name).relative_to(target).as_posix()


def _refuse_to_lose(differences: Sequence[Difference], target: Path) -> None:
    words = {"hand-edited": "was edited by hand", "extra": "is not ours"}
    hints = {
        "hand-edited": "make the change in the profile or an overlay; --force discards it",
        "extra": f"keep your own files outside {target.name}/; --force removes it",
    }
    found = [
        _diagnose(
            target / item.path,
            f"the file {words[item.state]}, and writing would lose it",
            f"tree-file-{item.state}",
            hints[item.state],
        )
        for item in differences
        if item.state in words
    ]
    if found:
        raise InputError(*found)


def _refuse_unfit_paths(files: Sequence[RenderedFile], target: Path) -> None:
    paths = {item.path for item in files}
    found = []
    for item in files:
        above = {str(parent) for parent in PurePosixPath(item.path).parents} & paths
        if above:
            problem = f"{min(above)} is a file of the tree, so it cannot be a folder too"
        elif item.path == INVENTORY:
            problem = "this is the name of the inventory"
        elif _UNFIT.search(item.path):
            problem = "the path has a control character or is not UTF-8"
        else:
            continue
        hint = f"rename the template {item.template}"
        found.append(_diagnose(target / item.path, problem, "tree-paths-conflict", hint))
    if found:
        raise InputError(*found)


def _swap(files: Sequence[RenderedFile], target: Path) -> None:
    fresh = Path(tempfile.mkdtemp(prefix=f".{target.name}.llmd-render-new-", dir=target.parent))
    old = _old_name(target)
    try:
        _fill(fresh, files, target.name)
        if target.exists():
            target.rename(old)
            try:
                fresh.rename(target)
            except BaseException:
                old.rename(target)
                raise
        else:
            fresh.rename(target)
    finally:
        # Also when that failed: nothing half-written stays behind.
        shutil.rmtree(fresh, ignore_errors=True)
        if target.exists():
            shutil.rmtree(old, ignore_errors=True)


def _fill(folder: Path, files: Sequence[RenderedFile], name: str) -> None:
    folder.chmod(_PROGRAM_MODE)
    for item in files:
        place = folder / item.path
        for parent in reversed(place.relative_to(folder).parents[:-1]):
            made = folder / parent
            if not made.is_dir():
                made.mkdir()
                made.chmod(_PROGRAM_MODE)
        place.write_bytes(item.text.encode())
        place.chmod(_PROGRAM_MODE if item.executable else _FILE_MODE)
    inventory = {"format": _FORMAT, "profile": name, "files": _digests(files)}
    place = folder / INVENTORY
    place.write_text(json.dumps(inventory, indent=2) + "\n", encoding="utf-8", newline="\n")
    place.chmod(_FILE_MODE)


def _repair(target: Path) -> None:
    """Finish what a run killed between the two renames began, and sweep up after killed ones."""
    old = _old_name(target)
    if old.is_dir():
        if target.exists():
            shutil.rmtree(old)
        else:
            old.rename(target)
    for left in target.parent.glob(f".{target.name}.llmd-render-new-*"):
        shutil.rmtree(left, ignore_errors=True)


def _old_name(target: Path) -> Path:
    return target.with_name(f".{target.name}.llmd-render-old")


def _digests(files: Sequence[RenderedFile]) -> dict[str, str]:
    return {
        item.path: _digest(item.text.encode()) for item in sorted(files, key=lambda item: item.path)
    }


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def _diagnose(place: Path, message: str, code: str, hint: str) -> Diagnostic:
    return Diagnostic(Location(str(place)), message, code, hint=hint)
