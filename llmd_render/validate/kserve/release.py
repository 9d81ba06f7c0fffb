"""The KServe releases whose webhooks are known."""

from __future__ import annotations

import re
from enum import Enum
from functools import total_ordering


@total_ordering
class KServeRelease(Enum):
    """A release line of opendatahub-io/kserve; later ones are greater.

    0.15 is commit 9682be26 of release-v0.15. 0.17 is release-v0.17, which is the same as tag
    odh-v3.5 in all that is mirrored here; v0.17 of kserve/kserve has fewer rules.
    """

    V0_15 = "0.15"
    V0_17 = "0.17"

    @classmethod
    def serving(cls, version: str) -> KServeRelease:
        """Find the newest known release that is not newer than a version such as 0.16.1."""
        wanted = _numbers(version)
        older = [item for item in cls if _numbers(item.value) <= wanted]
        return older[-1] if older else cls.V0_15

    def __lt__(self, other: KServeRelease) -> bool:
        order = list(KServeRelease)
        return order.index(self) < order.index(other)


def _numbers(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in re.findall(r"\d+", version)[:2])


RELEASES = tuple(item.value for item in KServeRelease)
"""The release lines, as a person names them."""
