"""Regions and zones by the form of their names; shared by the rules about where things are."""

from __future__ import annotations

import re

_REGION = r"[a-z]+-[a-z]+\d+"
_IS_REGION = re.compile(_REGION)
# Zones with letters of their own, such as us-south1-ai1b, are some, too.
_IS_ZONE = re.compile(rf"({_REGION})-[a-z][a-z0-9]*")


def is_region(text: str) -> bool:
    """Whether a text has the form of a region."""
    return _IS_REGION.fullmatch(text) is not None


def find_region(text: str) -> str:
    """Give the region of a text that has the form of a zone; nothing for others."""
    found = _IS_ZONE.fullmatch(text)
    return found[1] if found else ""
