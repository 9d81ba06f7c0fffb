"""What a synchronised folder says about itself: which download each of its files was made from."""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING, Any

from llmd_render.render import RenderedFile

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    from .releases import PinnedFile

INDEX = "index.json"
# To be raised whenever what is stored for the same download becomes something else.
_FORMAT = 1


def make_index(made: Mapping[PinnedFile, tuple[RenderedFile, ...]]) -> RenderedFile:
    """Write down what each stored file was made from."""
    sources = [
        _identity(item) | {"files": {file.path: _digest(file.text.encode()) for file in files}}
        for item, files in sorted(made.items(), key=lambda pair: pair[0].url)
    ]
    content = {"format": _FORMAT, "sources": sources}
    text = json.dumps(content, indent=2, sort_keys=True, ensure_ascii=False)
    return RenderedFile(INDEX, f"{text}\n", "")


def read_held(
    folder: Path, wanted: Iterable[PinnedFile]
) -> dict[PinnedFile, tuple[RenderedFile, ...]]:
    """Find what of the wanted files the folder holds, unchanged since it was stored."""
    sources = _read_sources(folder)
    held: dict[PinnedFile, tuple[RenderedFile, ...]] = {}
    for item in wanted:
        source = sources.get(item.url)
        if source is None or {**source, "files": None} != {**_identity(item), "files": None}:
            continue
        files = _read_files(folder, item, source.get("files"))
        if files:
            held[item] = files
    return held


def _read_sources(folder: Path) -> dict[str, dict[str, Any]]:
    try:
        content = json.loads((folder / INDEX).read_bytes())
        if content["format"] != _FORMAT:
            return {}
        return {source["url"]: dict(source) for source in content["sources"]}
    except (FileNotFoundError, NotADirectoryError, ValueError, KeyError, TypeError):
        # Whatever it says instead, it does not say that anything need not be downloaded.
        return {}


def _read_files(folder: Path, item: PinnedFile, digests: Any) -> tuple[RenderedFile, ...]:
    files = []
    for name, digest in digests.items() if isinstance(digests, dict) else ():
        place = folder / name
        # The name comes out of a file: it must not lead out of the folder.
        if place.parent != folder or not place.is_file():
            return ()
        content = place.read_bytes()
        if _digest(content) != digest:
            return ()
        files.append(RenderedFile(name, content.decode(), item.url))
    return tuple(files)


def _identity(item: PinnedFile) -> dict[str, Any]:
    release = item.release
    return {
        "url": item.url,
        "sha256": item.sha256,
        "release": release.name,
        "source": release.source,
        "date": release.date,
    }


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
