"""benchmark-cluster.sh: what it sends, and what it says of the answers."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from benchmark_world import (
    IN_CLUSTER,
    PATH_OF_SERVICE,
    TEN,
    World,
    render,
)
from support import OUT, files_of


def test_every_step_of_load_gets_a_line_and_all_reports_are_kept(machine: World) -> None:
    done = machine.bash(render(machine.folder, TEN))
    assert done.returncode == 0, done.stderr
    assert (
        (machine.results() / "results.txt").read_text(encoding="utf-8")
        == """\
load  failed  req/s  tok/s  TTFT p50   p95   p99  ITL p50  p95  p99  request p50  p95  p99
10/2       0   18.7    374      32.9  56.9  56.9      3.3  3.9  3.9         94.3  125  125
load: requests/clients; TTFT: time to first token, ITL: between tokens, request: whole answer, in ms
cache test: 5 requests one by one, which share most of 13 tokens
TTFT 38.59 ms, then 24.67, 33.91, 18.71, 37.55 ms: 25.6% faster
prefix caching is off (server.prefixCaching): a difference here is chance
"""
    )
    assert done.stdout.endswith((machine.results() / "results.txt").read_text(encoding="utf-8"))
    assert sorted(files_of(machine.results())) == [
        "00-warm-up.report.json",
        "01-10x2.report.json",
        "02-cache.report.json",
        "plot.svg",
        "results.json",
        "results.txt",
    ]


def test_the_results_hold_the_numbers_of_the_report(machine: World) -> None:
    machine.bash(render(machine.folder, TEN))
    results = json.loads((machine.results() / "results.json").read_text(encoding="utf-8"))
    assert results["scenarios"] == [
        {
            "name": "01-10x2",
            "requests": 10,
            "clients": 2,
            "successful": 10,
            "failed": 0,
            "seconds": 0.54,
            "requestsPerSecond": 18.68,
            "outputTokensPerSecond": 373.56,
            "outputTokens": 200,
            "inputTokens": 130,
            "timeToFirstToken": {"mean": 36.2, "p50": 32.85, "p95": 56.92, "p99": 56.92},
            "interTokenLatency": {"mean": 3.4, "p50": 3.29, "p95": 3.92, "p99": 3.92},
            "requestLatency": {"mean": 101.48, "p50": 94.32, "p95": 125.16, "p99": 125.16},
            "errors": [],
        }
    ]
    assert results["cache"] == {
        "requests": 5,
        "successful": 5,
        "failed": 0,
        "errors": [],
        "prefixCaching": False,
        "promptTokens": 13,
        "firstToken": 38.59,
        "laterFirstTokens": [24.67, 33.91, 18.71, 37.55],
        "faster": 25.6,
    }
    assert results["tool"] == "guidellm 0.8.1"
    assert results["url"] == f"http://127.0.0.1:{machine.port}{PATH_OF_SERVICE}"
    assert results["from"] == "this machine"


def test_requests_take_the_route_of_the_service_and_name_its_model(machine: World) -> None:
    machine.bash(render(machine.folder, TEN))
    assert {version for version, _, _ in machine.seen} == {"HTTP/1.1"}
    assert {path for _, path, _ in machine.seen} == {f"{PATH_OF_SERVICE}/v1/completions"}
    assert {(body["model"], body["max_tokens"]) for _, _, body in machine.seen} == {
        ("Qwen/Qwen2.5-3B-Instruct", 50)
    }
    assert len(machine.seen) == 3


def test_direct_goes_past_the_gateway_through_a_port_forward(machine: World) -> None:
    done = machine.bash(render(machine.folder, TEN), "--direct")
    assert done.returncode == 0, done.stderr
    assert {path for _, path, _ in machine.seen} == {"/v1/completions"}
    results = json.loads((machine.results() / "results.json").read_text(encoding="utf-8"))
    assert results["url"] == "qwen2-3b-pattern1-kserve-workload-svc by port-forward"


def test_a_port_forward_is_not_looked_for_behind_a_proxy(machine: World) -> None:
    proxy = {"http_proxy": "http://127.0.0.1:1", "NO_PROXY": "example.com"}
    done = machine.bash(render(machine.folder, TEN), "--direct", **proxy)
    assert done.returncode == 0, done.stderr


def scenarios(machine: World, tree: Path, **environment: str) -> dict[str, Any]:
    """Read the scenarios of a run, which the Job's ConfigMap shows."""
    (machine.folder / "container.sh").write_text("exit 1\n", encoding="utf-8")
    machine.bash(tree, "--in-cluster", **environment)
    found: dict[str, Any] = {}
    for path in (machine.folder / "scenarios").iterdir():
        text = path.read_text(encoding="utf-8")
        if path.suffix == ".json":
            found[path.name] = json.loads(text)
        else:
            found[path.name] = [json.loads(line) for line in text.splitlines()]
    return found


def test_no_two_prompts_of_a_load_begin_alike_and_those_of_the_cache_test_do(
    machine: World,
) -> None:
    found = scenarios(machine, render(machine.folder, IN_CLUSTER))
    load = [item["prompt"] for item in found["01-10x2.jsonl"]]
    assert len(set(load)) == 10
    assert {len(prompt.split()) for prompt in load} == {128 + 4}
    assert all(re.match(r"made-\d{8}T\d{6}Z 01-10x2: request \d+, [a-z]+ ", item) for item in load)
    cache = [item["prompt"] for item in found["02-cache.jsonl"]]
    shared = cache[0].partition(" question 1 ")[0]
    assert all(prompt.startswith(f"{shared} question ") for prompt in cache)
    assert len(set(cache)) == 5
    assert shared.startswith(load[0].partition(" ")[0] + " 02-cache: ")
    assert len(shared.split()) == 2 + 512
    assert {
        item["output_tokens_count"] for key in found if key.endswith("l") for item in found[key]
    } == {50}


HOSTILE = """a "b" 'c' $(touch owned) `touch owned` \\\\ü {{x}} %s -n & <svg>"""


def test_a_scenario_asks_for_no_hub_and_a_hostile_name_arrives_whole(machine: World) -> None:
    change = f"service: {{servedModelName: {json.dumps(HOSTILE)}}}\n{IN_CLUSTER}"
    found = scenarios(machine, render(machine.folder, change), REQUEST_TIMEOUT="7")
    assert found["01-10x2.json"] == {
        "metadata": {"labels": {"name": "01-10x2", "requests": "10", "clients": "2"}},
        "spec": {
            "backend": {
                "kind": "openai_http",
                "target": f"http://127.0.0.1:{machine.port}{PATH_OF_SERVICE}",
                "model": HOSTILE,
                "verify": False,
                "request_format": "/v1/completions",
                "timeout": 7,
                "timeout_connect": 10,
                "validate_backend": False,
                "extras": {"body": {"temperature": 0}},
            },
            "data": [{"kind": "json_file", "path": "01-10x2.jsonl"}],
            "profile": {"kind": "concurrent", "streams": [2]},
            "constraints": [{"kind": "max_requests", "count": 10}],
            "metrics": {"kind": "generative", "sample_size": 0},
            "outputs": [{"kind": "json", "path": "01-10x2.report.json"}],
        },
    }
    assert not (machine.folder / "owned").exists()


def test_a_certificate_is_verified_where_somebody_named_it(machine: World) -> None:
    tree = render(machine.folder, IN_CLUSTER)
    found = scenarios(machine, tree, GATEWAY_ADDRESS="models.example.com")
    backend = found["01-10x2.json"]["spec"]["backend"]
    assert backend["target"] == f"http://models.example.com{PATH_OF_SERVICE}"
    assert backend["verify"] is True


def test_a_tool_that_stops_is_named_with_its_last_words(machine: World) -> None:
    done = machine.bash(render(machine.folder, TEN), GUIDELLM_DIES="01-10x2")
    assert done.returncode == 1
    assert (
        "RuntimeError: guidellm died\n"
        "error: guidellm stopped in 01-10x2; its last words are above\n" in done.stderr
    )
    assert list((machine.folder / "benchmark-results").iterdir()) == []


def test_a_service_that_answers_nothing_is_not_measured(machine: World) -> None:
    done = machine.bash(render(machine.folder, TEN), GUIDELLM_FAILS="00-warm-up")
    assert done.returncode == 1
    assert done.stderr.splitlines()[0].startswith("HTTPStatusError(\"Server error '500 ")
    problem = "error: not one request succeeded: run scripts/test-cluster.sh"
    assert problem in done.stderr.splitlines()
    assert len(machine.seen) == 1


def test_without_guidellm_it_says_so_before_it_asks_the_cluster(machine: World) -> None:
    (machine.folder / "bin/guidellm").unlink()
    path = f"{machine.folder / 'bin'}:/usr/bin:/bin"
    done = machine.bash(OUT / "qwen-3b-v6e", PATH=path)
    assert done.stderr == "error: install first: guidellm\n"
    assert not (machine.folder / "calls").exists()


def test_another_guidellm_is_warned_of(machine: World) -> None:
    path = machine.folder / "bin/guidellm"
    text = path.read_text(encoding="utf-8")
    other = '[ "$1" != --version ] || { echo "guidellm version: 0.5.2"; exit; }'
    path.write_text(text.replace("exec", f"{other}\nexec", 1), encoding="utf-8")
    done = machine.bash(render(machine.folder, TEN))
    assert done.stderr == (
        "warning: this script was written for guidellm 0.8, and found: guidellm version: 0.5.2\n"
    )


def test_nothing_is_left_in_the_home_folder(machine: World) -> None:
    tree = render(machine.folder, TEN)
    before = set(files_of(machine.folder))
    machine.bash(tree, "--output", "made-here", TMPDIR=str(machine.folder))
    left = {name for name in set(files_of(machine.folder)) - before if "made-here" not in name}
    assert left == {"calls"}


def test_a_context_too_short_for_the_prompts_shortens_them(machine: World) -> None:
    tree = render(machine.folder, f"server: {{maxModelLen: 256}}\n{TEN}")
    text = (tree / "lib/benchmark.sh").read_text(encoding="utf-8")
    assert "\nPROMPT_WORDS=32\nSHARED_WORDS=64\n" in text


def test_prefix_caching_decides_what_the_cache_test_says(machine: World) -> None:
    done = machine.bash(render(machine.folder, f"server: {{prefixCaching: true}}\n{TEN}"))
    assert "prefix caching is off" not in done.stdout
    assert "25.6% faster" in done.stdout


@pytest.mark.parametrize(("option", "expected"), [("--direct", True), ("--in-cluster", False)])
def test_a_dry_run_prints_every_command_and_calls_none(
    machine: World, option: str, *, expected: bool
) -> None:
    tree = render(machine.folder, IN_CLUSTER)
    for name in ("kubectl", "guidellm"):
        machine.install(name, '#!/bin/sh\necho called >>"$STATE/calls"\n')
    done = machine.bash(tree, "--dry-run", option)
    assert done.returncode == 0, done.stderr
    assert not (machine.folder / "calls").exists()
    assert not (machine.folder / "benchmark-results").exists()
    assert (" port-forward " in done.stdout) == expected
    ran = "guidellm run --config 01-10x2.json --disable-console"
    assert (ran in done.stdout.splitlines()) == expected
    created = " create configmap qwen2-3b-pattern1-benchmark-scenarios "
    assert (created in done.stdout) != expected
