"""Documents of our own writing, right ones and mutants that break one rule: what is said of them.

Each file of `agreement/` has one right document, changes that leave it right, and changes that
break something. What they expect is what the API server says, not what the program says: a case
with `defect` is one where they are known to differ. The real CRDs must come to the same verdicts as
our schemas; they are not part of the repository, and without them that half skips.
"""

from __future__ import annotations

from copy import deepcopy
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml
from support import CRDS, absent

from llmd_render.diagnostics import DataPath, Severity, Violation
from llmd_render.validate import SchemaStore, check_object

LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
FILES = sorted((Path(__file__).parent / "agreement").glob("*.yaml"))
Case = dict[str, Any]


@cache
def read(name: str) -> Case:
    path = Path(__file__).parent / "agreement" / f"{name}.yaml"
    found: Case = yaml.load(path.read_text(encoding="utf-8"), Loader=LOADER)  # noqa: S506 - it is safe
    return found


@cache
def ours(kubernetes: str = "1.34") -> SchemaStore:
    return SchemaStore(kubernetes)


@cache
def real(crd: str) -> SchemaStore:
    if not CRDS.is_dir():
        absent(f"the real CRDs are not at {CRDS}")
    documents = yaml.load_all((CRDS / crd).read_text(encoding="utf-8"), Loader=LOADER)
    return SchemaStore("1.34", [item for item in documents if item])


def steps(place: str) -> tuple[str, ...]:
    """Split a place such as `spec/rules/0/name`; a slash in a key is written ~1."""
    return tuple(step.replace("~1", "/") for step in place.split("/")) if place else ()


def way(data: Any, place: str) -> DataPath:
    """Give a place as a path: steps into lists are numbers."""
    path: list[str | int] = []
    for step in steps(place):
        path.append(int(step) if isinstance(data, list) else step)
        try:
            data = data[path[-1]]
        except (KeyError, IndexError, TypeError):
            data = None  # a case may add what stands here
    return tuple(path)


def mutate(right: Any, case: Case) -> Any:
    """Lay the changes of a case over the right document."""
    data = deepcopy(right)
    for place, value in case.get("change", {}).items():
        *outer, last = way(data, place) if "/" in place else (place,)
        owner = lead(data, outer)
        if isinstance(owner, list) and last == len(owner):
            owner.append(deepcopy(value))
        else:
            owner[last] = deepcopy(value)
    removed = case.get("remove", ())
    for place in [removed] if isinstance(removed, str) else removed:
        *outer, last = way(data, place)
        del lead(data, outer)[last]
    return data


def lead(data: Any, path: list[str | int]) -> Any:
    for step in path:
        data = data.setdefault(step, {}) if isinstance(data, dict) else data[step]
    return data


def expectations(case: Case) -> list[dict[str, str]]:
    """List what is expected; a place that is not named is that of the only change."""
    wanted = case["expect"]
    rows = wanted if isinstance(wanted, list) else [wanted]
    place = next(iter(case.get("change", {})), "")
    return [{"path": place, "says": "", "real": ""} | row for row in rows]


def name_case(case: Case) -> str:
    places = [*case.get("change", ()), *([case["remove"]] if "remove" in case else ())]
    wanted = case.get("expect", {})
    codes = [row["code"] for row in (wanted if isinstance(wanted, list) else [wanted]) if row]
    return " ".join([*map(str, places), *dict.fromkeys(codes)])


def good_cases() -> list[Any]:
    return [
        pytest.param(path.stem, case, id=f"{path.stem} {name_case(case)}".strip())
        for path in FILES
        for case in ({}, *read(path.stem).get("passes", ()))
    ]


def bad_cases(*, with_crd: bool) -> list[Any]:
    found = []
    for path in FILES:
        if with_crd and "crd" not in read(path.stem):
            continue
        for case in read(path.stem)["mutants"]:
            defect = case.get("defect")
            marks = [pytest.mark.xfail(strict=True, reason=defect)] if defect else []
            name = f"{path.stem} {name_case(case)}"
            found.append(pytest.param(path.stem, case, id=name, marks=marks))
    return found


def shown(found: list[Violation]) -> list[str]:
    return [f"{'/'.join(map(str, item.path))} {item.code}: {item.message}" for item in found]


@pytest.mark.parametrize(("name", "case"), good_cases())
def test_right_documents_pass(name: str, case: Case) -> None:
    data = mutate(read(name)["right"], case)
    judges = [ours(), ours("1.37")]
    if "crd" in read(name):
        judges.append(real(read(name)["crd"]))
    for judge in judges:
        found = list(check_object(data, judge))
        assert [item.code for item in found] == [case[key] for key in case if key == "warns"]
        assert all(item.severity is Severity.WARNING for item in found)


@pytest.mark.parametrize(("name", "case"), bad_cases(with_crd=False))
def test_a_mutant_names_exactly_the_rule_it_breaks(name: str, case: Case) -> None:
    data = mutate(read(name)["right"], case)
    found = list(check_object(data, ours()))
    wanted = expectations(case)
    places = [(way(data, row["path"]), row["code"]) for row in wanted]
    assert [(item.path, item.code) for item in found] == places, shown(found)
    for item, row in zip(found, wanted, strict=True):
        assert row["says"], "a mutant says which words it expects"
        assert row["says"] in item.message
    if "crd" not in read(name):
        assert shown(list(check_object(data, ours("1.37")))) == shown(found)


@pytest.mark.parametrize(("name", "case"), bad_cases(with_crd=True))
def test_the_real_crd_refuses_a_mutant_at_the_same_place(name: str, case: Case) -> None:
    data = mutate(read(name)["right"], case)
    found = list(check_object(data, real(read(name)["crd"])))
    wanted = expectations(case)
    # The rules of filters stand twice in some CRDs, so that their findings come twice.
    places = {(way(data, row["path"]), row["code"]) for row in wanted}
    assert {(item.path, item.code) for item in found} == places, shown(found)
    for row in wanted:
        assert any(row["real"] in item.message for item in found), shown(found)


def test_there_are_enough_documents_of_every_sort() -> None:
    count = len(good_cases()) + len(bad_cases(with_crd=False))
    assert count >= 300
    codes = [
        row["code"] for param in bad_cases(with_crd=False) for row in expectations(param.values[1])
    ]
    for code, least in {
        "schema-wrong-type": 30,
        "schema-required-field": 30,
        "schema-value-not-allowed": 15,
        "schema-unknown-field": 30,
        "schema-duplicate-item": 10,
        "cel-rule-violated": 100,
    }.items():
        assert codes.count(code) >= least, code
    broken = {
        row["real"] for param in bad_cases(with_crd=True) for row in expectations(param.values[1])
    }
    assert len(broken) > 80, "so many different rules of the real CRDs are broken at least once"
