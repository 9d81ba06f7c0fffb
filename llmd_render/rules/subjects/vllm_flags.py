"""Flags on a command line against those that releases of vLLM have; shared by the rules."""

from __future__ import annotations

from functools import cache, cached_property
from typing import TYPE_CHECKING, NamedTuple

from llmd_render.diagnostics import Violation, did_you_mean

from .objects import once
from .vllm_command import vllm_containers
from .vllm_values import find_fault
from .vllm_words import joined_words, read_flags

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from llmd_render.catalog import Catalog, FlagForm, FlagTable, VllmFlag, VllmRelease
    from llmd_render.diagnostics import DataPath
    from llmd_render.manifest import Tree
    from llmd_render.profile import Profile

    from .vllm_command import VllmContainer
    from .vllm_words import Given

_VENDOR = "registry.redhat.io/"
_REFUSED = {
    "not-upstream": "vLLM has no flag {}",
    "unsupported": "vLLM does not support the flag {} on TPUs",
}


class Running(NamedTuple):
    """The releases of which one is in an image: all that were read, where nobody knows which.

    `is_exact` says that it is surely this one; a vendor may have changed the vLLM in its image.
    """

    image: str
    version: str
    releases: tuple[VllmRelease, ...]
    is_exact: bool

    @property
    def name(self) -> str:
        """What a message calls it."""
        return f"vLLM {self.version}, in the image," if self.version else "no vLLM"


class Doubt(NamedTuple):
    """Something that the vLLM in an image refuses, surely or most likely."""

    violation: Violation
    is_sure: bool


class CommandLine:
    """A command line beside the flags of the vLLM that reads it."""

    def __init__(self, words: Sequence[tuple[DataPath, str]], image: str, catalog: Catalog) -> None:
        """Read the words; the table of flags is read only where there is a flag."""
        self._words = words
        self._catalog = catalog
        self.flags = read_flags(words)
        self._image = image

    def unknown(self) -> Iterator[Doubt]:
        """List flags that this vLLM does not have, and that no older one had."""
        if not self.flags:
            return
        table, running = self._table, self._running
        for given in self.flags:
            known = self._catalog.vllm_flags.get(given.name)
            if (known and known.verdict in _REFUSED) or self._knows(running.releases, given):
                continue
            had = _releases(table, given)
            if not had:
                near = did_you_mean(given.name, table.names(running.releases), "remove it")
                first, last = _ends(table.releases)
                message = f"no vLLM from {first} to {last} has a flag {given.name}"
                yield Doubt(Violation(given.path, message, near), bool(running.version))
            elif running.version and not _earlier(had, running.releases):
                first = _ends(had)[0]
                message = (
                    f"{running.name} has no flag {given.name}, which came later: {first} has it"
                )
                hint = f"remove it, or use an image with vLLM {first} or newer"
                yield Doubt(Violation(given.path, message, hint), running.is_exact)

    def removed(self) -> Iterator[Violation]:
        """List flags that older versions had, and that the one in the image no longer has."""
        if not self.flags:
            return
        table, running = self._table, self._running
        for given in self.flags:
            had = _earlier(_releases(table, given), running.releases)
            if running.version and had and not self._knows(running.releases, given):
                yield Violation(
                    given.path,
                    f"{running.name} no longer has the flag {given.name}, which {_ends(had)[1]} "
                    "had",
                    self._replacement(given),
                )

    def deprecated(self) -> Iterator[Violation]:
        """List flags that the version in the image calls deprecated and a newer one dropped."""
        for given, forms, later in self._dropped():
            running = self._running
            if running.version and all(form.deprecated for form in forms):
                message = (
                    f"{running.name} calls the flag {given.name} deprecated, and {later} does not "
                    "have it"
                )
                yield Violation(given.path, message, self._replacement(given))

    def dropped(self) -> Iterator[Violation]:
        """List flags that newer versions dropped, where nobody knows which is in the image."""
        for given, _, later in self._dropped():
            running = self._running
            if not running.version:
                message = (
                    f"vLLM {later} has no flag {given.name}, and which vLLM is in "
                    f"{running.image} is not known"
                )
                yield Violation(given.path, message, self._replacement(given))

    def _dropped(self) -> Iterator[tuple[Given, list[FlagForm], str]]:
        if not self.flags:
            return
        table, running = self._table, self._running
        for given in self.flags:
            forms = _among(table.forms(given.name), running.releases)
            had = _releases(table, given)
            gone = [item for item in table.releases if item not in had and _is_after(item, had)]
            if forms and gone:
                yield given, forms, _ends(gone)[0]

    def invalid(self) -> Iterator[Doubt]:
        """List flags whose value vLLM refuses; flags of no vLLM are not judged."""
        if not self._words:
            return
        table, running = self._table, self._running
        for path, name, value in joined_words(self._words):
            if table.forms(name):
                message = (
                    f"vLLM does not find the flag {name} in `{name} {value}`, which is one word"
                )
                hint = f"write {name}={value}"
                yield Doubt(Violation(path, message, hint), is_sure=bool(running.version))
        for given in self.flags:
            forms = table.forms(given.name)
            mine = [find_fault(form, given) for form in _among(forms, running.releases)]
            if mine and mine[-1] and all(mine):
                everywhere = all(find_fault(form, given) for form in forms)
                sure = running.is_exact or (everywhere and bool(running.version))
                yield Doubt(Violation(given.path, *mine[-1]), sure)

    @cached_property
    def _table(self) -> FlagTable:
        from llmd_render.catalog import load_flag_table  # noqa: PLC0415 - only flags need it

        return load_flag_table()

    @cached_property
    def _running(self) -> Running:
        return find_running(self._image, self._catalog, self._table)

    def _knows(self, releases: Iterable[VllmRelease], given: Given) -> bool:
        """Whether one of the releases takes a name, as it is or with its end left out."""
        table = self._table
        names = [given.name]
        if given.name.startswith("--"):
            names = table.begins(given.name)
        elif table.forms(given.name[:2]):
            names = [given.name, given.name[:2]]  # a value may follow a letter at once
        forms = (form for name in names for form in table.forms(name))
        return any(not form.releases.isdisjoint(releases) for form in forms)

    def _replacement(self, given: Given) -> str:
        known = self._catalog.vllm_flags.get(given.name)
        return f"use {known.use}" if known and known.use else "remove it"


def profile_line(profile: Profile, catalog: Catalog) -> CommandLine:
    """Read the flags that a profile adds to the command line."""
    words = [(("server", "args", index), word) for index, word in enumerate(profile.server.args)]
    return CommandLine(words, profile.server.image, catalog)


@once
def tree_lines(tree: Tree) -> Iterator[tuple[VllmContainer, CommandLine]]:
    """List the containers of a tree that run vLLM, with what they pass to it."""
    for server in vllm_containers(tree):
        from llmd_render.catalog import load_catalog  # noqa: PLC0415 - only trees with vLLM need it

        yield server, CommandLine(server.words, server.image, load_catalog())


def explain_refusal(known: VllmFlag | None, image: str, catalog: Catalog) -> str:
    """Say why a flag is refused whatever its value is, or nothing."""
    if known is None:
        return ""
    version = _version_in(image, catalog)
    before = known.refused_before
    if before and version and image.startswith(_VENDOR) and version < _split(before):
        return f"vLLM {_join(version)}, in the image, refuses {known.name} on TPUs"
    return _REFUSED.get(known.verdict, "").format(known.name)


def find_running(image: str, catalog: Catalog, table: FlagTable) -> Running:
    """Find the releases that an image may hold."""
    version = _version_in(image, catalog)
    if version:
        is_vendor = image.startswith(_VENDOR)
        # A vendor's fixes come from the releases beside the one that it names.
        length = 2 if is_vendor else len(version)
        found = [item for item in table.releases if _numbers(item)[:length] == version[:length]]
        exact = [item for item in found if item.package == "vllm-tpu"] or found
        if found and (is_vendor or len(version) < 3):  # noqa: PLR2004 - X.Y names several
            return Running(image, _join(version), tuple(found), is_exact=False)
        if exact:
            return Running(image, _join(version), tuple(exact), is_exact=True)
    return Running(image, "", table.releases, is_exact=False)


def _releases(table: FlagTable, given: Given) -> list[VllmRelease]:
    """List the releases that take a name; one with its end left out counts nowhere."""
    had = {item for form in table.forms(given.name) for item in form.releases}
    return [item for item in table.releases if item in had]


def _among(forms: list[FlagForm], releases: Iterable[VllmRelease]) -> list[FlagForm]:
    """List the forms that some releases have, that of the newest last."""
    there = set(releases)
    found = [form for form in forms if not form.releases.isdisjoint(there)]
    return sorted(found, key=lambda form: max(map(_numbers, form.releases & there)))


def _version_in(image: str, catalog: Catalog) -> tuple[int, ...] | None:
    from .facts import version_in_image  # noqa: PLC0415 - it knows all of a profile

    return version_in_image(image, catalog)


def _split(version: str) -> tuple[int, ...]:
    return tuple(int(number) for number in version.split(".") if number.isdigit())


@cache  # there are a few dozen releases, and each is compared with many
def _numbers(release: VllmRelease) -> tuple[int, ...]:
    return _split(release.version)


def _ends(releases: Iterable[VllmRelease]) -> tuple[str, str]:
    ordered = sorted(releases, key=_numbers)
    return ordered[0].version, ordered[-1].version


def _earlier(had: list[VllmRelease], releases: Iterable[VllmRelease]) -> list[VllmRelease]:
    start = min(map(_numbers, releases))
    return [item for item in had if _numbers(item) < start]


def _is_after(release: VllmRelease, had: list[VllmRelease]) -> bool:
    return any(_numbers(release) > _numbers(item) for item in had)


def _join(version: tuple[int, ...]) -> str:
    return ".".join(map(str, version))
