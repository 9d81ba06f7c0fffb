"""The words of a command line of vLLM as argparse and vLLM take them; shared by the rules."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable

    from llmd_render.diagnostics import DataPath

_NEGATIVE = re.compile(r"-(\d|\.)")
# Each has a syntax of its own, or ends vLLM before anything is judged.
_APART = re.compile(r"-O|(--help|-h|--version|-v)($|=)")


class Given(NamedTuple):
    """A flag on a command line: its name with hyphens, and what comes after it.

    `value` is what follows an equals sign; `following` are the words up to the next flag, which is
    `until`; `has_keys` says that the name goes on with a dot and keys of a JSON object.
    """

    path: DataPath
    name: str
    value: str | None = None
    following: tuple[str, ...] = ()
    until: str = ""
    has_keys: bool = False


def read_flags(words: Iterable[tuple[DataPath, str]]) -> list[Given]:
    """Take the flags out of a command line; what is not written out yet is left out."""
    found: list[Given] = []
    for path, word in words:
        if word == "--":
            break
        if not _is_flag(word):
            if found:
                found[-1] = found[-1]._replace(following=(*found[-1].following, word))
            continue
        if found:
            found[-1] = found[-1]._replace(until=word)
        found.append(_read(path, word))
    return [item for item in found if not is_open(item.name) and not _APART.match(item.name)]


def is_open(word: str) -> bool:
    """Whether a shell, the kubelet or KServe puts something else in place of a part of a word."""
    return "$" in word or "`" in word or "{{" in word


def joined_words(words: Iterable[tuple[DataPath, str]]) -> list[tuple[DataPath, str, str]]:
    """Find words that hold a flag and its value with a space between: place, flag and value."""
    found = []
    for path, word in words:
        name, space, value = word.partition(" ")
        if space and re.fullmatch(r"--[a-z][\w-]*", name) and not is_open(word):
            found.append((path, name.replace("_", "-"), value.strip()))
    return found


def _is_flag(word: str) -> bool:
    """Whether argparse takes a word for a flag: with a space in its name it does not."""
    name = word.partition("=")[0]
    return len(word) > 1 and word[0] == "-" and not _NEGATIVE.match(word) and " " not in name


def _read(path: DataPath, word: str) -> Given:
    name, has_value, value = word.partition("=")
    name, has_keys, _ = name.partition(".")
    if name.startswith("--"):
        name = name.replace("_", "-")
    return Given(path, name, value if has_value else None, has_keys=bool(has_keys))
