"""Version numbers, and the releases that something meets."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, fields, replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from .diagnostics import Diagnostic

_GKE_VERSION = re.compile(r"(\d+)\.(\d+)(?:\.(\d+)(?:-gke\.(\d+))?)?")
_KUBERNETES_PARTS = 2


def parse_gke_version(text: str) -> tuple[int, ...]:
    """Turn `1.34.0-gke.1626000` into four numbers to compare; what is left out counts as zero."""
    match = _GKE_VERSION.fullmatch(text)
    if match is None:
        raise ValueError(f"{text!r} is not a GKE version such as 1.34.0-gke.1626000")
    return tuple(int(number or 0) for number in match.groups())


def kubernetes_minor(gke_version: str) -> str:
    """Give the Kubernetes version that a GKE version is: 1.34 of 1.34.1-gke.1829001."""
    return ".".join(gke_version.split(".")[:_KUBERNETES_PARTS])


def is_older(version: str, minimum: str) -> bool:
    """Compare versions by the parts that are given: 1.34 stands for the newest 1.34."""
    given = _numbers(version)
    return given < _numbers(minimum)[: len(given)]


def _numbers(version: str) -> tuple[int, ...]:
    return tuple(map(int, re.findall(r"\d+", version)))


@dataclass(frozen=True, slots=True)
class Versions:
    """The releases that something meets; one that nobody stated is empty."""

    kubernetes: str = ""
    gke: str = ""
    gateway_api: str = ""
    kserve: str = ""

    def completed(self, others: Versions) -> Versions:
        """Give these, and those of `others` where these are silent."""
        missing = {name: version for name, version in others.pairs() if not getattr(self, name)}
        return replace(self, **missing)

    def only(self, others: Versions) -> Versions:
        """Give these of what `others` state, too."""
        silent = {item.name: "" for item in fields(self) if not getattr(others, item.name)}
        return replace(self, **silent)

    def pairs(self) -> list[tuple[str, str]]:
        """List what is stated, as field and version."""
        found = [(item.name, getattr(self, item.name)) for item in fields(self)]
        return [(name, version) for name, version in found if version]

    def is_before(self, component: str, minimum: str) -> bool:
        """Whether a component is stated, and older than that."""
        version: str = getattr(self, component)
        return bool(version) and is_older(version, minimum)

    def has(self, component: str, minimum: str) -> bool:
        """Whether a component is stated, and is that or newer."""
        version: str = getattr(self, component)
        return bool(version) and not is_older(version, minimum)


UNSTATED = Versions()
"""Where nobody says what runs: what is written in a tree may still tell."""

ASSUMED = Versions(kubernetes="1.34", gke="1.34", gateway_api="1.4", kserve="0.15")
"""What is taken to run where nobody says."""


@dataclass(frozen=True, slots=True)
class Changes:
    """What is found under the versions of a target and not under others, and what no longer is."""

    before: Versions
    after: Versions
    new: tuple[Diagnostic, ...] = ()
    gone: tuple[Diagnostic, ...] = ()


def compare(
    before: Versions, after: Versions, earlier: list[Diagnostic], later: list[Diagnostic]
) -> Changes:
    """Compare what was found under two sets of versions; `before` needs only what `after` states.

    A finding whose words differ is the same one where place and code are: messages name versions.
    """
    new, gone = _without(later, earlier), _without(earlier, later)
    return Changes(before.only(after), after, tuple(new), tuple(gone))


def merge_changes(items: Sequence[Changes]) -> Changes:
    """Put the changes of several trees together; the versions that they come from are listed."""
    names = [item.name for item in fields(Versions)]
    lists = {name: dict.fromkeys(getattr(item.before, name) for item in items) for name in names}
    return Changes(
        Versions(**{name: ", ".join(filter(None, versions)) for name, versions in lists.items()}),
        items[0].after,
        tuple(dict.fromkeys(found for item in items for found in item.new)),
        tuple(dict.fromkeys(found for item in items for found in item.gone)),
    )


def _without(items: list[Diagnostic], others: list[Diagnostic]) -> Iterator[Diagnostic]:
    # Of several at one place, those with the same words are the same ones.
    same = Counter(items) & Counter(others)
    left = Counter(map(_identify, (Counter(others) - same).elements()))
    for item in items:
        key = _identify(item)
        if same[item]:
            same[item] -= 1
        elif left[key]:
            left[key] -= 1
        else:
            yield item


def _identify(item: Diagnostic) -> tuple[object, ...]:
    return (item.location, item.path, item.code, item.severity, bool(item.acknowledged))
