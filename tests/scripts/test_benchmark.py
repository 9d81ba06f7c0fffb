from __future__ import annotations

import json
import re
import shlex
import subprocess
import sys
import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree as ET

import pytest
import yaml
from benchmark_world import KUBECTL, PATH_OF_SERVICE, World, jq, render, run_job_in_logs
from support import OUT, files_of, need

if TYPE_CHECKING:
    from collections.abc import Iterator

HERE = Path(__file__).parent
SVG = "{http://www.w3.org/2000/svg}"


@contextmanager
def model_server() -> Iterator[tuple[int, list[tuple[str, str, dict[str, Any]]]]]:
    """Serve completions on loopback; what comes in is kept."""
    seen: list[tuple[str, str, dict[str, Any]]] = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            seen.append((self.request_version, self.path, json.loads(body)))
            self.send_response(200)
            self.send_header("Content-Length", "2")
            self.end_headers()
            self.wfile.write(b"{}")

        def log_message(self, *_: object) -> None:
            """Keep quiet."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server.server_port, seen
        server.shutdown()


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    standin = f'#!/bin/sh\nexec {shlex.quote(sys.executable)} {HERE / "guidellm_standin.py"} "$@"\n'
    with model_server() as (port, seen):
        world = World(tmp_path, port, seen)
        world.install("kubectl", KUBECTL)
        world.install("guidellm", standin)
        yield world


TEN = "benchmark: {scenarios: [10/2]}\n"
TEN_AND_TWENTY = "benchmark: {scenarios: [10/2, 20/5]}\n"
IN_CLUSTER = "benchmark: {scenarios: [10/2], image: registry.redhat.io/tools/guidellm:0.8.1}\n"


def test_every_step_of_load_gets_a_line_and_all_reports_are_kept(world: World) -> None:
    done = world.bash(render(world.folder, TEN))
    assert done.returncode == 0, done.stderr
    assert (
        (world.results() / "results.txt").read_text(encoding="utf-8")
        == """\
load  failed  req/s  tok/s  TTFT p50   p95   p99  ITL p50  p95  p99  request p50  p95  p99
10/2       0   18.7    374      32.9  56.9  56.9      3.3  3.9  3.9         94.3  125  125
load: requests/clients; TTFT: time to first token, ITL: between tokens, request: whole answer, in ms
cache test: 5 requests one by one, which share most of 13 tokens
TTFT 38.59 ms, then 24.67, 33.91, 18.71, 37.55 ms: 25.6% faster
prefix caching is off (server.prefixCaching): a difference here is chance
"""
    )
    assert done.stdout.endswith((world.results() / "results.txt").read_text(encoding="utf-8"))
    assert sorted(files_of(world.results())) == [
        "00-warm-up.report.json",
        "01-10x2.report.json",
        "02-cache.report.json",
        "plot.svg",
        "results.json",
        "results.txt",
    ]


def test_the_results_hold_the_numbers_of_the_report(world: World) -> None:
    world.bash(render(world.folder, TEN))
    results = json.loads((world.results() / "results.json").read_text(encoding="utf-8"))
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
    assert results["url"] == f"http://127.0.0.1:{world.port}{PATH_OF_SERVICE}"
    assert results["from"] == "this machine"


def test_requests_take_the_route_of_the_service_and_name_its_model(world: World) -> None:
    world.bash(render(world.folder, TEN))
    assert {version for version, _, _ in world.seen} == {"HTTP/1.1"}
    assert {path for _, path, _ in world.seen} == {f"{PATH_OF_SERVICE}/v1/completions"}
    assert {(body["model"], body["max_tokens"]) for _, _, body in world.seen} == {
        ("Qwen/Qwen2.5-3B-Instruct", 50)
    }
    assert len(world.seen) == 3


def test_direct_goes_past_the_gateway_through_a_port_forward(world: World) -> None:
    done = world.bash(render(world.folder, TEN), "--direct")
    assert done.returncode == 0, done.stderr
    assert {path for _, path, _ in world.seen} == {"/v1/completions"}
    results = json.loads((world.results() / "results.json").read_text(encoding="utf-8"))
    assert results["url"] == "qwen2-3b-pattern1-kserve-workload-svc by port-forward"


def test_a_port_forward_is_not_looked_for_behind_a_proxy(world: World) -> None:
    proxy = {"http_proxy": "http://127.0.0.1:1", "NO_PROXY": "example.com"}
    done = world.bash(render(world.folder, TEN), "--direct", **proxy)
    assert done.returncode == 0, done.stderr


def test_failed_requests_are_counted_apart_and_end_the_script(world: World) -> None:
    tree = render(world.folder, TEN_AND_TWENTY)
    done = world.bash(tree, GUIDELLM_FAILS="02-20x5")
    assert done.returncode == 1
    assert "error: 3 request(s) failed" in done.stderr.splitlines()
    lines = done.stdout.splitlines()
    assert (
        "20/5       3   26.9    538      49.4   127   127      4.4  6.6  6.6          143  208  208"
        in lines
    )
    (line,) = [line for line in lines if line.startswith("3 failed at 20/5: ")]
    assert "HTTPStatusError(\"Server error '500 Internal Server Error' for url " in line
    results = json.loads((world.results() / "results.json").read_text(encoding="utf-8"))
    assert [(item["successful"], item["failed"]) for item in results["scenarios"]] == [
        (10, 0),
        (17, 3),
    ]
    texts = [item.text for item in ET.parse(world.results() / "plot.svg").iter(f"{SVG}text")]  # noqa: S314 - made here
    assert "3 requests failed and are in no figure" in texts


def test_a_cache_test_with_a_failure_has_no_figure(world: World) -> None:
    done = world.bash(render(world.folder, TEN), GUIDELLM_FAILS="02-cache")
    assert done.returncode == 1
    assert "cache test: no figure, because not all of its requests succeeded" in done.stdout
    cache = json.loads((world.results() / "results.json").read_text(encoding="utf-8"))["cache"]
    assert (cache["firstToken"], cache["laterFirstTokens"], cache["faster"]) == (None, [], None)


def test_the_picture_shows_each_value_once_at_its_height(world: World) -> None:
    tree = render(world.folder, TEN_AND_TWENTY)
    world.bash(tree, GUIDELLM_FAILS="02-20x5")
    root = ET.parse(world.results() / "plot.svg").getroot()  # noqa: S314 - made here
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


def test_a_step_without_one_answer_leaves_a_gap_in_table_and_picture(world: World) -> None:
    tree = render(world.folder, TEN)
    world.bash(tree)
    report = json.loads((HERE / "benchmark_reports" / "none.json").read_text(encoding="utf-8"))
    report["config"]["metadata"]["labels"] = {"name": "01-3x1", "requests": "3", "clients": "1"}
    (world.folder / "none.json").write_text(json.dumps(report), encoding="utf-8")
    names = ("profile", "run", "url", "model", "from")
    options = [word for name in names for word in ("--arg", name, "x")]
    options += ["--argjson", "caching", "true", "-f", str(tree / "lib/benchmark-results.jq")]
    reports = [world.folder / "none.json", world.results() / "02-cache.report.json"]
    results = jq(*options, "-s", *map(str, reports))
    table = jq("-r", "-f", str(tree / "lib/benchmark-table.jq"), stdin=results)
    assert table.splitlines()[1].split("\t") == ["3/1", "3", "0.0", "0.0", *["-"] * 9]
    picture = ET.fromstring(jq("-r", "-f", str(tree / "lib/benchmark-plot.jq"), stdin=results))  # noqa: S314 - made here
    assert list(picture.iter(f"{SVG}circle")) == []


def test_two_runs_are_compared_value_by_value(world: World) -> None:
    tree = render(world.folder, "benchmark: {scenarios: [20/5]}\n")
    world.bash(tree, "--output", "first")
    world.bash(tree, "--output", "second", GUIDELLM_FAILS="01-20x5")
    (first,), (second,) = (list((world.folder / name).iterdir()) for name in ("first", "second"))
    done = world.bash(tree, "--compare", str(first), str(second / "results.json"))
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


def test_runs_that_differ_in_more_than_time_are_pointed_out(world: World) -> None:
    tree = render(world.folder, TEN)
    world.bash(tree, "--output", "first")
    world.bash(tree, "--output", "second", "--direct")
    (first,), (second,) = (list((world.folder / name).iterdir()) for name in ("first", "second"))
    done = world.bash(tree, "--compare", str(first), str(second))
    assert done.stderr == "warning: the runs also differ in: url\n"


@pytest.mark.parametrize("content", [None, "", "{}", "[1", '"text"'])
def test_what_holds_no_results_is_not_compared(world: World, content: str | None) -> None:
    (world.folder / "run").mkdir()
    if content is not None:
        (world.folder / "run" / "results.json").write_text(content, encoding="utf-8")
    done = world.bash(OUT / "qwen-3b-v6e", "--compare", "run", "run")
    assert done.returncode == 1
    assert "error: no results in run: name a folder that this script wrote" in done.stderr


def test_comparing_calls_neither_kubectl_nor_guidellm(world: World) -> None:
    tree = render(world.folder, TEN)
    world.bash(tree)
    for name in ("kubectl", "guidellm"):
        (world.folder / "bin" / name).write_text("#!/bin/sh\nexit 9\n", encoding="utf-8")
    assert world.bash(tree, "--compare", *[str(world.results())] * 2).returncode == 0


def scenarios(world: World, tree: Path, **environment: str) -> dict[str, Any]:
    """Read the scenarios of a run, which the Job's ConfigMap shows."""
    (world.folder / "container.sh").write_text("exit 1\n", encoding="utf-8")
    world.bash(tree, "--in-cluster", **environment)
    found: dict[str, Any] = {}
    for path in (world.folder / "scenarios").iterdir():
        text = path.read_text(encoding="utf-8")
        if path.suffix == ".json":
            found[path.name] = json.loads(text)
        else:
            found[path.name] = [json.loads(line) for line in text.splitlines()]
    return found


def test_no_two_prompts_of_a_load_begin_alike_and_those_of_the_cache_test_do(world: World) -> None:
    found = scenarios(world, render(world.folder, IN_CLUSTER))
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


def test_a_scenario_asks_for_no_hub_and_a_hostile_name_arrives_whole(world: World) -> None:
    change = f"service: {{servedModelName: {json.dumps(HOSTILE)}}}\n{IN_CLUSTER}"
    found = scenarios(world, render(world.folder, change), REQUEST_TIMEOUT="7")
    assert found["01-10x2.json"] == {
        "metadata": {"labels": {"name": "01-10x2", "requests": "10", "clients": "2"}},
        "spec": {
            "backend": {
                "kind": "openai_http",
                "target": f"http://127.0.0.1:{world.port}{PATH_OF_SERVICE}",
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
    assert not (world.folder / "owned").exists()


def test_a_hostile_name_is_text_in_the_picture(world: World) -> None:
    name = "<script>&\"'"
    done = world.bash(
        render(world.folder, f"service: {{servedModelName: {json.dumps(name)}}}\n{TEN}")
    )
    assert done.returncode == 0, done.stderr
    title = next(ET.parse(world.results() / "plot.svg").iter(f"{SVG}text")).text  # noqa: S314 - made here
    assert title == f"made: {name}"


def test_a_certificate_is_verified_where_somebody_named_it(world: World) -> None:
    tree = render(world.folder, IN_CLUSTER)
    found = scenarios(world, tree, GATEWAY_ADDRESS="models.example.com")
    backend = found["01-10x2.json"]["spec"]["backend"]
    assert backend["target"] == f"http://models.example.com{PATH_OF_SERVICE}"
    assert backend["verify"] is True


def test_a_job_measures_the_same_from_inside_the_cluster(world: World) -> None:
    tree = render(world.folder, IN_CLUSTER)
    run_job_in_logs(world, tree)
    done = world.bash(tree, "--in-cluster")
    assert done.returncode == 0, done.stderr
    table = (
        "10/2       0   18.7    374      32.9  56.9  56.9      3.3  3.9  3.9         94.3  125  125"
    )
    assert table in done.stdout.splitlines()
    results = json.loads((world.results() / "results.json").read_text(encoding="utf-8"))
    assert results["from"] == "inside the cluster"
    namespace = " --namespace llm-d-inference-scheduling"
    calls = [re.sub(r" /\S*/", " ", call.replace(namespace, "")) for call in world.calls()]
    assert calls[1:] == [
        "delete job qwen2-3b-pattern1-benchmark --ignore-not-found",
        "delete configmap qwen2-3b-pattern1-benchmark-scenarios --ignore-not-found",
        "create configmap qwen2-3b-pattern1-benchmark-scenarios --from-file scenarios",
        "apply --server-side --force-conflicts --kustomize benchmark",
        "get job qwen2-3b-pattern1-benchmark --output json",
        "logs job/qwen2-3b-pattern1-benchmark",
    ]


def test_a_job_that_stops_shows_its_last_words(world: World) -> None:
    tree = render(world.folder, IN_CLUSTER)
    run_job_in_logs(world, tree)
    done = world.bash(tree, "--in-cluster", GUIDELLM_DIES="01-10x2")
    assert done.returncode == 1
    assert "RuntimeError: guidellm died\nguidellm stopped in 01-10x2\n" in done.stderr
    assert "error: the Job qwen2-3b-pattern1-benchmark did not come to its end" in done.stderr


def test_without_an_image_there_is_no_job_and_no_option_for_it(world: World) -> None:
    tree = OUT / "qwen-3b-v6e"
    assert not (tree / "benchmark").exists()
    done = world.bash(tree, "--in-cluster")
    assert done.stderr == "error: unknown option: --in-cluster (--help lists what there is)\n"
    assert "--in-cluster" not in world.bash(tree, "--help").stdout


def test_the_job_has_its_own_kustomization_in_none_that_deploy_applies(world: World) -> None:
    tree = render(world.folder, IN_CLUSTER)

    def built(folder: Path) -> list[Any]:
        command = [need("kubectl"), "kustomize", str(folder)]
        text = subprocess.run(command, capture_output=True, text=True, check=True).stdout
        return list(yaml.safe_load_all(text))

    names = {(item["kind"], item["metadata"]["name"]) for item in built(tree / "benchmark")}
    assert names == {
        ("Job", "qwen2-3b-pattern1-benchmark"),
        ("NetworkPolicy", "qwen2-3b-pattern1-benchmark-ingress"),
        ("NetworkPolicy", "qwen2-3b-pattern1-benchmark-egress"),
    }
    assert not [item for item in built(tree) if "benchmark" in item["metadata"]["name"]]
    without = render(world.folder, f"networkPolicies: {{enabled: false}}\n{IN_CLUSTER}")
    assert [item["kind"] for item in built(without / "benchmark")] == ["Job"]


def test_the_job_uses_the_pull_secret_only_for_its_own_registry(world: World) -> None:
    for image, secrets in {
        "registry.redhat.io/tools/guidellm:0.8.1": [{"name": "redhat-pull-secret"}],
        "registry.example.com/guidellm:0.8.1": None,
    }.items():
        tree = render(world.folder, f"benchmark: {{image: {image}}}\n")
        job = yaml.safe_load((tree / "benchmark/job.yaml").read_text(encoding="utf-8"))
        pod = job["spec"]["template"]["spec"]
        assert pod["containers"][0]["image"] == image
        assert pod.get("imagePullSecrets") == secrets


def test_requests_that_fit_into_no_configmap_are_refused(world: World) -> None:
    change = "benchmark: {scenarios: [9999/20], image: registry.example.com/guidellm:0.8.1}\n"
    done = world.bash(render(world.folder, change), "--in-cluster")
    assert (
        "error: the prompts do not fit into a ConfigMap: "
        "ask for fewer requests in benchmark.scenarios"
    ) in done.stderr.splitlines()
    assert not [call for call in world.calls() if "create" in call or "delete" in call]


def test_a_tool_that_stops_is_named_with_its_last_words(world: World) -> None:
    done = world.bash(render(world.folder, TEN), GUIDELLM_DIES="01-10x2")
    assert done.returncode == 1
    assert (
        "RuntimeError: guidellm died\nerror: guidellm stopped; its last words are above\n"
        in done.stderr
    )
    assert not (world.folder / "benchmark-results").exists()


def test_a_service_that_answers_nothing_is_not_measured(world: World) -> None:
    done = world.bash(render(world.folder, TEN), GUIDELLM_FAILS="00-warm-up")
    assert done.returncode == 1
    assert done.stderr.splitlines()[0].startswith("HTTPStatusError(\"Server error '500 ")
    problem = "error: not one request succeeded: run scripts/test-cluster.sh"
    assert problem in done.stderr.splitlines()
    assert len(world.seen) == 1


def test_without_guidellm_it_says_so_before_it_asks_the_cluster(world: World) -> None:
    (world.folder / "bin/guidellm").unlink()
    path = f"{world.folder / 'bin'}:/usr/bin:/bin"
    done = world.bash(OUT / "qwen-3b-v6e", PATH=path)
    assert done.stderr == "error: install first: guidellm\n"
    assert not (world.folder / "calls").exists()


def test_another_guidellm_is_warned_of(world: World) -> None:
    path = world.folder / "bin/guidellm"
    text = path.read_text(encoding="utf-8")
    other = '[ "$1" != --version ] || { echo "guidellm version: 0.5.2"; exit; }'
    path.write_text(text.replace("exec", f"{other}\nexec", 1), encoding="utf-8")
    done = world.bash(render(world.folder, TEN))
    assert done.stderr == (
        "warning: this script was written for guidellm 0.8, and found: guidellm version: 0.5.2\n"
    )


def test_nothing_is_left_in_the_home_folder(world: World) -> None:
    tree = render(world.folder, TEN)
    before = set(files_of(world.folder))
    world.bash(tree, "--output", "made-here", TMPDIR=str(world.folder))
    left = {name for name in set(files_of(world.folder)) - before if "made-here" not in name}
    assert left == {"calls"}


def test_a_context_too_short_for_the_prompts_shortens_them(world: World) -> None:
    tree = render(world.folder, f"server: {{maxModelLen: 256}}\n{TEN}")
    text = (tree / "lib/benchmark.sh").read_text(encoding="utf-8")
    assert "\nPROMPT_WORDS=32\nSHARED_WORDS=64\n" in text


def test_prefix_caching_decides_what_the_cache_test_says(world: World) -> None:
    done = world.bash(render(world.folder, f"server: {{prefixCaching: true}}\n{TEN}"))
    assert "prefix caching is off" not in done.stdout
    assert "25.6% faster" in done.stdout


@pytest.mark.parametrize(("option", "expected"), [("--direct", True), ("--in-cluster", False)])
def test_a_dry_run_prints_every_command_and_calls_none(
    world: World, option: str, *, expected: bool
) -> None:
    tree = render(world.folder, IN_CLUSTER)
    for name in ("kubectl", "guidellm"):
        world.install(name, '#!/bin/sh\necho called >>"$STATE/calls"\n')
    done = world.bash(tree, "--dry-run", option)
    assert done.returncode == 0, done.stderr
    assert not (world.folder / "calls").exists()
    assert not (world.folder / "benchmark-results").exists()
    assert (" port-forward " in done.stdout) == expected
    ran = "guidellm run --config 01-10x2.json --disable-console"
    assert (ran in done.stdout.splitlines()) == expected
    created = " create configmap qwen2-3b-pattern1-benchmark-scenarios "
    assert (created in done.stdout) != expected
