"""Reading the notation of our tables; the head of each table explains it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from .table import Argument, Command, Demand, Flag, Group, Need, Option, Table, ValueKind

if TYPE_CHECKING:
    from collections.abc import Iterator

_OPENING = {"(", "!(", "[", "!["}
_CLOSING = {")", "]"}
_FLAG = re.compile(r"(?P<needed>!?)(?P<names>-[^=]*?)(?P<optional>\[?)(?P<value>=.*)?")
_KIND = re.compile(
    r"(?P<name>int|float|list|map|size|duration|go-duration|project)(?P<alone>\??)(?:#(?P<count>[\d.]+))?(?::(?P<rest>.*))?"
)
_REPEATS = {"...": "adds", "!": "is refused"}
_SIZES = {"KB": 2**10, "MB": 2**20, "GB": 2**30, "TB": 2**40}


def read_command(path: str, arguments: str, text: str, table: Table) -> Command:
    """Read a command of a table: what stands for its arguments, and what for its flags."""
    group, flags = read_flags(text, dict(table.sets))
    # A flag of its own hides the common one with that name, and the short name of that.
    common = {name: flag for name, flag in table.common.items() if flag.name not in flags}
    return Command(
        path,
        tuple(_read_argument(word) for word in arguments.split()),
        {**common, **flags},
        group,
    )


def read_flags(text: str, sets: dict[str, str]) -> tuple[Group, dict[str, Flag]]:
    """Read the flags of a command: their groups, and each flag by every way to spell it."""
    reader = _Reader(_expand(text, sets))
    group = Group(tuple(reader.read_members()))
    return group, reader.flags


def _expand(text: str, sets: dict[str, str]) -> Iterator[str]:
    for word in text.split():
        if word.startswith("@"):
            yield from _expand(sets[word[1:]], sets)
        else:
            yield word


class _Reader:
    def __init__(self, words: Iterator[str]) -> None:
        self._words = words
        self.flags: dict[str, Flag] = {}

    def read_members(self) -> Iterator[Option | Group]:
        """Read what stands up to the next closing bracket."""
        for word in self._words:
            if word in _CLOSING:
                return
            if word in _OPENING:
                members = tuple(self.read_members())
                yield Group(members, word.endswith("("), word.startswith("!"))
            elif word != "|":
                yield self._read_flag(word)

    def _read_flag(self, word: str) -> Option:
        negated = word.replace("[no-]", "")
        found = _FLAG.fullmatch(negated)
        if found is None:
            raise ValueError(f"this is no flag: {word}")
        names = tuple(found["names"].split(","))
        negation = f"--no-{names[0][2:]}" if negated != word else ""
        value = (found["value"] or "").removeprefix("=").removeprefix("]")
        optional = found["optional"] == "["
        kind, repeats = None, "replaces"
        if found["value"] is not None:
            end = next((item for item in _REPEATS if value.endswith(item)), "")
            kind = _read_kind(value.removesuffix(end))
            repeats = _REPEATS.get(end, repeats)
        flag = Flag(names, kind, negation, optional, repeats)
        self.flags |= dict.fromkeys((*names, negation) if negation else names, flag)
        return Option(names[0], found["needed"] == "!")


def _read_kind(text: str) -> ValueKind:
    found = _KIND.fullmatch(text)
    if not text:
        return ValueKind()
    if found is None:
        choices = tuple(text.lstrip("~_").split("|"))
        return ValueKind("choice", choices, text.startswith("~"), text.startswith("~_"))
    name, rest = found["name"], found["rest"] or ""
    if name in {"int", "float", "size"}:
        least, most = _read_bounds(rest)
        return ValueKind(name, least=least, most=most)
    least, most = _read_bounds(found["count"] or "")
    words = rest.split("|") if rest else []
    return ValueKind(
        name,
        tuple(word.rstrip("*") for word in words),
        needed=tuple(word[:-1] for word in words if word.endswith("*")),
        keys_alone=bool(found["alone"]),
        least=least,
        most=most,
    )


def _read_bounds(text: str) -> tuple[float | None, float | None]:
    least, _, most = text.partition("..")
    return _read_number(least), _read_number(most)


def _read_number(text: str) -> float | None:
    for unit, scale in _SIZES.items():
        if text.endswith(unit):
            return float(text.removesuffix(unit)) * scale
    return float(text) if text else None


def _read_argument(word: str) -> Argument:
    is_needed = not word.startswith("[")
    name = word.strip("[]")
    return Argument(name.removesuffix("..."), is_needed, name.endswith("..."))


def read_table(program: str, data: dict[str, Any]) -> Table:
    """Read what a file of data says; its commands are read when they are asked for."""
    _, common = read_flags(data["global"], {})
    demands = tuple(
        Demand(**{**item, "commands": tuple(item["commands"])}) for item in data.get("demands", ())
    )
    return Table(
        program,
        data["version"],
        common,
        data["commands"],
        data["sets"],
        demands,
        tuple(_read_need(item) for item in data.get("needs", ())),
        {path: tuple(names.split()) for path, names in data.get("usual", {}).items()},
        data.get("aliases", {}),
    )


def _read_need(item: dict[str, Any]) -> Need:
    lists = {key: tuple(value) for key, value in item.items() if isinstance(value, list)}
    return Need(**{**item, **lists})
