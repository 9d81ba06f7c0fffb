"""Our schemas of later releases, which take the place of the others where such a release runs."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from llmd_render.versions import Versions

_FOLDERS = {"kserve-0.17": ("kserve", "0.17"), "gateway-api-1.5": ("gateway_api", "1.5")}


def later_schemas(versions: Versions) -> tuple[str, ...]:
    """Name the folders of schemas that hold from a release on which is stated to run."""
    return tuple(folder for folder, since in _FOLDERS.items() if versions.has(*since))
