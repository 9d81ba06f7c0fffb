"""benchmark-cluster.sh: failures apart, the picture, the comparison of two runs."""

from __future__ import annotations

import json
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from benchmark_world import (
    TEN,
    TEN_AND_TWENTY,
    World,
    jq,
    render,
)
from support import OUT

SVG = "{http://www.w3.org/2000/svg}"


def test_failed_requests_are_counted_apart_and_end_the_script(machine: World) -> None:
    tree = render(machine.folder, TEN_AND_TWENTY)
    done = machine.bash(tree, GUIDELLM_FAILS="02-20x5")
    assert done.returncode == 1
    assert "error: 3 request(s) failed" in done.stderr.splitlines()
    lines = done.stdout.splitlines()
    assert (
        "20/5       3   26.9    538      49.4   127   127      4.4  6.6  6.6          143  208  208"
        in lines
    )
    (line,) = [line for line in lines if line.startswith("3 failed at 20/5: ")]
    assert "HTTPStatusError(\"Server error '500 Internal Server Error' for url " in line
    results = json.loads((machine.results() / "results.json").read_text(encoding="utf-8"))
    assert [(item["successful"], item["failed"]) for item in results["scenarios"]] == [
        (10, 0),
        (17, 3),
    ]
    texts = [item.text for item in ET.parse(machine.results() / "plot.svg").iter(f"{SVG}text")]  # noqa: S314 - made here
    assert "3 requests failed and are in no figure" in texts


def test_a_cache_test_with_a_failure_has_no_figure(machine: World) -> None:
    done = machine.bash(render(machine.folder, TEN), GUIDELLM_FAILS="02-cache")
    assert done.returncode == 1
    assert "cache test: no figure, because not all of its requests succeeded" in done.stdout
    cache = json.loads((machine.results() / "results.json").read_text(encoding="utf-8"))["cache"]
    assert (cache["firstToken"], cache["laterFirstTokens"], cache["faster"]) == (None, [], None)


def test_the_picture_shows_each_value_once_at_its_height(machine: World) -> None:
    tree = render(machine.folder, TEN_AND_TWENTY)
    machine.bash(tree, GUIDELLM_FAILS="02-20x5")
    root = ET.parse(machine.results() / "plot.svg").getroot()  # noqa: S314 - made here
    assert root.tag == f"{SVG}svg"
    bars = [item for item in root.iter(f"{SVG}rect") if item.get("class") == "rate"]
    # The axis goes to 600: 220 units high, its foot at 360.
    assert [(bar.get("y"), bar.get("height")) for bar in bars] == [
        ("223", "137"),
        ("162.8", "197.2"),
    ]
    circles = list(root.iter(f"{SVG}circle"))
    assert len(circles) == 3 * 3 * 2
    titles = [item.findtext(f"{SVG}title") for item in circles]
    assert titles[:2] == ["P99, 10/2: 56.92", "P99, 20/5: 126.51"]
    assert {item.get("class") for item in root.iter(f"{SVG}polyline")} == {"p50", "p95", "p99"}
    texts = [item.text for item in root.iter(f"{SVG}text")]
    assert {"374", "538", "Throughput", "Time to first token", "10/2", "20/5"} <= set(texts)
    assert "failed" not in " ".join(text for text in texts if text and "20/5" in text)


def test_a_step_without_one_answer_leaves_a_gap_in_table_and_picture(machine: World) -> None:
    tree = render(machine.folder, TEN)
    machine.bash(tree)
    report = json.loads(
        (Path(__file__).parent / "benchmark_reports" / "none.json").read_text(encoding="utf-8")
    )
    report["config"]["metadata"]["labels"] = {"name": "01-3x1", "requests": "3", "clients": "1"}
    (machine.folder / "none.json").write_text(json.dumps(report), encoding="utf-8")
    names = ("profile", "run", "url", "model", "from")
    options = [word for name in names for word in ("--arg", name, "x")]
    options += ["--argjson", "caching", "true", "-f", str(tree / "lib/benchmark-results.jq")]
    reports = [machine.folder / "none.json", machine.results() / "02-cache.report.json"]
    results = jq(*options, "-s", *map(str, reports))
    table = jq("-r", "-f", str(tree / "lib/benchmark-table.jq"), stdin=results)
    assert table.splitlines()[1].split("\t") == ["3/1", "3", "0.0", "0.0", *["-"] * 9]
    picture = ET.fromstring(jq("-r", "-f", str(tree / "lib/benchmark-plot.jq"), stdin=results))  # noqa: S314 - made here
    assert list(picture.iter(f"{SVG}circle")) == []


def test_two_runs_are_compared_value_by_value(machine: World) -> None:
    tree = render(machine.folder, "benchmark: {scenarios: [20/5]}\n")
    machine.bash(tree, "--output", "first")
    machine.bash(tree, "--output", "second", GUIDELLM_FAILS="01-20x5")
    (first,), (second,) = (list((machine.folder / name).iterdir()) for name in ("first", "second"))
    done = machine.bash(tree, "--compare", str(first), str(second / "results.json"))
    assert done.returncode == 0, done.stderr
    assert done.stderr == ""
    assert (
        done.stdout
        == """\
load        value  before  after  change
20/5        req/s    18.7   26.9    +44%
20/5        tok/s   373.6  537.7    +44%
20/5     TTFT p50    32.9   49.4    +50%
20/5     TTFT p95    56.9  126.5   +122%
20/5      ITL p50     3.3    4.4    +35%
20/5      ITL p95     3.9    6.6    +69%
20/5  request p50    94.3  143.4    +52%
20/5  request p95   125.2  207.9    +66%
20/5       failed      10      3    -70%
"""
    )


def test_runs_that_differ_in_more_than_time_are_pointed_out(machine: World) -> None:
    tree = render(machine.folder, TEN)
    machine.bash(tree, "--output", "first")
    machine.bash(tree, "--output", "second", "--direct")
    (first,), (second,) = (list((machine.folder / name).iterdir()) for name in ("first", "second"))
    done = machine.bash(tree, "--compare", str(first), str(second))
    assert done.stderr == "warning: the runs also differ in: url\n"


@pytest.mark.parametrize("content", [None, "", "{}", "[1", '"text"'])
def test_what_holds_no_results_is_not_compared(machine: World, content: str | None) -> None:
    (machine.folder / "run").mkdir()
    if content is not None:
        (machine.folder / "run" / "results.json").write_text(content, encoding="utf-8")
    done = machine.bash(OUT / "qwen-3b-v6e", "--compare", "run", "run")
    assert done.returncode == 1
    assert "error: no results in run: name a folder that this script wrote" in done.stderr


def test_comparing_calls_neither_kubectl_nor_guidellm(machine: World) -> None:
    tree = render(machine.folder, TEN)
    machine.bash(tree)
    for name in ("kubectl", "guidellm"):
        (machine.folder / "bin" / name).write_text("#!/bin/sh\nexit 9\n", encoding="utf-8")
    assert machine.bash(tree, "--compare", *[str(machine.results())] * 2).returncode == 0


def test_a_hostile_name_is_text_in_the_picture(machine: World) -> None:
    name = "<script>&\"'"
    done = machine.bash(
        render(machine.folder, f"service: {{servedModelName: {json.dumps(name)}}}\n{TEN}")
    )
    assert done.returncode == 0, done.stderr
    title = next(ET.parse(machine.results() / "plot.svg").iter(f"{SVG}text")).text  # noqa: S314 - made here
    assert title == f"made: {name}"
