"""test-cluster.sh: what it shows and writes, whatever the answers hold."""

from __future__ import annotations

import json
import re
import subprocess
import xml.etree.ElementTree as ET
from typing import TYPE_CHECKING

from scripts.model_server import Answer, Model, serve
from scripts.service_desk import (
    MODEL,
    Bench,
    assert_agreement,
    constantly,
    render,
)
from support import need

if TYPE_CHECKING:
    from pathlib import Path

    import pytest

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
