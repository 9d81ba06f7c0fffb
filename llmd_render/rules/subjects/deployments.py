"""Which files of a tree belong to one deployment; shared by the rules that compare files."""

from __future__ import annotations

from itertools import takewhile
from pathlib import PurePosixPath

_FARTHEST = 2


def are_near(one: str, other: str) -> bool:
    """Whether two files are of one deployment, and not of two that somebody keeps together."""
    first, second = (PurePosixPath(item).parent.parts for item in (one, other))
    pairs = zip(first, second, strict=False)
    shared = len(list(takewhile(lambda pair: pair[0] == pair[1], pairs)))
    return max(len(first), len(second)) - shared <= _FARTHEST
