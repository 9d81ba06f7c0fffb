"""The parts of an image reference; shared by rules about profiles and rules about trees."""

from __future__ import annotations

from dataclasses import dataclass

MOVING_TAGS = {"", "latest", "nightly"}
"""Tags under which another image may come with every pull; no tag means `latest`."""


@dataclass(frozen=True, slots=True)
class ImageName:
    """The parts of an image reference; a part that is left out is empty."""

    repository: str
    tag: str
    digest: str


def split_image(reference: str) -> ImageName:
    """Split an image reference; a colon before the last slash belongs to the registry's port."""
    name, _, digest = reference.partition("@")
    folder, slash, last = name.rpartition("/")
    base, _, tag = last.partition(":")
    return ImageName(f"{folder}{slash}{base}", tag, digest)
