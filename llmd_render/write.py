"""Puts a tree on disk, all of it or nothing, and tells what is there already.

A folder that we wrote holds an inventory of its files and their SHA-256. A file that somebody
edited or added is never overwritten or removed without being told to, and a folder without an
inventory is never touched at all.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import stat
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from .diagnostics import Diagnostic, InputError, Location

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from .render import RenderedFile

INVENTORY = ".llmd-render.json"
_FORMAT = 1
_FILE_MODE = 0o644
_PROGRAM_MODE = 0o755

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

    Raises InputError when the target is not ours to replace or holds work of somebody's.
    """
    differences = list(compare_tree(files, target))
    if not force:
        _refuse_to_lose(differences, target)
    return bool(differences) or not target.is_dir()


def write_tree(files: Sequence[RenderedFile], target: Path, *, force: bool = False) -> bool:
    """Write a tree as the whole content of `target`; False when it was already so.

    The new folder is built beside the old one and then swapped in. Raises InputError when the
    target is not ours to replace, holds work of somebody's, or cannot be written.
    """
    try:
        if target.is_symlink():
            target = target.resolve()
        target.parent.mkdir(parents=True, exist_ok=True)
        _repair(target)
        if not plan_tree(files, target, force=force):
            return False
        _swap(files, target)
    except OSError as error:
        place = error.filename or target
        raise InputError(
            Diagnostic(
                Location(str(place)),
                f"cannot write the tree: {error.strerror or error}",
                "tree-not-writable",
                hint="nothing was changed; free the disk or choose another --out",
            )
        ) from error
    return True


def compare_tree(files: Sequence[RenderedFile], target: Path) -> Iterator[Difference]:
    """Find each file on disk that is not as it would be written.

    Raises InputError when the target is there and is not a folder that we wrote.
    """
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
    if place.is_symlink() or _digest(place.read_bytes()) != recorded:
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
        raise InputError(
            Diagnostic(
                Location(str(target)),
                "this is a file, and the tree needs a folder of that name",
                "tree-target-foreign",
                hint="move it away or choose another --out",
            )
        )
    inventory = target / INVENTORY
    if not inventory.is_file():
        if not any(target.iterdir()):
            return {}
        raise InputError(
            Diagnostic(
                Location(str(target)),
                f"the folder has no {INVENTORY}, so it was not written by llmd-render",
                "tree-target-foreign",
                hint="choose another --out; not even --force replaces a foreign folder",
            )
        )
    try:
        content = json.loads(inventory.read_text(encoding="utf-8"))
        files = content["files"]
        known = content["format"] == _FORMAT
        recorded = {str(path): str(digest) for path, digest in files.items()}
    except (ValueError, KeyError, TypeError, AttributeError):
        known, recorded = False, {}
    if not known:
        raise InputError(
            Diagnostic(
                Location(str(inventory)),
                "the inventory cannot be read, so nobody knows which files are ours",
                "tree-inventory-broken",
                hint="restore it from version control, or move the folder away",
            )
        )
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
        Diagnostic(
            Location(str(target / item.path)),
            f"the file {words[item.state]}, and writing would lose it",
            f"tree-file-{item.state}",
            hint=hints[item.state],
        )
        for item in differences
        if item.state in words
    ]
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
        # Also on Ctrl-C: nothing half-written stays behind.
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
