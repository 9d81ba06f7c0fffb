"""Durations as a profile writes them."""

_UNITS = {"s": 1, "m": 60, "h": 3600}


def seconds(duration: str) -> int:
    """Turn a duration such as 45m into seconds."""
    return int(duration[:-1]) * _UNITS[duration[-1]]
