"""The pinned CRDs of other projects, downloaded into a folder: all of them or nothing.

The folder is a tree of ours, as a rendered one is: it is swapped in as a whole, and files that
somebody edited or added are not lost.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from llmd_render.diagnostics import Diagnostic, InputError, Location
from llmd_render.render import RenderedFile
from llmd_render.write import plan_tree, write_tree

from .compact import write_compact
from .download import download
from .finding import find_crds
from .releases import PinnedFile, choose_releases, files_of
from .shape import CRD
from .stored import make_index, read_held

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

DEFAULT_FOLDER = Path("crds")

_OUR_MISTAKE = "nothing was stored; the pinned release is not what it should be: update llmd-render"
# What writes trees speaks of rendering; the same things can go wrong here.
_HINTS = {
    "tree-target-foreign": "move it away or choose another --to",
    "tree-file-hand-edited": "keep CRDs of your own in another folder; --force discards the edit",
    "tree-file-extra": "keep CRDs of your own in another folder; --force removes the file",
}


@dataclass(frozen=True, slots=True)
class SyncReport:
    """What a sync did."""

    target: Path
    downloaded: tuple[PinnedFile, ...]
    held: tuple[PinnedFile, ...]
    crds: int
    changed: bool

    @property
    def summary(self) -> str:
        """Say it in one line."""
        stored = f"{_count(self.crds, 'CRD')} in {self.target.as_posix()}/"
        if not self.downloaded:
            what = "others were removed" if self.changed else "nothing changed"
            return f"{stored}: nothing was downloaded, {what}"
        held = f", {_count(len(self.held), 'file')} held already" if self.held else ""
        return f"{stored}: {_count(len(self.downloaded), 'file')} downloaded and verified{held}"


def sync(
    to: Path = DEFAULT_FOLDER,
    files: Iterable[PinnedFile] | None = None,
    *,
    fetch: Callable[[str], bytes] = download,
    force: bool = False,
) -> SyncReport:
    """Make a folder hold the CRDs of the pinned files, and no others.

    What the folder holds already is not downloaded again. Everything is downloaded and verified
    before anything is written. Raises InputError, and then the folder is as it was.
    """
    wanted = tuple(files_of(choose_releases()) if files is None else files)
    try:
        # A folder that may not be replaced is better known before the downloads than after.
        plan_tree((), to, force=force)
        held = read_held(to, wanted)
        fresh = {item: _make(item, fetch(item.url)) for item in wanted if item not in held}
        made = {item: fresh.get(item) or held[item] for item in wanted}
        crds = _unique(made)
        changed = write_tree([*crds, make_index(made)], to, force=force)
    except InputError as error:
        raise InputError(*map(_about_sync, error.diagnostics)) from error
    except OSError as error:
        place = Location(str(error.filename or to))
        message = f"cannot read the folder: {error.strerror or error}"
        hint = _HINTS["tree-target-foreign"]
        raise InputError(Diagnostic(place, message, "file-not-readable", hint=hint)) from error
    return SyncReport(to, tuple(fresh), tuple(held), len(crds), changed)


def _make(item: PinnedFile, raw: bytes) -> tuple[RenderedFile, ...]:
    """Make the files to store of a download, which nobody parses before it is verified."""
    digest = hashlib.sha256(raw).hexdigest()
    if digest != item.sha256:
        message = f"the file has the SHA-256 {digest}; it must have {item.sha256}"
        hint = "nothing was stored; do not use the file: it is not the one that was released then"
        raise _problem(item, message, "crd-download-hash-wrong", hint)
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        message = f"the file is not UTF-8 text (byte {error.start}); it must be YAML"
        raise _problem(item, message, "crd-download-not-text") from error
    found, problems = find_crds(text, item.url)
    if problems:
        raise InputError(*(replace(problem, hint=_OUR_MISTAKE) for problem in problems))
    if not found:
        message = f"the file has no {CRD}; it must have one or more"
        raise _problem(item, message, "crd-not-found")
    release = replace(item.release, source=item.url)
    try:
        texts = [write_compact(one.crd, release) for one in found]
    except (TypeError, ValueError) as error:
        message = f"a {CRD} of the file cannot be written as JSON: {error}"
        raise _problem(item, message, "crd-download-not-json") from error
    names = [_name(one.crd["spec"]) for one in found]
    return tuple(
        RenderedFile(name, text, item.url) for name, text in zip(names, texts, strict=True)
    )


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def _name(spec: Mapping[str, Any]) -> str:
    return f"{spec['group']}_{spec['names']['kind']}.json"


def _unique(made: Mapping[PinnedFile, tuple[RenderedFile, ...]]) -> list[RenderedFile]:
    """List the files to store; no two CRDs may be of the same kind."""
    brought: dict[str, tuple[PinnedFile, RenderedFile]] = {}
    for item, files in made.items():
        for file in files:
            if file.path in brought:
                kind = " ".join(reversed(file.path.removesuffix(".json").split("_")))
                message = f"this file brings {kind}, and so does {brought[file.path][0].url}"
                hint = "nothing was stored; choose releases of which only one brings it"
                raise _problem(item, message, "crd-brought-twice", hint)
            brought[file.path] = (item, file)
    return [file for _, file in brought.values()]


def _about_sync(problem: Diagnostic) -> Diagnostic:
    return replace(problem, hint=_HINTS.get(problem.code, problem.hint.replace("--out", "--to")))


def _problem(item: PinnedFile, message: str, code: str, hint: str = _OUR_MISTAKE) -> InputError:
    return InputError(Diagnostic(Location(item.url), message, code, hint=hint))
