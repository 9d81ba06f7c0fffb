"""The files and headings that Markdown texts link to."""

from __future__ import annotations

import posixpath
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import unquote

from .diagnostics import Location

if TYPE_CHECKING:
    from collections.abc import Iterator

    from .manifest import Tree

_LINK = re.compile(r"(?<!\\)\]\((?P<target>[^)\s<>]+)(?:\s+\"[^\"]*\")?\)")
_HEADING = re.compile(r"^ {0,3}#{1,6}\s+(?P<title>.*?)\s*#*\s*$")
_UNDERLINE = re.compile(r"^ {0,3}(=+|-+)\s*$")
_NAMED = re.compile(r"""\b(?:id|name)\s*=\s*["']?([^"'\s>]+)|\{[^}]*#([\w.:-]+)""")
_MARKUP = re.compile(r"!?\[(?P<text>[^\]]*)\]\([^)]*\)|<[^>]+>")
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


@dataclass(frozen=True, slots=True)
class Anchor:
    """A link to a heading of a text of the tree: where it stands, which heading of which file."""

    location: Location
    written: str
    target: str


def list_anchors(tree: Tree) -> Iterator[Anchor]:
    """List the links to headings that are in no text, however headings are turned into names."""
    known: dict[str, frozenset[str]] = {}
    for path, text in tree.files.items():
        # What begins so is put into other texts, which have headings of their own.
        if not path.endswith(".md") or "#" not in text or "/_" in f"/{path}":
            continue
        for location, whole in _find_targets(path, text):
            file, _, written = whole.partition("#")
            target = posixpath.normpath(posixpath.join(posixpath.dirname(path), file))
            target = target if file else path
            if not written or not target.endswith(".md") or target not in tree.files:
                continue
            if target not in known:
                known[target] = frozenset(_list_names(tree.files[target]))
            # A text without headings may be a part of another one.
            if known[target] and not _is_named(written, known[target]):
                yield Anchor(location, written, target)


def _is_named(written: str, known: frozenset[str]) -> bool:
    """Whether a heading may have a name: sites differ in what they do with all but letters."""
    name = _reduce(unquote(written))
    numbered = name.rstrip("0123456789")
    return not name or name in known or (numbered != written and numbered in known)


def _list_names(text: str) -> Iterator[str]:
    """List what headings are called, and what is named otherwise, in letters and digits alone."""
    before = ""
    # Also of what looks like code: where a block ends, readers of Markdown disagree.
    for line in text.split("\n"):
        heading = _HEADING.match(line)
        if heading or _UNDERLINE.match(line):
            title = heading["title"] if heading else before
            yield _reduce(_MARKUP.sub(lambda found: found["text"] or "", title))
        before = line
    for found in _NAMED.finditer(text):
        yield _reduce(found[1] or found[2])


def _reduce(text: str) -> str:
    return "".join(filter(str.isalnum, text.lower().removeprefix("user-content-")))


def list_links(tree: Tree) -> Iterator[Link]:
    """List the links of all texts of a tree to files that a tree can hold."""
    for path, text in tree.files.items():
        if path.endswith(".md"):
            yield from _list_links_of(path, text)


def _list_links_of(path: str, text: str) -> Iterator[Link]:
    for location, whole in _find_targets(path, text):
        written = whole.partition("#")[0]
        if written.endswith(_SUFFIXES):
            target = posixpath.normpath(posixpath.join(posixpath.dirname(path), written))
            yield Link(location, written, target)


def _find_targets(path: str, text: str) -> Iterator[tuple[Location, str]]:
    """Find the links of a text to something beside it, each with its place."""
    for index, line in _list_lines(text):
        shown = _CODE.sub(lambda found: " " * len(found.group()), line)
        for found in _LINK.finditer(shown):
            written = found["target"]
            if "://" in written or written.startswith("/"):
                continue
            if not any(mark in written.partition("#")[0] for mark in "{}$%"):
                yield Location(path, index + 1, found.start("target") + 1), written


def _list_lines(text: str) -> Iterator[tuple[int, str]]:
    """List the lines of a text that are no code, each with its number from 0."""
    fence = ""
    for index, line in enumerate(text.split("\n")):
        mark = _FENCE.match(line)
        if mark and (not fence or mark[1] == fence):
            fence = "" if fence else mark[1]
        if not fence:
            yield index, line
