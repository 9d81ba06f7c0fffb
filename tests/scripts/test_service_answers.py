"""test-cluster.sh and answers that are wrong, each in one way."""

from __future__ import annotations

from typing import Any

import pytest
from scripts.model_server import METRICS, Answer, Model, Request
from scripts.service_desk import (
    GENERATED,
    MODEL,
    NAMES,
    PATHS,
    Bench,
    assert_agreement,
    changed,
    constantly,
)

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


def test_what_goes_wrong_everywhere_fails_every_request(bench: Bench) -> None:
    answer, detail, next_step = MISBEHAVIOURS["no backend"]
    ended = bench.try_model(Model(MODEL, replies={"": constantly(answer)}))
    assert ended.named("failed") == NAMES[:-1]
    failed = [test for test in ended.report["tests"] if test["result"] == "failed"]
    assert {test["detail"] for test in failed} == {detail}
    assert {test["next"] for test in failed} == {next_step}
    assert ended.test("prefix cache")["detail"] == (
        "not measurable: no prefix cache counters in the metrics"
    )
    assert_agreement(ended)


@pytest.mark.parametrize("kind", ["models", "chat"])
def test_what_is_no_answer_of_a_model_server_is_named_with_a_next_step(
    bench: Bench, kind: str
) -> None:
    verdicts = bench.judge(kind, [constantly(row[0]) for row in MISBEHAVIOURS.values()])
    shown = [(verdict["result"], verdict["detail"], verdict["next"]) for verdict in verdicts]
    assert shown == [("failed", row[1], row[2]) for row in MISBEHAVIOURS.values()]


@pytest.mark.parametrize("name", ["health", "metrics"])
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


def test_a_wrong_shape_fails_with_status_200(bench: Bench) -> None:
    model = Model(MODEL)
    verdicts = bench.judge("chat", [changed(model, **row[0]) for row in SHAPES.values()])
    shown = [(verdict["result"], verdict["httpStatus"], verdict["detail"]) for verdict in verdicts]
    assert shown == [("failed", 200, row[1]) for row in SHAPES.values()]


@pytest.mark.parametrize("kind", ["models", "chat"])
def test_json_that_is_no_object_fails(bench: Bench, kind: str) -> None:
    bodies = [b"null", b"[]", b'"text"', b"3"]
    verdicts = bench.judge(kind, [constantly(Answer(200, body)) for body in bodies])
    assert [(verdict["result"], verdict["detail"]) for verdict in verdicts] == [
        ("failed", f"the answer is no JSON object: {body.decode()}") for body in bodies
    ]


def test_thoughts_alone_are_an_answer(bench: Bench) -> None:
    model = Model(MODEL)
    messages: list[dict[str, Any]] = [
        {"content": "Yes.", "reasoning_content": None},
        {"content": None, "reasoning_content": "Let me think"},
        {"content": None, "reasoning": "Let me think"},
    ]
    replies = [
        changed(model, choices=[{"message": message, "finish_reason": "length"}])
        for message in messages
    ]
    assert [verdict["result"] for verdict in bench.judge("chat", replies)] == ["passed"] * 3


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
