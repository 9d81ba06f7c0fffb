"""What Kubernetes adds to CEL about quantities and versions."""

from __future__ import annotations

import re
from fractions import Fraction
from functools import total_ordering
from typing import Any

from .networks import Opaque, unwrap

QUANTITY, SEMVER = "llmd_quantity", "llmd_semver"
_QUANTITY = re.compile(
    r"(?P<number>[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+))"
    r"(?P<unit>[KMGTPE]i|[numkMGTPE]|[eE][+-]?[0-9]{1,3}|)"
)
_UNITS = {
    **{unit: Fraction(10) ** power for unit, power in zip("num", (-9, -6, -3), strict=True)},
    "": Fraction(1),
    **{unit: Fraction(1000) ** power for power, unit in enumerate("kMGTPE", 1)},
    **{f"{unit}i": Fraction(1024) ** power for power, unit in enumerate("KMGTPE", 1)},
}
_LONGEST = 1000
_GREATEST = 2**63 - 1
_IDENTIFIERS = r"[0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)*"
_NUMBER = r"(0|[1-9][0-9]{0,18})"
_SEMVER = re.compile(rf"{_NUMBER}\.{_NUMBER}\.{_NUMBER}(?:-({_IDENTIFIERS}))?(?:\+{_IDENTIFIERS})?")


def parse_quantity(text: str) -> Fraction:
    """Read a quantity such as 500m or 2Gi."""
    match = _QUANTITY.fullmatch(text) if len(text) <= _LONGEST else None
    if match is None:
        raise ValueError("quantities must match the regular expression of Kubernetes")
    unit = match["unit"]
    factor = _UNITS.get(unit)
    if factor is None:
        factor = Fraction(10) ** int(unit[1:])
    return Fraction(match["number"]) * factor


def make_quantity(text: str) -> Opaque:
    """Do what `quantity` does in a rule; equal quantities become equal values."""
    return {QUANTITY: str(parse_quantity(text))}


def quantity_of(value: Any) -> Fraction:
    """Read a quantity made by `quantity`; a whole number beside one is taken for one."""
    if isinstance(value, int):
        return Fraction(value)
    return Fraction(unwrap(value, QUANTITY))


def add(value: Any, other: Any) -> Opaque:
    """Add two quantities."""
    return {QUANTITY: str(quantity_of(value) + quantity_of(other))}


def subtract(value: Any, other: Any) -> Opaque:
    """Take a quantity from another."""
    return {QUANTITY: str(quantity_of(value) - quantity_of(other))}


def sign(value: Any) -> int:
    """Give -1, 0 or 1."""
    number = quantity_of(value)
    return (number > 0) - (number < 0)


def is_integer(value: Any) -> bool:
    """Whether a quantity is a whole number of 64 bits."""
    number = quantity_of(value)
    return number.denominator == 1 and abs(number) <= _GREATEST


def to_integer(value: Any) -> int:
    """Give a quantity as a whole number, if it is one."""
    if not is_integer(value):
        raise ValueError("cannot convert value to integer")
    return int(quantity_of(value))


def to_float(value: Any) -> float:
    """Give a quantity as a floating-point number."""
    return float(quantity_of(value))


@total_ordering
class Version:
    """A version of the rules of semver.org, ordered by precedence."""

    def __init__(self, text: str) -> None:
        match = _SEMVER.fullmatch(text) if len(text) <= _LONGEST else None
        tail = match[4].split(".") if match and match[4] else []
        if match is None or any(re.fullmatch("0[0-9]+", part) for part in tail):
            raise ValueError(f"semver parse error: {text!r} is not a semantic version")
        self.numbers = tuple(int(match[index]) for index in (1, 2, 3))
        self.tail = tail
        release = ".".join(map(str, self.numbers))
        self.text = f"{release}-{match[4]}" if tail else release

    def _key(self) -> tuple[Any, ...]:
        # A version without a tail comes after all that have one; numbers come before words.
        parts = tuple((0, int(p), "") if p.isdecimal() else (1, 0, p) for p in self.tail)
        return (self.numbers, not self.tail, parts)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Version) and self._key() == other._key()

    def __lt__(self, other: Version) -> bool:
        return self._key() < other._key()

    def __hash__(self) -> int:
        return hash(self._key())


def make_version(text: str, normalize: bool = False) -> Opaque:  # noqa: FBT001, FBT002 - the engine passes arguments by position
    """Do what `semver` does in a rule; build metadata plays no part in comparisons."""
    return {SEMVER: Version(_normalized(text) if normalize else text).text}


def _normalized(text: str) -> str:
    match = re.fullmatch(r"v?([0-9.]*)(.*)", text, re.DOTALL)
    assert match is not None  # noqa: S101 - every text matches
    numbers = [part.lstrip("0") or "0" if part else part for part in match[1].split(".")]
    whole = [*numbers, "0", "0"][: max(3, len(numbers))]
    return ".".join(whole) + match[2]


def version_of(value: Any) -> Version:
    """Read a version made by `semver`."""
    return Version(unwrap(value, SEMVER))


def compare(value: Any, other: Any) -> int:
    """Give -1, 0 or 1 for two quantities or two versions."""
    if isinstance(value, dict) and SEMVER in value:
        first, second = version_of(value), version_of(other)
        return (first > second) - (first < second)
    left, right = quantity_of(value), quantity_of(other)
    return (left > right) - (left < right)
