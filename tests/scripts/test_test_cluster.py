"""test-cluster.sh against a model server on loopback, a right one and many wrong ones."""

from __future__ import annotations

import json
import os
import re
import shlex
import socket
import subprocess
import xml.etree.ElementTree as ET
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pytest
from scripts.model_server import METRICS, Answer, Model, Reply, Request, as_json, serve
from support import OUT, need

from llmd_render import load, render_profile, write_tree

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

MODEL = "Qwen/Qwen2.5-3B-Instruct"
PREFIX = "/llm-d-inference-scheduling/qwen2-3b-pattern1"
NAMES = ["health", "models", "completion", "chat", "routing", "metrics", "prefix cache"]
GENERATED = ["completion", "chat", "routing", "prefix cache"]
KUBECTL = """\
#!/bin/sh
printf '%s\\n' "$*" >>"$STATE/calls"
case $* in
  *' port-forward '*)
    if [ ! -s "$STATE/forward" ]; then
      printf 'error: Pods "x" is\\033forbidden: <no> & "never"\\n' >&2
      exit 1
    fi
    cat "$STATE/forward"
    exec tail -f /dev/null
    ;;
  *' logs '*) cat "$STATE/log" ;;
  *' get gateways.gateway.networking.k8s.io '*) cat "$STATE/address" ;;
  *) echo "unexpected: $*" >&2; exit 1 ;;
esac
"""


@dataclass(frozen=True, slots=True)
class Ended:
    """A run of the script that is over."""

    status: int
    stdout: str
    stderr: str
    report: dict[str, Any]
    junit: ET.Element | None

    def named(self, result: str) -> list[str]:
        return [test["name"] for test in self.report["tests"] if test["result"] == result]

    def test(self, name: str) -> dict[str, Any]:
        return next(test for test in self.report["tests"] if test["name"] == name)


class Bench:
    """A tree, a cluster that is not there, and a way to run the script between them."""

    def __init__(self, tree: Path, state: Path) -> None:
        self.tree = tree
        self.state = state
        self.output = state / "results"
        program = state / "bin" / "kubectl"
        program.parent.mkdir(parents=True)
        program.write_text(KUBECTL)
        program.chmod(0o755)
        for name in ("calls", "forward", "log", "address"):
            (state / name).touch()

    def point(self, gateway: int | None, pod: int | None) -> None:
        """Tell kubectl where the Gateway is, and where a port-forward ends."""
        (self.state / "address").write_text("" if gateway is None else f"127.0.0.1:{gateway}")
        forward = "" if pod is None else f"Forwarding from 127.0.0.1:{pod} -> 8000\n"
        (self.state / "forward").write_text(forward)

    def run(self, *arguments: str, output: bool = True, **environment: str) -> Ended:
        for program in ("bash", "curl", "jq", "awk"):
            need(program)
        command = ["bash", str(self.tree / "scripts" / "test-cluster.sh"), *arguments]
        if output:
            command += ["--output", str(self.output)]
        variables = {
            "PATH": f"{self.state / 'bin'}:{os.environ['PATH']}",
            "HOME": str(self.state),
            "STATE": str(self.state),
            "WAIT_INTERVAL": "0.01",
            **environment,
        }
        ended = subprocess.run(
            command, env=variables, capture_output=True, text=True, check=False, timeout=60
        )
        report: dict[str, Any] = {}
        junit = None
        if (self.output / "test-results.json").exists():
            report = json.loads((self.output / "test-results.json").read_text(encoding="utf-8"))
            junit = ET.parse(self.output / "test-results.xml").getroot()  # noqa: S314 - ours
        return Ended(ended.returncode, ended.stdout, ended.stderr, report, junit)

    def try_model(self, model: Model, *arguments: str, **environment: str) -> Ended:
        """Run against one server that is both Gateway and Pod."""
        model.log = model.log or self.state / "log"
        with serve(model) as port:
            self.point(port, port)
            return self.run(*arguments, output=True, **environment)


def render(folder: Path, *settings: str) -> Path:
    outcome = render_profile(load("qwen-3b-v6e", settings))
    assert outcome.ok, outcome.diagnostics
    write_tree(outcome.files, folder / "tree")
    return folder / "tree"


@pytest.fixture(scope="module")
def cached_tree(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return render(tmp_path_factory.mktemp("cached"), "server.prefixCaching=true")


@pytest.fixture
def bench(cached_tree: Path, tmp_path: Path) -> Bench:
    return Bench(cached_tree, tmp_path / "state")


@pytest.fixture
def dead_port() -> Iterator[int]:
    """Give a port that is taken, so that nobody else can listen on it, and refuses."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        yield taken.getsockname()[1]


def assert_agreement(ended: Ended) -> None:
    """Terminal, JSON, JUnit and exit status tell the same."""
    assert ended.junit is not None
    suite = ended.junit.find("testsuite")
    assert suite is not None
    counts = {word: len(ended.named(word)) for word in ("passed", "failed", "skipped")}
    assert {word: ended.report[word] for word in counts} == counts
    assert {name: suite.get(name) for name in ("tests", "failures", "skipped", "errors")} == {
        "tests": str(sum(counts.values())),
        "failures": str(counts["failed"]),
        "skipped": str(counts["skipped"]),
        "errors": "0",
    }
    told = []
    for case in suite:
        kind = "failed" if case.find("failure") is not None else "passed"
        told.append((case.get("name"), "skipped" if case.find("skipped") is not None else kind))
    assert told == [(test["name"], test["result"]) for test in ended.report["tests"]]
    shown = re.findall(
        r"^(passed|FAILED|skipped) +([a-z]+(?: cache)?) ", ended.stdout, re.MULTILINE
    )
    assert [(name, word.lower()) for word, name in shown] == told
    summary = f"{counts['passed']} passed, {counts['failed']} failed, {counts['skipped']} skipped"
    assert f"\n{summary}\n" in ended.stdout
    assert ended.status == (1 if counts["failed"] else 0)


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


def constantly(answer: Answer) -> Reply:
    return lambda _: answer


def changed(model: Model, /, **changes: Any) -> Reply:
    """Answer as vLLM does, with changes laid over the JSON."""

    def reply(request: Request) -> Answer:
        return as_json({**json.loads(model.behave(request).body), **changes})

    return reply


HTML = Answer(200, b"<html><body>Sign in</body></html>", "text/html; charset=utf-8")
NOWHERE = Answer(308, b"", "text/html", (("Location", "https://elsewhere.example/health"),))
MISBEHAVIOURS = {
    "an unknown path": (
        Answer(404, b"fault filter abort", "text/plain"),
        "HTTP 404 instead of 200: fault filter abort",
        "no route matches this path: kubectl describe httproute",
    ),
    "no backend": (
        Answer(503, b"no healthy upstream", "text/plain"),
        "HTTP 503 instead of 200: no healthy upstream",
        "no healthy backend: kubectl describe healthcheckpolicy, then scripts/status.sh",
    ),
    "a redirect": (
        NOWHERE,
        "HTTP 308 instead of 200, a redirect to https://elsewhere.example/health",
        "send to where it redirects: check GATEWAY_ADDRESS and the scheme",
    ),
    "HTTP/1.0 on the way": (
        Answer(426, b"Upgrade Required", "text/plain"),
        "HTTP 426 instead of 200: Upgrade Required",
        "something on the way speaks HTTP/1.0: look for a proxy",
    ),
    "a client from elsewhere": (
        Answer(403, b"<h1>403 Forbidden</h1>", "text/html"),
        "HTTP 403 instead of 200: <h1>403 Forbidden</h1>",
        "check that your address is in gateway.allowedSourceRanges of the profile",
    ),
    "a huge answer": (
        Answer(200, b"a" * 6_000_000, "text/plain"),
        "the answer has more than 5 MB",
        "something else answers here: check GATEWAY_ADDRESS and the HTTPRoute",
    ),
    "a connection that breaks": (
        Answer(200, b'{"data": ', "text/plain", missing=40),
        "transfer closed with 40 bytes remaining to read",
        "scripts/status.sh shows whether Gateway and Pods are ready",
    ),
}


@pytest.mark.parametrize("name", MISBEHAVIOURS)
def test_what_goes_wrong_everywhere_fails_every_request(bench: Bench, name: str) -> None:
    answer, detail, next_step = MISBEHAVIOURS[name]
    ended = bench.try_model(Model(MODEL, replies={"": constantly(answer)}))
    assert ended.named("failed") == NAMES[:-1]
    failed = [test for test in ended.report["tests"] if test["result"] == "failed"]
    assert {test["detail"] for test in failed} == {detail}
    assert {test["next"] for test in failed} == {next_step}
    assert ended.test("prefix cache")["detail"] == (
        "not measurable: no prefix cache counters in the metrics"
    )
    assert_agreement(ended)


PATHS = {"models": "/v1/models", "completion": "/v1/completions", "chat": "/v1/chat/completions"}


@pytest.mark.parametrize("name", ["health", "models", "chat", "metrics"])
def test_what_goes_wrong_on_one_path_fails_that_test_alone(bench: Bench, name: str) -> None:
    path = PATHS.get(name, f"/{name}")
    answer = Answer(503, b"overloaded", "text/plain")
    ended = bench.try_model(Model(MODEL, replies={path: constantly(answer)}))
    assert ended.named("failed") == [name]
    assert ended.named("skipped") == (["prefix cache"] if name == "metrics" else [])
    assert_agreement(ended)


def test_a_page_in_html_with_status_200_passes_nothing(bench: Bench) -> None:
    ended = bench.try_model(Model(MODEL, replies={"": constantly(HTML)}))
    assert ended.named("failed") == NAMES[:-1]
    assert ended.test("health")["detail"] == (
        "the answer is HTML: <html><body>Sign in</body></html>"
    )
    assert ended.test("chat")["detail"] == (
        'the content type is "text/html; charset=utf-8", not application/json: '
        "<html><body>Sign in</body></html>"
    )
    assert ended.test("metrics")["detail"].startswith(
        'the content type is "text/html; charset=utf-8", not text/plain'
    )
    assert_agreement(ended)


def test_an_unknown_model_is_explained_in_vllms_words(bench: Bench) -> None:
    ended = bench.try_model(Model("another/model"))
    assert ended.named("failed") == ["models", *GENERATED]
    assert ended.named("passed") == ["health", "metrics"]
    assert ended.test("models")["detail"] == (
        'it serves ["another/model"], not "Qwen/Qwen2.5-3B-Instruct"'
    )
    assert ended.test("chat")["detail"] == (
        "HTTP 404 instead of 200: The model `Qwen/Qwen2.5-3B-Instruct` does not exist."
    )
    assert ended.test("chat")["next"] == (
        "the server does not know this model name: see /v1/models, then run scripts/deploy.sh"
    )
    assert_agreement(ended)


def test_an_answer_that_comes_too_late_is_a_time_out(bench: Bench) -> None:
    model = Model(MODEL)

    def reply(request: Request) -> Answer:
        model.released.wait()
        return model.behave(request)

    model.replies["/v1/chat/completions"] = reply
    ended = bench.try_model(model, REQUEST_TIMEOUT="1")
    assert ended.named("failed") == ["chat"]
    assert ended.test("chat")["detail"] == "no complete answer within 1 s"
    assert 1 <= ended.test("chat")["seconds"] < 20
    assert ended.test("chat")["next"] == (
        "a server that still compiles is slow: try again, or raise REQUEST_TIMEOUT"
    )
    assert_agreement(ended)


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


def test_truncated_json_is_named_as_such(bench: Bench) -> None:
    ended = bench.try_model(
        Model(MODEL, replies={"/v1/models": constantly(Answer(200, b'{"data": [{"id": "Qw'))})
    )
    assert ended.named("failed") == ["models"]
    assert ended.test("models")["detail"] == ('the answer is not valid JSON: {"data": [{"id": "Qw')
    assert_agreement(ended)


SHAPES: dict[str, tuple[dict[str, Any], str]] = {
    "another model": (
        {"model": "a"},
        'it comes from the model "a", not "Qwen/Qwen2.5-3B-Instruct"',
    ),
    "no choices": ({"choices": []}, "choices is empty"),
    "choices of another type": ({"choices": "many"}, "choices is empty"),
    "no text": (
        {"choices": [{"message": {"content": None}, "finish_reason": "stop"}]},
        "choices[0] has no text",
    ),
    "white space": (
        {"choices": [{"message": {"content": " \n "}, "finish_reason": "stop"}]},
        "choices[0] has no text",
    ),
    "a choice of another type": (
        {"choices": [3]},
        'choices[0] has no text; finish_reason is null, not "stop" or "length"',
    ),
    "no reason": (
        {"choices": [{"message": {"content": "a"}, "finish_reason": "abort"}]},
        'finish_reason is "abort", not "stop" or "length"',
    ),
    "no usage": ({"usage": None}, "usage is missing"),
    "usage without counts": (
        {"usage": {"prompt_tokens": 3, "completion_tokens": 2.5, "total_tokens": 5.5}},
        "usage lacks token counts",
    ),
    "a wrong sum": (
        {"usage": {"prompt_tokens": 3, "completion_tokens": 2, "total_tokens": 6}},
        "usage does not add up: 3 + 2 tokens, 6 in total, 100 allowed",
    ),
    "more than allowed": (
        {"usage": {"prompt_tokens": 3, "completion_tokens": 101, "total_tokens": 104}},
        "usage does not add up: 3 + 101 tokens, 104 in total, 100 allowed",
    ),
    "nothing made": (
        {"usage": {"prompt_tokens": 3, "completion_tokens": 0, "total_tokens": 3}},
        "usage does not add up: 3 + 0 tokens, 3 in total, 100 allowed",
    ),
    "another object": (
        {"object": "text_completion"},
        'object is "text_completion", not "chat.completion"',
    ),
}


@pytest.mark.parametrize("name", SHAPES)
def test_a_wrong_shape_fails_with_status_200(bench: Bench, name: str) -> None:
    changes, detail = SHAPES[name]
    model = Model(MODEL)
    model.replies["/v1/chat/completions"] = changed(model, **changes)
    ended = bench.try_model(model)
    assert ended.named("failed") == ["chat"]
    assert ended.test("chat")["detail"] == detail
    assert ended.test("chat")["httpStatus"] == 200
    assert_agreement(ended)


@pytest.mark.parametrize("body", [b"null", b"[]", b'"text"', b"3"])
def test_json_that_is_no_object_fails(bench: Bench, body: bytes) -> None:
    replies = dict.fromkeys(PATHS.values(), constantly(Answer(200, body)))
    ended = bench.try_model(Model(MODEL, replies=replies))
    assert ended.named("failed") == ["models", *GENERATED]
    assert ended.test("models")["detail"] == f"the answer is no JSON object: {body.decode()}"


@pytest.mark.parametrize(
    "message",
    [
        {"content": "Yes.", "reasoning_content": None},
        {"content": None, "reasoning_content": "Let me think"},
        {"content": None, "reasoning": "Let me think"},
    ],
)
def test_thoughts_alone_are_an_answer(bench: Bench, message: dict[str, Any]) -> None:
    model = Model(MODEL)
    choice = {"message": message, "finish_reason": "length"}
    model.replies["/v1/chat/completions"] = changed(model, choices=[choice])
    assert bench.try_model(model).named("failed") == []


def test_metrics_of_something_else_fail(bench: Bench) -> None:
    text = b"# HELP vllm:none\nup 1\n#vllm:a 1\n"
    ended = bench.try_model(
        Model(MODEL, replies={"/metrics": constantly(Answer(200, text, METRICS))})
    )
    assert ended.named("failed") == ["metrics"]
    assert ended.test("metrics")["detail"] == "no line of metrics begins with vllm:"
    assert ended.test("prefix cache")["detail"] == (
        "not measurable: no prefix cache counters in the metrics"
    )
    assert_agreement(ended)


@pytest.mark.parametrize(
    ("changes", "result", "detail"),
    [
        ({"counters": "vllm:gpu_prefix_cache"}, "passed", "tokens of a repeated prompt came from"),
        ({"counters": ""}, "skipped", "not measurable: no prefix cache counters in the metrics"),
        ({"caching": False}, "failed", "the server looked up no token in its cache"),
        ({"block": 100_000}, "skipped", "tokens do not fill a block of 100000"),
    ],
)
def test_the_prefix_cache_is_judged_by_counters(
    bench: Bench, changes: dict[str, Any], result: str, detail: str
) -> None:
    ended = bench.try_model(Model(MODEL, **changes))
    assert ended.test("prefix cache")["result"] == result
    assert detail in ended.test("prefix cache")["detail"]
    assert_agreement(ended)


def count_after(model: Model, **more: int) -> Reply:
    """Answer as vLLM does while its counters grow by more, as others are served, or by less."""

    def reply(request: Request) -> Answer:
        answer = model.behave(request)
        model.counts.update(more)
        return answer

    return reply


def test_a_cache_that_finds_nothing_fails(bench: Bench) -> None:
    model = Model(MODEL)

    def reply(request: Request) -> Answer:
        before = model.counts["hits"]
        answer = model.behave(request)
        model.counts["hits"] = before
        return answer

    model.replies["/v1/completions"] = reply
    ended = bench.try_model(model)
    assert ended.named("failed") == ["prefix cache"]
    assert re.fullmatch(
        r"none of the \d+ tokens of a repeated prompt was found",
        ended.test("prefix cache")["detail"],
    )


def test_hits_of_others_are_not_claimed(bench: Bench) -> None:
    model = Model(MODEL)
    model.replies["/v1/completions"] = count_after(model, queries=5, hits=5)
    ended = bench.try_model(model)
    assert ended.named("failed") == []
    assert ended.test("prefix cache")["result"] == "skipped"
    assert "others were served too" in ended.test("prefix cache")["detail"]


def test_counters_that_come_a_moment_late_are_waited_for(bench: Bench) -> None:
    model = Model(MODEL)
    told: list[Answer] = []

    def reply(request: Request) -> Answer:
        told.append(model.behave(request))
        return told[max(0, len(told) - 2)]

    model.replies["/metrics"] = reply
    ended = bench.try_model(model)
    assert ended.named("passed") == [*NAMES[:4], "routing", "metrics", "prefix cache"]
    assert len(told) == 6


def test_a_profile_without_prefix_caching_claims_no_hit(tmp_path: Path) -> None:
    bench = Bench(render(tmp_path), tmp_path / "state")
    ended = bench.try_model(Model(MODEL))
    assert ended.named("skipped") == ["prefix cache"]
    assert ended.test("prefix cache")["detail"] == (
        "the profile does not switch it on (server.prefixCaching)"
    )
    assert ended.status == 0
    assert_agreement(ended)


def test_routing_without_evidence_is_skipped(bench: Bench) -> None:
    with serve(Model(MODEL)) as port:
        bench.point(port, port)
        (bench.state / "log").write_text("[pod/model-server-1/main] Received request cmpl-1:\n")
        ended = bench.run()
    assert ended.named("skipped") == ["routing"]
    assert ended.test("routing")["detail"] == (
        "answered, but neither header nor Pod log tells which way it went"
    )
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


HOSTILE = "-\"quoted\" $(touch pwned) `id` 'a' <&> \\ ${x} é中 {{ x }} %s"


def test_a_hostile_model_name_arrives_unchanged(tmp_path: Path) -> None:
    tree = render(
        tmp_path,
        f"service.servedModelName={json.dumps(HOSTILE, ensure_ascii=False)}",
        "server.prefixCaching=true",
    )
    bench = Bench(tree, tmp_path / "state")
    model = Model(HOSTILE)
    ended = bench.try_model(model)
    assert ended.named("failed") == [], ended.stdout
    assert {request.data()["model"] for request in model.requests if request.body} == {HOSTILE}
    assert ended.report["model"] == HOSTILE
    assert not list(tmp_path.rglob("pwned"))
    assert_agreement(ended)


def test_a_hostile_answer_spoils_no_report_and_no_terminal(bench: Bench) -> None:
    text = '\x1b[2J]]> <a b="c">&amp;\'\x00\x08\uffff\u202e\ud7ff 中\r\n$(id)\t\U0001f600'
    model = Model(MODEL, text=text)
    model.replies["/v1/models"] = constantly(Answer(500, text.encode() + b"\xff\xfe", "text/plain"))
    ended = bench.try_model(model)
    assert ended.named("failed") == ["models"]
    assert_agreement(ended)
    assert not re.search(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202e]", ended.stdout)
    assert ended.junit is not None
    failure = ended.junit.find(".//failure")
    assert failure is not None
    message = failure.get("message") or ""
    assert message.startswith('HTTP 500 instead of 200: [2J]]> <a b="c">&amp;\'')
    assert "中 $(id)" in message


def test_no_text_whatever_makes_bad_xml(bench: Bench) -> None:
    text = "".join(map(chr, [*range(0x21), 0x7F, 0x85, 0xFFFD, 0xFFFE, 0xFFFF, 0x1F600]))
    text += "]]><&>\"'é"
    verdict = {"result": "failed", "name": text, "seconds": 0.5, "detail": text, "next": text}
    names = {
        "format": "junit",
        "color": "",
        "profile": text[1:-1],
        "url": "",
        "way": "",
        "model": "",
    }
    arguments = [word for name, value in names.items() for word in ("--arg", name, value)]
    program = str(bench.tree / "lib" / "report.jq")
    done = subprocess.run(
        [need("jq"), "-s", "-r", *arguments, "-f", program],
        input=json.dumps(verdict),
        capture_output=True,
        text=True,
        check=True,
    )
    failure = ET.fromstring(done.stdout).find(".//failure")  # noqa: S314 - ours
    assert failure is not None
    kept = "\t\n\r \x7f\x85\ufffd\U0001f600]]><&>\"'é"
    assert failure.get("message") == kept
    assert failure.text == f"next: {kept}"


def test_the_terminal_shows_a_line_a_test_and_a_next_step(bench: Bench) -> None:
    answer = Answer(503, b"no healthy upstream", "text/plain")
    ended = bench.try_model(Model(MODEL, replies={"/v1/models": constantly(answer)}))
    lines = re.split("(?m)^==> ", ended.stdout)[-1].splitlines()
    shown = [re.sub(r" +\d+ ms", " N ms", line) for line in lines]
    assert shown[2:5] == [
        "FAILED  models N ms  HTTP 503 instead of 200: no healthy upstream",
        " " * 32 + "next: no healthy backend: kubectl describe healthcheckpolicy, then "
        "scripts/status.sh",
        'passed  completion N ms  4 + 5 tokens: "I am fine, thank you."',
    ]
    assert len({line.index(" ms") for line in lines if " ms  " in line}) == 1
    assert lines[-2:] == ["6 passed, 1 failed, 0 skipped", f"results are in {bench.output}"]


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


def test_results_of_an_earlier_run_do_not_outlive_a_run_that_stops(bench: Bench) -> None:
    assert bench.try_model(Model(MODEL)).status == 0
    bench.point(None, None)
    ended = bench.run()
    assert ended.status == 2
    assert ended.report == {}


def test_the_output_folder_may_have_any_name(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(bench.state)
    with serve(Model(MODEL)) as port:
        bench.point(port, port)
        assert bench.run("--output", "-a 'b' $(c)", output=False).status == 0
    folder = bench.state / "-a 'b' $(c)"
    assert sorted(path.name for path in folder.iterdir()) == [
        "test-results.json",
        "test-results.xml",
    ]


def test_the_port_forward_ends_with_the_script(bench: Bench) -> None:
    program = bench.state / "bin" / "kubectl"
    program.write_text(
        KUBECTL.replace('cat "$STATE/forward"', 'echo $$ >"$STATE/pid"; cat "$STATE/forward"')
    )
    assert bench.try_model(Model(MODEL)).status == 0
    with pytest.raises(ProcessLookupError):
        os.kill(int((bench.state / "pid").read_text()), 0)
