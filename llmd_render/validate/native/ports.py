"""Ports by number and by name."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from llmd_render.diagnostics import DataPath, Violation
from llmd_render.validate.words import name_of, show

from .findings import integer
from .names import is_port_name

if TYPE_CHECKING:
    from collections.abc import Iterator

PROTOCOLS = frozenset({"TCP", "UDP", "SCTP"})
"""The protocols that a port may have; TCP is the default."""

GREATEST_PORT = 65535
"""The greatest port number."""

_PORT_NAME = "at most 15 small letters, digits and single '-', with a letter among them"


def check_port_number(value: Any, path: DataPath) -> Iterator[Violation]:
    """Report a port outside 1 to 65535."""
    number = integer(value)
    if number is not None and not 1 <= number <= GREATEST_PORT:
        message = f"{name_of(path, 'port')} is {show(number)}; it must be from 1 to {GREATEST_PORT}"
        yield Violation(path, message, code="native-port-out-of-range")


def check_port_name(value: Any, path: DataPath) -> Iterator[Violation]:
    """Report a name that no port can have that others refer to."""
    if isinstance(value, str) and not is_port_name(value):
        hint = f"write it without quotes: {value}" if value.isdecimal() else ""
        message = f"{name_of(path, 'port')} is {show(value)}; the name must be {_PORT_NAME}"
        yield Violation(path, message, hint=hint, code="native-port-name-invalid")


def check_port(value: Any, path: DataPath) -> Iterator[Violation]:
    """Report a port that is neither a valid number nor a valid name."""
    yield from check_port_number(value, path)
    yield from check_port_name(value, path)
