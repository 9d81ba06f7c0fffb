"""A call as its program takes it apart: which command, which flags with which values."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from llmd_render.diagnostics import Severity
    from llmd_render.script import Call, Word

    from .table import Command, Flag


@dataclass(frozen=True, slots=True)
class Given:
    """A flag that a call gives: as it is spelt there, and its value, if it has one."""

    flag: Flag
    written: str
    word: Word
    value: Word | None = None

    @property
    def text(self) -> str:
        """The value, or nothing where only a run tells it."""
        return self.value.text if self.value is not None and self.value.is_known else ""


@dataclass(frozen=True, slots=True)
class Refusal:
    """What a program would refuse in a call, at which word of it, if at one."""

    code: str
    message: str
    hint: str = ""
    word: Word | None = None
    severity: Severity | None = None


@dataclass(frozen=True)
class Invocation:
    """A call of a command that our table knows.

    With `is_open` there may be more flags and arguments in it than the script alone tells. The
    `track` is beta or alpha where the table knows the command as it is without that word only.
    """

    call: Call
    command: Command
    given: tuple[Given, ...]
    arguments: tuple[Word, ...]
    is_open: bool = False
    track: str = ""
    refusals: tuple[Refusal, ...] = field(default=(), compare=False)

    def has(self, *names: str) -> bool:
        """Whether one of these flags is given, in whatever spelling."""
        return any(item.flag.name in names for item in self.given)

    def find(self, name: str) -> Given | None:
        """Find a flag; where it is given more than once the last counts."""
        return next((item for item in reversed(self.given) if item.flag.name == name), None)

    def text(self, name: str) -> str:
        """Give the value of a flag; nothing where it is not given, or only a run tells."""
        found = self.find(name)
        return found.text if found else ""

    def is_on(self, name: str) -> bool:
        """Whether a switch is given and not negated."""
        found = self.find(name)
        return found is not None and found.written != found.flag.negation

    def lacks(self, *names: str) -> bool:
        """Whether none of these flags is given, for all that a run may add."""
        return not self.is_open and not self.has(*names)
