"""The releases of vLLM that an image may hold, and their flags; shared by the rules about flags."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable

    from llmd_render.catalog import Catalog, FlagForm, FlagTable, VllmRelease

    from .vllm_words import Given

VENDOR = "registry.redhat.io/"
"""Where the images are whose vLLM a vendor has changed."""


class Running(NamedTuple):
    """The releases of which one is in an image: all that were read, where nobody knows which.

    `is_exact` says that it is surely this one; a vendor may have changed the vLLM in its image.
    `unread` is the version of an image whose package nobody has read.
    """

    image: str
    version: str
    releases: tuple[VllmRelease, ...]
    is_exact: bool
    unread: tuple[int, ...] = ()

    @property
    def name(self) -> str:
        """What a message calls it."""
        return f"vLLM {self.version}, in the image," if self.version else "no vLLM"


def find_running(image: str, catalog: Catalog, table: FlagTable) -> Running:
    """Find the releases that an image may hold."""
    version = find_version(image, catalog)
    if version:
        is_vendor = image.startswith(VENDOR)
        # A vendor's fixes come from the releases beside the one that it names.
        length = 2 if is_vendor else len(version)
        found = [
            item for item in table.releases if release_numbers(item)[:length] == version[:length]
        ]
        exact = [item for item in found if item.package == "vllm-tpu"] or found
        if found and (is_vendor or len(version) < 3):  # noqa: PLR2004 - X.Y names several
            return Running(image, join_version(version), tuple(found), is_exact=False)
        if exact:
            return Running(image, join_version(version), tuple(exact), is_exact=True)
    return Running(image, "", table.releases, is_exact=False, unread=version or ())


def releases_with(table: FlagTable, given: Given) -> list[VllmRelease]:
    """List the releases that take a name; one with its end left out counts nowhere."""
    had = {item for form in table.forms(given.name) for item in form.releases}
    return [item for item in table.releases if item in had]


def forms_among(forms: list[FlagForm], releases: Iterable[VllmRelease]) -> list[FlagForm]:
    """List the forms that some releases have, that of the newest last."""
    there = set(releases)
    found = [form for form in forms if not form.releases.isdisjoint(there)]
    return sorted(found, key=lambda form: max(map(release_numbers, form.releases & there)))


def find_version(image: str, catalog: Catalog) -> tuple[int, ...] | None:
    """Give the version of vLLM in an image, if its name tells."""
    from .facts import version_in_image  # noqa: PLC0415 - it knows all of a profile

    return version_in_image(image, catalog)


def split_version(version: str) -> tuple[int, ...]:
    """Turn a version into numbers to compare."""
    return tuple(int(number) for number in version.split(".") if number.isdigit())


@cache  # there are a few dozen releases, and each is compared with many
def release_numbers(release: VllmRelease) -> tuple[int, ...]:
    """Give the version of a release as numbers."""
    return split_version(release.version)


def first_and_last(releases: Iterable[VllmRelease]) -> tuple[str, str]:
    """Give the oldest and the newest version of some releases."""
    ordered = sorted(releases, key=release_numbers)
    return ordered[0].version, ordered[-1].version


def earlier_ones(had: list[VllmRelease], releases: Iterable[VllmRelease]) -> list[VllmRelease]:
    """List the releases that are older than all the others."""
    start = min(map(release_numbers, releases))
    return [item for item in had if release_numbers(item) < start]


def comes_after(release: VllmRelease, had: list[VllmRelease]) -> bool:
    """Whether a release is newer than one of those that had something."""
    return any(release_numbers(release) > release_numbers(item) for item in had)


def join_version(version: tuple[int, ...]) -> str:
    """Write numbers as a version."""
    return ".".join(map(str, version))


def is_before(release: VllmRelease, version: tuple[int, ...]) -> bool:
    """Whether a release is older than a version."""
    return release_numbers(release) < version


def neighbours(table: FlagTable, version: tuple[int, ...]) -> list[tuple[str, list[VllmRelease]]]:
    """List the versions that were read last before and first after one, with their releases."""
    found: dict[tuple[int, ...], list[VllmRelease]] = {}
    for release in table.releases:
        found.setdefault(release_numbers(release), []).append(release)
    before = [item for item in found if item <= version]
    after = [item for item in found if item > version]
    near = [max(before)] if before else []
    near += [min(after)] if after else []
    return [(join_version(item), found[item]) for item in near]
