"""The flags of vLLM by version, as read from its packages by `tools/read_vllm_flags.py`."""

from __future__ import annotations

import json
from functools import cache
from typing import TYPE_CHECKING, Any, NamedTuple

from llmd_render.resources import data_file

if TYPE_CHECKING:
    from collections.abc import Collection


class VllmRelease(NamedTuple):
    """A package that was read: `vllm` or `vllm-tpu`, and its version."""

    package: str
    version: str


class FlagForm(NamedTuple):
    """A flag as some releases define it.

    `kind` is what a value must be; `values` how many it takes: none, optional, one, any or many.
    """

    name: str
    kind: str
    releases: frozenset[VllmRelease]
    choices: tuple[str | int, ...] = ()
    values: str = "one"
    also: tuple[str, ...] = ()
    deprecated: bool = False


class FlagTable:
    """Which flags each release has; only those that somebody asks for are taken apart, once."""

    def __init__(self, data: dict[str, Any]) -> None:
        """Take the table as it stands in its file."""
        self.releases = tuple(VllmRelease(*row["package"].split()) for row in data["packages"])
        self._rows: dict[str, list[dict[str, Any]]] = {}
        self._forms: dict[str, list[FlagForm]] = {}
        self._begun: dict[str, list[str]] = {}
        for row in data["flags"]:
            for name in (row["name"], *row.get("also", ()), *_opposite(row)):
                self._rows.setdefault(name, []).append(row)

    def forms(self, name: str) -> list[FlagForm]:
        """List how releases define a flag, under any of its spellings."""
        if name not in self._forms:
            self._forms[name] = [self._read(row) for row in self._rows.get(name, ())]
        return self._forms[name]

    def names(self, releases: Collection[VllmRelease]) -> list[str]:
        """List the spellings that some releases have."""
        return [
            name
            for name in self._rows
            if any(not form.releases.isdisjoint(releases) for form in self.forms(name))
        ]

    def begins(self, start: str) -> list[str]:
        """List the spellings that begin with this; vLLM lets one leave the end of a name out."""
        if start not in self._begun:
            self._begun[start] = [name for name in self._rows if name.startswith(start)]
        return self._begun[start]

    def _read(self, row: dict[str, Any]) -> FlagForm:
        releases: list[VllmRelease] = []
        for package, first, last in row["in"]:
            start = self.releases.index(VllmRelease(package, first))
            releases += self.releases[start : self.releases.index(VllmRelease(package, last)) + 1]
        return FlagForm(
            row["name"],
            row["kind"],
            frozenset(releases),
            tuple(row.get("choices", ())),
            row.get("values", "one"),
            tuple(row.get("also", ())),
            row.get("deprecated", False),
        )


def _opposite(row: dict[str, Any]) -> list[str]:
    return [f"--no-{row['name'][2:]}"] if row["kind"] == "boolean" else []


@cache
def load_flag_table() -> FlagTable:
    """Return the table that comes with the program; only what asks about flags pays for it."""
    return FlagTable(json.loads(data_file("vllm_flags.json").read_text(encoding="utf-8")))
