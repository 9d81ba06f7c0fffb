"""Quantities that are out of range."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from llmd_render.diagnostics import DataPath, Violation
from llmd_render.quantities import parse_quantity
from llmd_render.validate.words import name_of, show

if TYPE_CHECKING:
    from collections.abc import Iterator


def check_quantity(value: Any, path: DataPath, *, positive: bool = False) -> Iterator[Violation]:
    """Report a quantity below 0, or one that is not above it; what is none is not judged here."""
    size = parse_quantity(value)
    if size is not None and size < (1 if positive else 0):
        wanted = "greater than 0" if positive else "at least 0"
        message = f"{name_of(path, 'it')} is {show(value)}; it must be {wanted}"
        yield Violation(path, message, code="native-quantity-out-of-range")
