"""What we pin, store and count, against the CRDs of the releases themselves."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator
from copy import deepcopy
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml
from support import CRDS, OUT, SHIPPED, absent

from llmd_render.crds import compact, describe_schemas, load_crds
from llmd_render.crds.compact import write_compact
from llmd_render.crds.releases import PinnedRelease, choose_releases, files_of, pinned_releases
from llmd_render.crds.sync import sync
from llmd_render.diagnostics import Severity
from llmd_render.validate import GivenCRD, Release, SchemaStore, apply_defaults, check_object

LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
FACTS = CRDS.parent / "facts"

if not CRDS.is_dir():
    absent(f"NOT CHECKED against real CRDs: {CRDS} is absent")


@cache
def real_files() -> dict[str, Path]:
    return {
        hashlib.sha256(path.read_bytes()).hexdigest(): path for path in sorted(CRDS.rglob("*.yaml"))
    }


def originals(release: PinnedRelease) -> tuple[GivenCRD, ...]:
    return read_files(tuple(real_files()[file.sha256] for file in release.pinned_files()))


@cache
def read_files(paths: tuple[Path, ...]) -> tuple[GivenCRD, ...]:
    loaded = load_crds(paths)
    assert loaded.diagnostics == ()
    return loaded.crds


@cache
def compacted() -> tuple[GivenCRD, ...]:
    """Give the CRDs of the default releases as they are stored."""
    release = Release("a", "b", "c")
    given = [item for chosen in choose_releases() for item in originals(chosen)]
    return tuple(GivenCRD(json.loads(write_compact(item.crd, release))) for item in given)


def test_the_pinned_hashes_are_those_of_the_released_files() -> None:
    pinned = {file.sha256: Path(file.url).name for file in files_of(pinned_releases())}
    assert pinned == {digest: path.name for digest, path in real_files().items()}
    assert len(pinned) == 51


def test_the_pinned_sources_are_those_that_the_files_were_taken_from() -> None:
    rows = [
        [cell.strip() for cell in line.strip().strip("|").split("|")]
        for line in (CRDS / "SOURCES.md").read_text().splitlines()
        if line.startswith("| ") and ".yaml" in line
    ]
    assert len(rows) == 51
    pinned = {
        file.sha256: (file, item) for item in pinned_releases() for file in item.pinned_files()
    }
    for file, repository, reference, commit, path, *_ in rows:
        found, release = pinned[hashlib.sha256((CRDS / file).read_bytes()).hexdigest()]
        digest, _, date = commit.rstrip(")").partition(" (")
        assert (release.source, release.date) == (f"{repository} @{digest}", date)
        base = f"https://raw.githubusercontent.com/{repository}/"
        used = found.url.removeprefix(base).partition("/")[0]
        assert found.url == f"{base}{used}/{path}"
        assert used == reference or used.startswith(digest)


def test_every_real_crd_is_read_without_an_error() -> None:
    loaded = load_crds([CRDS])
    assert (len(loaded.crds), loaded.files) == (57, 51)
    assert {item.code for item in loaded.diagnostics} == {"crd-defined-twice"}
    assert {item.severity for item in loaded.diagnostics} == {Severity.WARNING}
    SchemaStore("1.34", loaded.crds)


@pytest.mark.parametrize("release", pinned_releases(), ids=lambda item: item.name)
def test_each_release_is_stored_as_it_would_be_downloaded(
    release: PinnedRelease, tmp_path: Path
) -> None:
    files = {file.url: real_files()[file.sha256] for file in release.pinned_files()}
    report = sync(
        tmp_path / "crds", release.pinned_files(), fetch=lambda url: files[url].read_bytes()
    )
    stored = load_crds([tmp_path / "crds"])
    assert stored.diagnostics == ()
    assert report.crds == len(stored.crds)
    assert sorted(map(kind_of, stored.crds)) == sorted(map(kind_of, originals(release)))
    for item in stored.crds:
        assert [found.name for found in item.releases] == [release.name]
    read = sum(path.stat().st_size for path in files.values())
    assert sum(path.stat().st_size for path in (tmp_path / "crds").iterdir()) < read


def test_no_choice_of_releases_brings_a_kind_twice() -> None:
    choices = [choose_releases({item.project: item.version}) for item in pinned_releases()]
    for chosen in choices:
        kinds = [kind_of(item) for release in chosen for item in originals(release)]
        assert len(set(kinds)) == len(kinds) > 25


def kind_of(item: GivenCRD) -> tuple[str, str]:
    spec = item.crd["spec"]
    return spec["group"], spec["names"]["kind"]


def documents() -> list[dict[str, Any]]:
    files = [path for name in SHIPPED for path in sorted((OUT / name).rglob("*.yaml"))]
    files += sorted((FACTS / "samples").glob("*.yaml"))
    found = [item for path in files for item in yaml.load_all(path.read_text(), Loader=LOADER)]
    distinct = {str(item): item for item in found if isinstance(item, dict) and "kind" in item}
    return list(distinct.values())


def places(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    items = value.items() if isinstance(value, dict) else enumerate(value)
    for key, item in items:
        yield (*path, key)
        if isinstance(item, (dict, list)):
            yield from places(item, (*path, key))


def mutants(document: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Spoil each place of a document in several ways, one at a time."""
    yield document
    for path in places(document.get("spec", {}), ("spec",)):
        for value in (None, -1, 1.5, "", "x" * 300, True, [], {}, ["a", "a"], {"unknown": 1}):
            yield replaced(document, path, value)
        yield replaced(document, path, ...)


def replaced(document: dict[str, Any], path: tuple[Any, ...], value: Any) -> dict[str, Any]:
    made = deepcopy(document)
    owner: Any = made
    for step in path[:-1]:
        owner = owner[step]
    if value is ...:
        del owner[path[-1]]
    else:
        owner[path[-1]] = value
    return made


def judge(mutant: dict[str, Any], store: SchemaStore) -> tuple[list[str], Any]:
    schema = store.find(mutant["apiVersion"], mutant["kind"])
    assert schema
    return sorted(map(str, check_object(mutant, store))), apply_defaults(mutant, schema)


def cases() -> list[dict[str, Any]]:
    """Spoil every document of a kind that the default releases define."""
    known = {kind_of(item) for item in compacted()}
    found = documents()
    own = [item for item in found if (item["apiVersion"].partition("/")[0], item["kind"]) in known]
    assert len({item["kind"] for item in own}) >= 7
    return [mutant for document in own for mutant in mutants(document)]


@pytest.fixture(scope="module")
def verdicts() -> list[tuple[dict[str, Any], Any]]:
    real = SchemaStore(
        "1.34", [item for release in choose_releases() for item in originals(release)]
    )
    return [(mutant, judge(mutant, real)) for mutant in cases()]


def test_a_compact_store_judges_mutants_as_the_originals_do(
    verdicts: list[tuple[dict[str, Any], Any]],
) -> None:
    store = SchemaStore("1.34", compacted())
    assert sum(bool(verdict[0]) for _, verdict in verdicts) > 4_000
    assert [mutant for mutant, verdict in verdicts if judge(mutant, store) != verdict] == []


@pytest.mark.parametrize("lost", ["pattern", "default", "required", "minLength", "enum"])
def test_the_comparison_sees_a_store_that_lost_something(
    lost: str, verdicts: list[tuple[dict[str, Any], Any]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(compact, "_FOR_PEOPLE", ("description", lost))
    poor = [
        GivenCRD(json.loads(write_compact(item.crd, Release("a", "b", "c"))))
        for item in compacted()
    ]
    store = SchemaStore("1.34", poor)
    assert any(judge(mutant, store) != verdict for mutant, verdict in verdicts)


def headings() -> list[tuple[str, str, int]]:
    pattern = re.compile(r"## .* \((\S+\.yaml), (\w+)\): (\d+) rules")
    found = pattern.findall((FACTS / "cel.md").read_text())
    return [(file, version, int(count)) for file, version, count in found]


@pytest.mark.parametrize(("file", "version", "count"), headings())
def test_as_many_rules_are_counted_as_the_crd_has(file: str, version: str, count: int) -> None:
    loaded = load_crds([CRDS / file])
    origin = (CRDS / file).as_posix()
    rows = [
        row for row in describe_schemas(SchemaStore("1.34", loaded.crds)) if row.origin == origin
    ]
    assert [row.rules for row in rows if row.api_version.endswith(f"/{version}")] == [count]


def test_the_facts_count_rules_in_many_files() -> None:
    assert len(headings()) > 15
