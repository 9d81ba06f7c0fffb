"""Texts with a format that CEL sees as durations, timestamps or bytes."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import ClassVar


@dataclass(frozen=True, slots=True)
class _Descriptor:
    full_name: str


@dataclass(slots=True)
class Duration:
    """A duration in the shape in which the engine takes one inside of data.

    The engine reads these attributes of protobuf's message; a timedelta it takes only at the top.
    """

    DESCRIPTOR: ClassVar[_Descriptor] = _Descriptor("google.protobuf.Duration")
    seconds: int
    nanos: int = field(default=0)


@dataclass(slots=True)
class Timestamp:
    """A moment in the shape in which the engine takes one inside of data."""

    DESCRIPTOR: ClassVar[_Descriptor] = _Descriptor("google.protobuf.Timestamp")
    seconds: int
    nanos: int = field(default=0)


_SECOND = 10**9
_UNITS = {
    **dict.fromkeys(("ns", "nano", "nanosecond"), 1),
    **dict.fromkeys(("us", "µs", "μs", "micro", "microsecond"), 10**3),
    **dict.fromkeys(("ms", "milli", "millisecond"), 10**6),
    **dict.fromkeys(("s", "sec", "second"), _SECOND),
    **dict.fromkeys(("m", "min", "minute"), 60 * _SECOND),
    **dict.fromkeys(("h", "hr", "hour"), 3600 * _SECOND),
    **dict.fromkeys(("d", "day"), 86400 * _SECOND),
    **dict.fromkeys(("w", "wk", "week"), 7 * 86400 * _SECOND),
}
_GO = re.compile(r"([0-9]*)(?:\.([0-9]*))?(ns|us|µs|μs|ms|s|m|h)")
_SPOKEN = re.compile(r"\s*([0-9]+)\s*([a-zµ]+)\s*")
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_FRACTION = re.compile(r"(?<=:[0-9]{2})\.([0-9]+)")


def parse_duration(text: str) -> Duration:
    """Read a duration as the server reads text of that format; `2 days` is one."""
    unsigned = text.lstrip("+-")
    total = _sum_of_go(unsigned)
    if total is None:
        total = sum(int(count) * _unit(unit) for count, unit in _SPOKEN.findall(text))
    if text.startswith("-"):
        total = -total
    seconds = int(abs(total) // _SECOND)
    sign = -1 if total < 0 else 1
    return Duration(sign * seconds, sign * int(abs(total) % _SECOND))


def _sum_of_go(text: str) -> int | None:
    if text == "0":
        return 0
    total, position = 0, 0
    while position < len(text):
        match = _GO.match(text, position)
        if match is None:
            return None
        whole, fraction, unit = match[1], match[2] or "", match[3]
        size = _UNITS[unit]
        total += int(whole or 0) * size + int(fraction or 0) * size // 10 ** len(fraction)
        position = match.end()
    return total


def _unit(name: str) -> int:
    return _UNITS.get(name) or _UNITS[name.removesuffix("s")]


def parse_time(text: str) -> Timestamp:
    """Read a date, or a date and time; a date is its midnight in UTC."""
    nanos = 0
    fraction = _FRACTION.search(text)
    if fraction:
        nanos = int(fraction[1][:9].ljust(9, "0"))
        text = text[: fraction.start()] + text[fraction.end() :]
    # Python knows no leap seconds; in Go the 60th second is refused as well.
    moment = datetime.fromisoformat(text.upper())
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    return Timestamp((moment - _EPOCH) // timedelta(seconds=1), nanos)


def parse_bytes(text: str) -> bytes:
    """Read bytes written in base64."""
    from base64 import b64decode  # noqa: PLC0415 - few schemas have bytes

    return b64decode(text)
