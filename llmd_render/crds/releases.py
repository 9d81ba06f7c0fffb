"""The releases of other projects whose CRDs can be downloaded: our own data, pinned by hash."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Annotated

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from llmd_render.diagnostics import Diagnostic, InputError, Location, did_you_mean
from llmd_render.kubectl_yaml import read_document
from llmd_render.resources import data_file
from llmd_render.validate import Release

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

Text = Annotated[str, StringConstraints(min_length=1)]
Sha256 = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]


@dataclass(frozen=True, slots=True)
class PinnedFile:
    """A file to download, what it must be, and the release that it is of."""

    url: str
    sha256: str
    release: Release


class PinnedRelease(BaseModel):
    """The CRDs of one release of one project."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    project: Text
    version: Text
    name: Text
    default: bool
    source: Text
    date: Text
    base: Annotated[str, StringConstraints(pattern=r"^https://\S+/$")]
    files: dict[Text, Sha256] = Field(min_length=1)

    def pinned_files(self) -> tuple[PinnedFile, ...]:
        """List what is to be downloaded for it."""
        release = Release(self.name, self.source, self.date)
        return tuple(PinnedFile(self.base + name, sha, release) for name, sha in self.files.items())


class _Releases(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    releases: tuple[PinnedRelease, ...]


@cache
def pinned_releases() -> tuple[PinnedRelease, ...]:
    """List all releases whose CRDs can be downloaded, by project and date."""
    text = data_file("crds.yaml").read_text(encoding="utf-8")
    content = read_document(text)
    return _Releases.model_validate(content).releases


def choose_releases(wanted: Mapping[str, str] | None = None) -> tuple[PinnedRelease, ...]:
    """Choose one release of each project: the version that is wanted, or else the default.

    Raises InputError for a project or a version that there is none of.
    """
    chosen = {item.project: item for item in pinned_releases() if item.default}
    for project, version in (wanted or {}).items():
        shown = f"{project}={version}"
        if project not in chosen:
            hint = did_you_mean(project, chosen, f"projects: {', '.join(chosen)}")
            raise _unknown(shown, f"there is no project {project} with CRDs to download", hint)
        found = {item.version: item for item in pinned_releases() if item.project == project}
        if version not in found:
            hint = did_you_mean(version, found, f"releases: {', '.join(found)}")
            raise _unknown(shown, f"{project} {version} is not one of the pinned releases", hint)
        chosen[project] = found[version]
    return tuple(chosen.values())


def files_of(releases: Iterable[PinnedRelease]) -> tuple[PinnedFile, ...]:
    """List what is to be downloaded for some releases."""
    return tuple(file for release in releases for file in release.pinned_files())


def _unknown(shown: str, message: str, hint: str) -> InputError:
    return InputError(Diagnostic(Location(shown), message, "crd-release-unknown", hint=hint))
