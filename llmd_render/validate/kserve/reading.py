"""Reading a manifest as Go decodes it: null is absence, and what has the wrong type is not there.

Wrong types are the business of the schema; no rule speaks of them a second time.
"""

from __future__ import annotations

from typing import Any

from llmd_render.lookup import value_at

_INT32 = range(-(2**31), 2**31)


def mapping_at(data: Any, *keys: str) -> dict[str, Any] | None:
    """Read a mapping; nothing where there is none."""
    value = value_at(data, *keys)
    return value if isinstance(value, dict) else None


def list_at(data: Any, *keys: str) -> list[Any]:
    """Read a list; an empty one where there is none."""
    value = value_at(data, *keys)
    return value if isinstance(value, list) else []


def integer_at(data: Any, *keys: str) -> int | None:
    """Read an integer of 32 bits; nothing where there is none."""
    value = value_at(data, *keys)
    if isinstance(value, bool) or not isinstance(value, int) or value not in _INT32:
        return None
    return value


def is_empty_text(data: Any, *keys: str) -> bool:
    """Whether a string is empty or left out, which Go cannot tell apart."""
    return value_at(data, *keys) in (None, "")
