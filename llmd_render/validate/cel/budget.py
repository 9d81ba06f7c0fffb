"""How much work a rule may be, roughly, so that no document can make a run endless."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .source import Source

STEPS_OF_A_RULE = 1_000_000
STEPS_OF_A_DOCUMENT = 10_000_000
# Calling the engine costs as much as this many steps inside of it.
_CALL = 20
_TEXT_OF_A_STEP = 1000


def measure(data: Any) -> tuple[int, int]:
    """Give the size of the largest collection in the data, and of the longest text."""
    largest, longest = 1, 0
    waiting = [data]
    while waiting:
        value = waiting.pop()
        if isinstance(value, str):
            longest = max(longest, len(value))
            continue
        if isinstance(value, dict):
            parts = list(value.values())
        elif isinstance(value, list):
            parts = value
        else:
            continue
        largest = max(largest, len(parts))
        waiting += parts
    return largest, longest


class Budget:
    """The steps that the rules of one document may still take."""

    def __init__(self, data: Any) -> None:
        self._sizes = measure(data)
        self._left = STEPS_OF_A_DOCUMENT
        self._known: dict[tuple[int, int, bool], int] = {}

    def spend(self, source: Source, shown: Any) -> str:
        """Take what a rule is likely to cost; say what is wrong if that is too much."""
        kind = (source.depth, source.growth, source.multiplies)
        steps = self._known.get(kind, 0)
        if not steps:
            steps = self._known[kind] = _estimate(source, self._sizes)
        if steps > STEPS_OF_A_RULE // 10:
            # By the whole document it may be dear; now by what the rule sees of it.
            steps = _estimate(source, measure(shown))
        if steps > STEPS_OF_A_RULE:
            return f"it may take {steps:,} steps on this data, of which it gets {STEPS_OF_A_RULE:,}"
        self._left -= steps
        if self._left < 0:
            return f"the rules of one document get {STEPS_OF_A_DOCUMENT:,} steps, which are used up"
        return ""


def _estimate(source: Source, sizes: tuple[int, int]) -> int:
    largest, longest = sizes
    # Beyond this it is too much by itself, and the number would become huge.
    depth = min(source.depth, 20)
    text = 1 + longest // _TEXT_OF_A_STEP
    if source.multiplies:
        text += longest * max(longest, largest) // _TEXT_OF_A_STEP * 100
    steps: int = _CALL + largest**depth * text * source.growth
    return steps
