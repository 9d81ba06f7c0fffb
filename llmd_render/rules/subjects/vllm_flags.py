"""Flags on a command line against those that releases of vLLM have; shared by the rules."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

from llmd_render.diagnostics import Violation, did_you_mean

from .objects import items_at, once, pod_specs
from .tpu_pods import TpuPod, requested_chips
from .vllm_command import read_server, vllm_containers
from .vllm_releases import (
    VENDOR,
    Running,
    comes_after,
    earlier_ones,
    find_running,
    find_version,
    first_and_last,
    forms_among,
    is_before,
    join_version,
    neighbours,
    releases_with,
    split_version,
)
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

_NOWHERE = "not-upstream"
_REFUSED = {"unsupported": "vLLM does not support the flag {} on TPUs"}


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
            apart = known is not None and known.verdict in {_NOWHERE, *_REFUSED}
            if apart or self._knows(running.releases, given):
                continue
            had = releases_with(table, given)
            if not had:
                near = did_you_mean(given.name, table.names(running.releases), "remove it")
                first, last = first_and_last(table.releases)
                message = f"no vLLM from {first} to {last} has a flag {given.name}"
                yield Doubt(Violation(given.path, message, near), bool(running.version))
            elif running.version and not earlier_ones(had, running.releases):
                first = first_and_last(had)[0]
                message = (
                    f"{running.name} has no flag {given.name}, which came later: {first} has it"
                )
                hint = f"remove it, or use an image with vLLM {first} or newer"
                yield Doubt(Violation(given.path, message, hint), running.is_exact)

    def nowhere(self) -> Iterator[Violation]:
        """List flags that are known to be in no vLLM, whatever the image and the hardware."""
        for given in self.flags:
            known = self._catalog.vllm_flags.get(given.name)
            if known and known.verdict == _NOWHERE:
                first, last = first_and_last(self._table.releases)
                message = f"no vLLM from {first} to {last} has a flag {given.name}"
                yield Violation(given.path, message, self._replacement(given))

    def removed(self) -> Iterator[Violation]:
        """List flags that older versions had, and that the one in the image no longer has."""
        if not self.flags:
            return
        table, running = self._table, self._running
        for given in self.flags:
            had = earlier_ones(releases_with(table, given), running.releases)
            if running.version and had and not self._knows(running.releases, given):
                message = (
                    f"{running.name} no longer has the flag {given.name}, which "
                    f"{first_and_last(had)[1]} had"
                )
                yield Violation(given.path, message, self._replacement(given))

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
            if not running.version and not running.unread:
                message = (
                    f"vLLM {later} has no flag {given.name}, and which vLLM is in "
                    f"{running.image} is not known"
                )
                yield Violation(given.path, message, self._replacement(given))

    def likely_dropped(self) -> Iterator[Violation]:
        """List flags that the releases around the one in the image dropped, which nobody read."""
        for given, _, _ in self._dropped():
            running = self._running
            had = releases_with(self._table, given)
            if not running.unread or not any(is_before(item, running.unread) for item in had):
                continue
            lacking = [
                version
                for version, releases in neighbours(self._table, running.unread)
                if not any(item in had for item in releases)
            ]
            if lacking:
                guess = "most likely has" if lacking[1:] else "may have"
                message = (
                    f"vLLM {join_version(running.unread)}, in the image, {guess} no flag "
                    f"{given.name}: {' and '.join(lacking)} {'have' if lacking[1:] else 'has'} none"
                )
                yield Violation(given.path, message, self._replacement(given))

    def _dropped(self) -> Iterator[tuple[Given, list[FlagForm], str]]:
        if not self.flags:
            return
        table, running = self._table, self._running
        for given in self.flags:
            forms = forms_among(table.forms(given.name), running.releases)
            had = releases_with(table, given)
            gone = [item for item in table.releases if item not in had and comes_after(item, had)]
            if forms and gone:
                yield given, forms, first_and_last(gone)[0]

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
            mine = [find_fault(form, given) for form in forms_among(forms, running.releases)]
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
        yield server, _command_line(server)


@once
def other_lines(tree: Tree) -> Iterator[tuple[VllmContainer, CommandLine]]:
    """List the containers that run vLLM without TPU chips, with what they pass to it."""
    for manifest in tree.manifests:
        for path, spec in pod_specs(manifest):
            pod = TpuPod(manifest, path, spec, requests=(), chips=None)
            for place, container in items_at(spec, "containers"):
                server = read_server(pod, (*path, *place), container)
                if server and not requested_chips(container):
                    yield server, _command_line(server)


def _command_line(server: VllmContainer) -> CommandLine:
    from llmd_render.catalog import load_catalog  # noqa: PLC0415 - only trees with vLLM need it

    return CommandLine(server.words, server.image, load_catalog())


def explain_refusal(known: VllmFlag | None, image: str, catalog: Catalog) -> str:
    """Say why a flag is refused whatever its value is, or nothing."""
    if known is None:
        return ""
    version = find_version(image, catalog)
    before = known.refused_before
    if before and version and image.startswith(VENDOR) and version < split_version(before):
        return f"vLLM {join_version(version)}, in the image, refuses {known.name} on TPUs"
    return _REFUSED.get(known.verdict, "").format(known.name)
