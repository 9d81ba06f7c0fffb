"""Quantities such as 500m or 2Gi, as whole numbers of billionths."""

from __future__ import annotations

from typing import Any

_PLACES = 9
ONE: int = 10**_PLACES
"""The quantity 1."""

_DECIMAL = {"n": -9, "u": -6, "m": -3, "": 0, "k": 3, "M": 6, "G": 9, "T": 12, "P": 15, "E": 18}
_BINARY = {"Ki": 1, "Mi": 2, "Gi": 3, "Ti": 4, "Pi": 5, "Ei": 6}
_LONGEST = 60
_TOO_GREAT = 10**_LONGEST
_GREATEST_EXPONENT = 40


def parse_quantity(value: Any) -> int | None:
    """Read a quantity in billionths, rounded up as the server does, or give None if it is none."""
    if isinstance(value, bool) or not isinstance(value, (int, float, str)):
        return None
    if isinstance(value, int):
        return value * ONE if abs(value) < _TOO_GREAT else None
    text = repr(value) if isinstance(value, float) else value.strip()
    negative = text.startswith("-")
    number, suffix = _split(text[1:] if text[:1] in {"+", "-"} else text)
    whole, point, fraction = number.partition(".")
    if "." in fraction or not whole + fraction:
        return None
    scale = _scale(suffix)
    if scale is None:
        return None
    # What nobody means must not cost the time of numbers with thousands of digits.
    digits = int((whole + fraction)[:_LONGEST])
    base, exponent = scale
    exponent -= len(fraction[: max(0, _LONGEST - len(whole))]) if point else 0
    size = _shift(digits * base, exponent + _PLACES)
    return -size if negative else size


def _shift(number: int, places: int) -> int:
    if places >= 0:
        return number * int(10**places)
    return -(-number // int(10**-places))


def _split(text: str) -> tuple[str, str]:
    for index, character in enumerate(text):
        if character not in "0123456789.":
            return text[:index], text[index:]
    return text, ""


def _scale(suffix: str) -> tuple[int, int] | None:
    if suffix in _DECIMAL:
        return 1, _DECIMAL[suffix]
    if suffix in _BINARY:
        return 1024 ** _BINARY[suffix], 0
    exponent = suffix[1:]
    digits = exponent[1:] if exponent[:1] in {"+", "-"} else exponent
    if suffix[0] not in {"e", "E"} or not (digits.isascii() and digits.isdecimal()):
        return None
    size = min(int(digits[:_LONGEST]), _GREATEST_EXPONENT)
    return 1, -size if exponent.startswith("-") else size
