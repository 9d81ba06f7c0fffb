"""test-cluster.sh against a service that is well: ways to it, and requests."""

from __future__ import annotations

import json
import os
import shlex
from typing import TYPE_CHECKING

import pytest
from scripts.model_server import Model, serve
from scripts.service_desk import (
    KUBECTL,
    MODEL,
    NAMES,
    PATHS,
    PREFIX,
    Bench,
    assert_agreement,
    render,
)
from support import OUT

if TYPE_CHECKING:
    from pathlib import Path


def test_a_healthy_service_passes_every_test(bench: Bench) -> None:
    model = Model(MODEL, headers=(("X-Went-Into-Resp-Headers", "true"),))
    ended = bench.try_model(model)
    assert ended.named("passed") == NAMES, ended.stdout
    assert_agreement(ended)
    details = {test["name"]: test["detail"] for test in ended.report["tests"]}
    words = len(model.requests[-2].data()["prompt"].split())
    assert details == {
        "health": "HTTP 200",
        "models": '["Qwen/Qwen2.5-3B-Instruct"]',
        "completion": '4 + 5 tokens: "I am fine, thank you."',
        "chat": '3 + 5 tokens: "I am fine, thank you."',
        "routing": "the endpoint picker marked the answer, Pod model-server-1 logged the request",
        "metrics": "7 samples from vLLM",
        "prefix cache": f"{(words - 1) // 16 * 16} of {words} tokens of a repeated prompt "
        "came from the cache",
    }
    assert words > 500
    assert ended.report["way"] == "gateway"
    assert ended.stderr == ""


def test_requests_take_the_gateway_but_for_what_it_does_not_route(bench: Bench) -> None:
    gateway, pod = Model(MODEL), Model(MODEL)
    with serve(gateway) as outer, serve(pod) as inner:
        bench.point(outer, inner)
        bench.run()
    assert [(request.method, request.path) for request in gateway.requests] == [
        ("GET", f"{PREFIX}/health"),
        ("GET", f"{PREFIX}/v1/models"),
        ("POST", f"{PREFIX}/v1/completions"),
        ("POST", f"{PREFIX}/v1/chat/completions"),
        ("POST", f"{PREFIX}/v1/completions"),
    ]
    assert [request.path for request in pod.requests] == [
        "/metrics",
        "/metrics",
        "/v1/completions",
        "/metrics",
        "/v1/completions",
        "/metrics",
    ]
    assert {request.version for request in gateway.requests} == {"HTTP/1.1"}
    prompts = [request.data()["prompt"] for request in pod.requests if request.body]
    assert prompts[0] == prompts[1]
    assert prompts[0].startswith("Run ")


def test_with_a_port_forward_nothing_goes_to_the_gateway(bench: Bench) -> None:
    pod = Model(MODEL, log=bench.state / "log")
    with serve(pod) as inner:
        bench.point(None, inner)
        ended = bench.run("--port-forward")
    assert ended.named("passed") == [name for name in NAMES if name != "routing"]
    assert ended.test("routing")["detail"] == "the requests go around Gateway and endpoint picker"
    assert_agreement(ended)
    assert pod.requests[0].path == "/health"
    assert " get " not in (bench.state / "calls").read_text()
    forwards = (bench.state / "calls").read_text().splitlines()
    assert len(forwards) == 1
    assert forwards[0].endswith("service/qwen2-3b-pattern1-kserve-workload-svc :8000")


def test_an_internal_gateway_is_asked_only_where_its_address_is_given(tmp_path: Path) -> None:
    tree = render(tmp_path, "gateway.className=gke-l7-rilb", "gateway.allowedSourceRanges=null")
    bench = Bench(tree, tmp_path / "state")
    gateway, pod = Model(MODEL), Model(MODEL)
    with serve(gateway) as outer, serve(pod) as inner:
        bench.point(outer, inner)
        ended = bench.run()
        assert ended.report["way"] == "port-forward"
        assert "The Gateway is internal" in ended.stdout
        assert gateway.requests == []
        ended = bench.run(GATEWAY_ADDRESS=f"127.0.0.1:{outer}")
    assert ended.report["way"] == "gateway"
    assert len(gateway.requests) == 5


def test_a_refused_connection_fails_what_needs_the_gateway(bench: Bench, dead_port: int) -> None:
    with serve(Model(MODEL)) as inner:
        bench.point(dead_port, inner)
        ended = bench.run()
    assert ended.named("failed") == ["health", "models", "completion", "chat", "routing"]
    assert ended.named("passed") == ["metrics", "prefix cache"]
    assert f"port {dead_port}" in ended.test("chat")["detail"]
    assert "\n" not in ended.test("chat")["detail"]
    assert_agreement(ended)


def test_without_a_port_forward_metrics_fail_and_the_cache_is_not_measurable(bench: Bench) -> None:
    with serve(Model(MODEL, log=bench.state / "log")) as outer:
        bench.point(outer, None)
        ended = bench.run()
    assert ended.named("failed") == ["metrics"]
    assert ended.stderr == ""  # nobody waited for what had ended
    assert ended.test("metrics")["detail"] == (
        "no port-forward to qwen2-3b-pattern1-kserve-workload-svc: "
        'error: Pods "x" is forbidden: <no> & "never" '
    )
    assert ended.test("prefix cache")["result"] == "skipped"
    assert ended.test("prefix cache")["detail"] == "not measurable without a port-forward"
    assert_agreement(ended)


def test_kserves_own_route_is_asked_for_completions_only(tmp_path: Path) -> None:
    tree = render(tmp_path, "routing=managed", "managedRoute=shadow")
    library = tree / "lib" / "endpoint.sh"
    text = library.read_text()
    assert "\nROUTES_ALL=1\n" in text
    preset = (OUT / "qwen-3b-v6e-as-documented" / "lib" / "endpoint.sh").read_text()
    assert "\nROUTES_ALL=\n" in preset
    library.write_text(text.replace("ROUTES_ALL=1", "ROUTES_ALL="))
    bench = Bench(tree, tmp_path / "state")
    gateway, pod = Model(MODEL), Model(MODEL)
    with serve(gateway) as outer, serve(pod) as inner:
        bench.point(outer, inner)
        ended = bench.run()
    assert ended.named("failed") == []
    assert {request.end for request in gateway.requests} == {PATHS["completion"], PATHS["chat"]}
    assert [request.path for request in pod.requests] == ["/health", "/v1/models", "/metrics"]


def test_a_dry_run_sends_nothing_and_shows_every_request(bench: Bench) -> None:
    model = Model(MODEL)
    with serve(model) as port:
        bench.point(port, port)
        ended = bench.run("--dry-run")
    assert ended.status == 0, ended.stderr
    assert model.requests == []
    assert (bench.state / "calls").read_text() == ""
    assert not bench.output.exists()
    curls = [
        shlex.split(line[line.index("curl ") :])
        for line in ended.stdout.splitlines()
        if "curl " in line
    ]
    gateway = f"http://GATEWAY_ADDRESS{PREFIX}"
    inside = "http://127.0.0.1:FORWARDED_PORT"
    assert [words[-1] for words in curls] == [
        f"{gateway}/health",
        f"{gateway}/v1/models",
        f"{gateway}/v1/completions",
        f"{gateway}/v1/chat/completions",
        f"{gateway}/v1/completions",
        f"{inside}/metrics",
        f"{inside}/metrics",
        f"{inside}/v1/completions",
        f"{inside}/metrics",
        f"{inside}/v1/completions",
        f"{inside}/metrics",
    ]
    assert [words for words in curls if "--output" in words] == []
    assert json.loads(curls[2][curls[2].index("--data-raw") + 1])["model"] == MODEL
    assert "port-forward" in ended.stdout


@pytest.mark.parametrize(
    ("arguments", "variables", "message"),
    [
        (["--nonsense"], {}, "error: unknown option: --nonsense (--help lists what there is)\n"),
        (["--output"], {}, "error: --output needs a folder\n"),
        ([], {"REQUEST_TIMEOUT": "1m"}, "error: REQUEST_TIMEOUT is '1m': give whole seconds"),
        ([], {"GATEWAY_ADDRESS": "http://a"}, "GATEWAY_ADDRESS is 'http://a': give the address"),
        ([], {}, "the Gateway has no address yet: scripts/status.sh shows why\n"),
        (["--port-forward"], {}, "no port-forward to qwen2-3b-pattern1-kserve-workload-svc: error"),
    ],
)
def test_what_keeps_tests_from_running_has_its_own_status(
    bench: Bench, arguments: list[str], variables: dict[str, str], message: str
) -> None:
    ended = bench.run(*arguments, output=False, **variables)
    assert ended.status == 2
    assert message in ended.stderr


def test_the_port_forward_ends_with_the_script(bench: Bench) -> None:
    program = bench.state / "bin" / "kubectl"
    program.write_text(
        KUBECTL.replace('cat "$STATE/forward"', 'echo $$ >"$STATE/pid"; cat "$STATE/forward"')
    )
    assert bench.try_model(Model(MODEL)).status == 0
    with pytest.raises(ProcessLookupError):
        os.kill(int((bench.state / "pid").read_text()), 0)
