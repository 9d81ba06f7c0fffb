"""The files that Markdown texts link to."""

from __future__ import annotations

import posixpath
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from .diagnostics import Location

if TYPE_CHECKING:
    from collections.abc import Iterator

    from .manifest import Tree

_LINK = re.compile(r"(?<!\\)\]\((?P<target>[^)\s<>]+)(?:\s+\"[^\"]*\")?\)")
_FENCE = re.compile(r"^ {0,3}(```|~~~)")
_CODE = re.compile(r"(`+)(?!`).*?(?<!`)\1(?!`)")
# Only what a tree would hold itself: a site may make the rest of its pages from anything.
_SUFFIXES = (".json", ".md", ".sh", ".yaml", ".yml")


@dataclass(frozen=True, slots=True)
class Link:
    """A link to a file: where it stands, what is written, and which path that means."""

    location: Location
    written: str
    target: str


def list_links(tree: Tree) -> Iterator[Link]:
    """List the links of all texts of a tree to files that a tree can hold."""
    for path, text in tree.files.items():
        if path.endswith(".md"):
            yield from _list_links_of(path, text)


def _list_links_of(path: str, text: str) -> Iterator[Link]:
    fence = ""
    for index, line in enumerate(text.split("\n")):
        mark = _FENCE.match(line)
        if mark and (not fence or mark[1] == fence):
            fence = "" if fence else mark[1]
        if fence:
            continue
        shown = _CODE.sub(lambda found: " " * len(found.group()), line)
        for found in _LINK.finditer(shown):
            written = found["target"].partition("#")[0]
            if "://" in written or written.startswith("/") or not written.endswith(_SUFFIXES):
                continue
            if any(mark in written for mark in "{}$%"):  # filled in by something else
                continue
            target = posixpath.normpath(posixpath.join(posixpath.dirname(path), written))
            yield Link(Location(path, index + 1, found.start("target") + 1), written, target)
