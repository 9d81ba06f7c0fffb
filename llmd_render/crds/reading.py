"""CustomResourceDefinitions in files and folders that the user names."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from llmd_render.diagnostics import Diagnostic, InputError, Location, Severity, Violation
from llmd_render.manifest import LIMIT_BYTES
from llmd_render.source import read_text
from llmd_render.validate import GivenCRD

from .compact import releases_of, strip_schema
from .finding import FoundCRD, find_crds
from .shape import CRD

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

_SUFFIXES = (".yaml", ".yml", ".json")
_MOST_FILES = 10_000
_MOST_BYTES = 4 * LIMIT_BYTES
_HINT = (
    "give the output of `kubectl get crd -o yaml`, or a folder that `llmd-render crds sync` wrote"
)


class _TooMuchError(Exception):
    """There are more files or bytes than anybody means to give."""


@dataclass(frozen=True, slots=True)
class LoadedCRDs:
    """The CRDs that were found, in the order of their precedence, and what is wrong with others."""

    crds: tuple[GivenCRD, ...] = ()
    diagnostics: tuple[Diagnostic, ...] = ()
    files: int = 0


def load_crds(paths: Iterable[Path]) -> LoadedCRDs:
    """Read the CRDs of files, folders and what kubectl printed; where two meet, the later counts.

    A folder stands for the YAML and JSON files under it, short of hidden ones.
    """
    loading = _Loading()
    for path in paths:
        loading.take(path)
    crds = tuple(
        GivenCRD(item.crd, item.manifest.file, releases_of(item.crd)) for item in loading.crds
    )
    return LoadedCRDs(crds, tuple(loading.diagnostics), loading.files)


@dataclass(slots=True)
class _Loading:
    crds: list[FoundCRD] = field(default_factory=list)
    diagnostics: list[Diagnostic] = field(default_factory=list)
    files: int = 0
    _bytes: int = 0
    _known: dict[tuple[str, str], tuple[FoundCRD, Mapping[str, Any]]] = field(default_factory=dict)

    def take(self, path: Path) -> None:
        before = len(self.crds), len(self.diagnostics)
        thing = "file"
        try:
            if path.is_dir():
                thing = "folder"
            for file in _list_files(path) if thing == "folder" else [path]:
                self._read(file)
        except OSError as error:
            place = str(error.filename or path)
            message = f"cannot read the {thing}: {error.strerror or error}"
            self._report(place, message, "file-not-readable")
        except _TooMuchError:
            limit = f"{_MOST_FILES:,} files or {_MOST_BYTES:,} bytes"
            hint = "check that this is the folder you meant"
            self._report(path.as_posix(), f"the CRDs are more than {limit}", "crds-too-many", hint)
        if before == (len(self.crds), len(self.diagnostics)):
            message = f"the {thing} has no {CRD}"
            self._report(path.as_posix(), message, "crd-not-found", _HINT)

    def _read(self, path: Path) -> None:
        shown = path.as_posix()
        try:
            text = read_text(path, LIMIT_BYTES, shown)
        except InputError as error:
            self.diagnostics += error.diagnostics
            return
        self.files += 1
        self._bytes += len(text)
        if self.files > _MOST_FILES or self._bytes > _MOST_BYTES:
            raise _TooMuchError
        found, problems = find_crds(text, shown)
        self.diagnostics += problems
        for item in found:
            self._note_repetitions(item)
        self.crds += found

    def _note_repetitions(self, found: FoundCRD) -> None:
        spec = found.crd["spec"]
        kind = spec["names"]["kind"]
        for index, version in enumerate(spec["versions"]):
            if not version.get("served", True):
                continue
            key = (f"{spec['group']}/{version['name']}", kind)
            first = self._known.get(key)
            self._known[key] = (found, version)
            if first is None or _meaning(*first) == _meaning(found, version):
                continue
            where = first[0].manifest.file
            violation = Violation(
                ("spec", "versions", index, "name"),
                f"{' '.join(key)} is defined otherwise in {where}; this definition counts",
                hint="give only the CRDs that the cluster has",
                code="crd-defined-twice",
                severity=Severity.WARNING,
            )
            self.diagnostics.append(found.manifest.diagnose(violation))

    def _report(self, place: str, message: str, code: str, hint: str = "") -> None:
        self.diagnostics.append(Diagnostic(Location(place), message, code, hint=hint))


def _list_files(folder: Path) -> Iterator[Path]:
    def refuse(error: OSError) -> None:
        raise error

    for place, folders, names in os.walk(folder, onerror=refuse):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted(names):
            file = Path(place, name)
            if name.endswith(_SUFFIXES) and not name.startswith(".") and file.is_file():
                yield file


def _meaning(found: FoundCRD, version: Mapping[str, Any]) -> tuple[Any, ...]:
    spec = found.crd["spec"]
    schema = version.get("schema", {}).get("openAPIV3Schema")
    stripped = None if schema is None else strip_schema(schema)
    return spec["scope"], bool(spec.get("preserveUnknownFields")), stripped
