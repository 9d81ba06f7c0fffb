"""Where a user's own profiles and templates are."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path


@dataclass(frozen=True, slots=True)
class Folders:
    """Where to look for profiles and templates before the shipped ones."""

    profiles: tuple[Path, ...] = ()
    templates: tuple[Path, ...] = ()
