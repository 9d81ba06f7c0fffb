"""What objects are judged by, beside the schemas of the project itself."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from llmd_render.validate import GivenCRD


@dataclass(frozen=True, slots=True)
class Judging:
    """CRDs that come before our schemas, and why rules in CEL may stay unjudged, if they may."""

    crds: Sequence[GivenCRD] = ()
    unevaluated: str = ""
