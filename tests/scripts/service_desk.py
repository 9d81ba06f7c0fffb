"""test-cluster.sh between a model server on loopback and a cluster that is not there."""

from __future__ import annotations

import json
import os
import re
import subprocess
import xml.etree.ElementTree as ET
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from support import need

from llmd_render import load, render_profile, write_tree

from .model_server import Answer, Model, Reply, Request, as_json, serve

if TYPE_CHECKING:
    from pathlib import Path

PATHS = {"models": "/v1/models", "completion": "/v1/completions", "chat": "/v1/chat/completions"}
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
JUDGE = """\
#!/usr/bin/env bash
set -Eeuo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
. "$here/../lib/common.sh"
. "$here/../lib/endpoint.sh"
. "$here/../lib/verdicts.sh"
eval "$(grep '^CHAT=' "$here/test-cluster.sh")"
make_work_folder
case $2 in chat) path=/v1/chat/completions ;; models) path=/v1/models ;; esac
number=0
while [ "$number" -lt "$3" ]; do
  if [ "$2" = chat ]; then
    judge chat chat "$1/$number$path" "$CHAT" || true
  else
    judge models models "$1/$number$path" || true
  fi
  printf '%s\\n' "$VERDICT"
  number=$((number + 1))
done
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

    def judge(self, kind: str, replies: list[Reply]) -> list[dict[str, Any]]:
        """Let the script's own functions judge one request after the other, each with its reply."""
        (self.tree / "scripts/judge.sh").write_text(JUDGE)

        def reply(request: Request) -> Answer:
            return replies[int(request.path.split("/")[1])](request)

        with serve(Model(MODEL, replies={"": reply})) as port:
            arguments = [f"http://127.0.0.1:{port}", kind, str(len(replies))]
            done = subprocess.run(
                [need("bash"), str(self.tree / "scripts/judge.sh"), *arguments],
                capture_output=True,
                text=True,
                check=True,
                timeout=60,
            )
        return [json.loads(line) for line in done.stdout.splitlines()]

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


def constantly(answer: Answer) -> Reply:
    return lambda _: answer


def changed(model: Model, /, **changes: Any) -> Reply:
    """Answer as vLLM does, with changes laid over the JSON."""

    def reply(request: Request) -> Answer:
        return as_json({**json.loads(model.behave(request).body), **changes})

    return reply
