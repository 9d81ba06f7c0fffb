"""benchmark-cluster.sh: what is kept when not all was measured, and what is tried before."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree as ET

import pytest
from benchmark_world import IN_CLUSTER, TEN_AND_TWENTY, World, render, run_job_in_logs
from support import files_of

if TYPE_CHECKING:
    from pathlib import Path

LATER = "benchmark: {scenarios: [10/2, 20/5, 30/5]}\n"
NOT_MEASURED = "not measured: guidellm left no whole report"


def results(machine: World) -> dict[str, Any]:
    """Read results.json of the only run."""
    text = (machine.results() / "results.json").read_text(encoding="utf-8")
    found: dict[str, Any] = json.loads(text)
    return found


def loads(machine: World) -> list[tuple[str, int, int, bool]]:
    """List each load with what succeeded and failed, and whether it was measured."""
    return [
        (item["name"], item["successful"], item["failed"], item.get("measured", True))
        for item in results(machine)["scenarios"]
    ]


def test_a_guidellm_that_dies_late_loses_no_finished_report(machine: World) -> None:
    done = machine.bash(render(machine.folder, LATER), GUIDELLM_DIES="02-20x5")
    assert done.returncode == 1
    assert (
        "RuntimeError: guidellm died\n"
        "warning: guidellm stopped in 02-20x5; its last words are above; "
        "the results are of what was measured before\n"
    ) in done.stderr
    assert "error: 3 scenario(s) were not measured" in done.stderr.splitlines()
    assert loads(machine) == [
        ("01-10x2", 10, 0, True),
        ("02-20x5", 0, 20, False),
        ("03-30x5", 0, 30, False),
    ]
    lines = done.stdout.splitlines()
    assert (
        "10/2       0   18.7    374      32.9  56.9  56.9      3.3  3.9  3.9         94.3  125  125"
        in lines
    )
    (dashes,) = [line for line in lines if line.startswith("20/5 ")]
    assert dashes.split() == ["20/5", "20", *["-"] * 11]
    assert f"20 failed at 20/5: {NOT_MEASURED}" in lines
    assert f"5 failed at cache test: {NOT_MEASURED}" in lines
    assert "cache test: no figure, because not all of its requests succeeded" in lines
    assert {"01-10x2.report.json", "results.txt", "plot.svg"} <= set(files_of(machine.results()))


def test_an_interrupted_run_is_summarised_as_far_as_it_went(machine: World) -> None:
    done = machine.bash(render(machine.folder, LATER), GUIDELLM_INTERRUPTED="03-30x5")
    assert done.returncode == 130
    assert (
        "warning: interrupted; the results are of what was measured before"
        in done.stderr.splitlines()
    )
    assert "error: interrupted" in done.stderr.splitlines()
    assert loads(machine) == [
        ("01-10x2", 10, 0, True),
        ("02-20x5", 10, 10, True),
        ("03-30x5", 0, 30, False),
    ]
    assert results(machine)["cache"]["measured"] is False


def test_a_run_that_is_interrupted_at_once_leaves_no_results(machine: World) -> None:
    tree = render(machine.folder, LATER)
    done = machine.bash(tree, GUIDELLM_INTERRUPTED="00-warm-up")
    assert done.returncode == 130
    assert list((machine.folder / "benchmark-results").iterdir()) == []


@pytest.mark.parametrize("broken", ["01-10x2", "02-20x5", "03-cache"])
def test_a_broken_report_does_not_lose_the_others(machine: World, broken: str) -> None:
    done = machine.bash(render(machine.folder, TEN_AND_TWENTY), GUIDELLM_BREAKS=broken)
    assert done.returncode == 1
    assert "error: 1 scenario(s) were not measured" in done.stderr.splitlines()
    found = results(machine)
    measured = {item["name"]: item.get("measured", True) for item in found["scenarios"]}
    measured["03-cache"] = found["cache"].get("measured", True)
    assert {name for name, whole in measured.items() if not whole} == {broken}
    assert found["tool"] == "guidellm 0.8.1"
    assert f"{broken}.report.json" in files_of(machine.results())
    assert ET.parse(machine.results() / "plot.svg").getroot().tag.endswith("svg")  # noqa: S314 - made here


def test_a_folder_that_cannot_be_written_is_found_before_measuring(machine: World) -> None:
    (machine.folder / "taken").write_text("", encoding="utf-8")
    done = machine.bash(render(machine.folder, TEN_AND_TWENTY), "--output", "taken")
    assert done.returncode == 1
    problem = "error: cannot write to taken: choose another folder with --output"
    assert problem in done.stderr.splitlines()
    assert machine.seen == []
    assert not (machine.folder / "calls").exists()


@pytest.mark.parametrize("value", ["1m", "0", "08", "-1", "1.5"])
def test_a_timeout_that_is_no_number_is_refused_before_anything(machine: World, value: str) -> None:
    done = machine.bash(render(machine.folder, TEN_AND_TWENTY), REQUEST_TIMEOUT=value)
    assert done.returncode == 1
    problem = f"error: REQUEST_TIMEOUT is '{value}': give whole seconds, from 1 to 99999"
    assert done.stderr.splitlines() == [problem]
    assert not (machine.folder / "calls").exists()


def in_cluster(machine: World, **environment: str) -> tuple[int, str]:
    tree: Path = render(machine.folder, IN_CLUSTER)
    run_job_in_logs(machine, tree)
    done = machine.bash(tree, "--in-cluster", **environment)
    return done.returncode, done.stderr


def test_a_job_that_dies_late_loses_no_finished_report(machine: World) -> None:
    code, said = in_cluster(machine, GUIDELLM_DIES="02-cache")
    assert code == 1
    assert (
        "warning: the Job qwen2-3b-pattern1-benchmark did not come to its end; "
        "its last words are above; the results are of what was measured before"
    ) in said.splitlines()
    assert "error: 1 scenario(s) were not measured" in said.splitlines()
    assert loads(machine) == [("01-10x2", 10, 0, True)]
