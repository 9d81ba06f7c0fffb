"""What the commands of a program take, as our tables say it."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping


# Tuples, because a table has hundreds of these.
class ValueKind(NamedTuple):
    """What a flag takes as a value: its type, and within that how many, how large or which.

    The `name` is one of text, project, choice, int, float, list, map, size and duration.
    """

    name: str = "text"
    choices: tuple[str, ...] = ()
    any_case: bool = False
    any_dash: bool = False
    needed: tuple[str, ...] = ()
    keys_alone: bool = False
    least: float | None = None
    most: float | None = None


class Flag(NamedTuple):
    """A flag by all its names; a switch takes no value.

    Of a value that `is_optional` the flag takes one after `=` only. A flag that is given again
    replaces what it was, or adds to it, or is refused.
    """

    names: tuple[str, ...]
    kind: ValueKind | None = None
    negation: str = ""
    is_optional: bool = False
    repeats: str = "replaces"

    @property
    def name(self) -> str:
        """The name that people know it by."""
        return self.names[0]

    @property
    def is_switch(self) -> bool:
        """Whether it takes no value."""
        return self.kind is None


class Option(NamedTuple):
    """A flag as a member of a group, which may need it."""

    name: str
    is_needed: bool = False


@dataclass(frozen=True, slots=True)
class Group:
    """Flags that belong together, or of which at most one is taken."""

    members: tuple[Option | Group, ...] = ()
    is_exclusive: bool = False
    is_needed: bool = False

    @property
    def names(self) -> Iterator[str]:
        """The flags in it, at any depth."""
        for member in self.members:
            if isinstance(member, Group):
                yield from member.names
            else:
                yield member.name


@dataclass(frozen=True, slots=True)
class Argument:
    """A positional argument: what it is, and how many."""

    name: str
    is_needed: bool = True
    is_many: bool = False


@dataclass(frozen=True)
class Command:
    """A command: its words, its arguments, and its flags, however they are spelt, and in groups."""

    path: str
    arguments: tuple[Argument, ...]
    flags: Mapping[str, Flag]
    group: Group


@dataclass(frozen=True)
class Demand:
    """What a program checks itself when it runs one of some commands: a flag that needs another.

    It does so when it is switched on, or `in_any_form`; with a `value` when it has that.
    """

    commands: tuple[str, ...]
    flag: str
    needs: str
    value: str = ""
    in_any_form: bool = False


@dataclass(frozen=True)
class Need:
    """What some commands do not run without: one of some flags, or arguments.

    The arguments are as many as `least`, unless one of other flags is given.
    """

    commands: tuple[str, ...]
    flags: tuple[str, ...] = ()
    least: int = 0
    unless: tuple[str, ...] = ()
    what: str = ""
    example: str = ""


@dataclass(frozen=True)
class Table:
    """The commands of a program in one version, by their words, and the flags that all take."""

    program: str
    version: str
    common: Mapping[str, Flag]
    texts: Mapping[str, str]
    sets: Mapping[str, str]
    demands: tuple[Demand, ...] = ()
    needs: tuple[Need, ...] = ()
    usual: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    aliases: Mapping[str, str] = field(default_factory=dict)
    _read: dict[str, Command] = field(default_factory=dict, compare=False, repr=False)

    @cached_property
    def paths(self) -> Mapping[str, str]:
        """The commands as the table writes them, with arguments, by their words alone."""
        found = {}
        for text in self.texts:
            words = [word for word in text.split() if not _is_argument(word)]
            found[" ".join(words)] = text
        return found

    @cached_property
    def groups(self) -> frozenset[str]:
        """The words that begin a command and are none yet."""
        return frozenset(
            " ".join(words[:count])
            for words in (path.split() for path in self.paths)
            for count in range(1, len(words))
        )

    def find(self, path: str) -> Command | None:
        """Find a command by its words."""
        if path not in self._read and path in self.paths:
            from .notation import read_command  # noqa: PLC0415 - most commands are never asked for

            text = self.paths[path]
            arguments = text.removeprefix(path)
            self._read[path] = read_command(path, arguments, self.texts[text], self)
        return self._read.get(path)


def _is_argument(word: str) -> bool:
    return word.strip("[.]").isupper()
