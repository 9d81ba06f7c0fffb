"""test-cluster.sh and what proves that a prefix cache works, and which way a request went."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest
from scripts.model_server import Answer, Model, Reply, Request, serve
from scripts.service_desk import (
    MODEL,
    NAMES,
    Bench,
    assert_agreement,
    render,
)

if TYPE_CHECKING:
    from pathlib import Path


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
