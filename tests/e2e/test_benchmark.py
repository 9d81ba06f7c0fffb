"""The benchmark script with the real guidellm, against guidellm's own stand-in for a server."""

from __future__ import annotations

import json
import os
import shlex
import socket
import subprocess
import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree as ET

import pytest
from benchmark_world import KUBECTL, PATH_OF_SERVICE, World, render, run_job_in_logs
from support import OUT, absent

if TYPE_CHECKING:
    from collections.abc import Iterator

GUIDELLM = os.environ.get("GUIDELLM", "")
if not GUIDELLM:
    absent("GUIDELLM names no guidellm; make e2e installs one")

MODEL = "Qwen/Qwen2.5-3B-Instruct"


@contextmanager
def mock_server(*options: str) -> Iterator[int]:
    """Start guidellm's mock server, and wait until it answers."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [GUIDELLM, "mock-server", "--host", "127.0.0.1", "--port", str(port)]
    command += ["--model", MODEL, *options]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as server:
        curl = "curl --silent --retry 60 --retry-delay 1 --retry-connrefused --output /dev/null"
        subprocess.run([*shlex.split(curl), f"http://127.0.0.1:{port}/health"], check=True)
        yield port
        server.terminate()


def machine(folder: Path, port: int) -> World:
    world = World(folder, port)
    world.install("kubectl", KUBECTL)
    # Each worker loads the whole of guidellm anew, which takes longer than what it measures here.
    few = "export GUIDELLM__MAX_WORKER_PROCESSES=2"
    world.install("guidellm", f'#!/bin/sh\n{few}\nexec {shlex.quote(GUIDELLM)} "$@"\n')
    return world


def results_of(world: World) -> dict[str, Any]:
    results: dict[str, Any] = json.loads((world.results() / "results.json").read_text("utf-8"))
    return results


def test_the_steps_of_the_main_tree_are_measured(tmp_path: Path) -> None:
    with mock_server("--ttft-ms", "80", "--itl-ms", "6") as port:
        world = machine(tmp_path, port)
        done = world.bash(OUT / "qwen-3b-v6e", "--direct")
    assert done.returncode == 0, done.stderr
    results = results_of(world)
    assert [(item["requests"], item["clients"]) for item in results["scenarios"]] == [
        (1, 1),
        (10, 1),
        (20, 5),
        (50, 10),
        (100, 20),
    ]
    for item in results["scenarios"]:
        assert (item["successful"], item["failed"], item["errors"]) == (item["requests"], 0, [])
        assert item["outputTokens"] == 50 * item["requests"]
        assert item["inputTokens"] >= 128 * item["requests"]
        # A loaded machine adds time and never takes any away.
        assert 80 <= item["timeToFirstToken"]["p50"] < 80_000
        assert 6 <= item["interTokenLatency"]["p50"] < 6000
        assert 80 + 49 * 6 <= item["requestLatency"]["p50"] < 120_000
        for name in ("timeToFirstToken", "interTokenLatency", "requestLatency"):
            assert item[name]["p50"] <= item[name]["p95"] <= item[name]["p99"]
        rate = item["outputTokensPerSecond"] / item["requestsPerSecond"]
        assert rate == pytest.approx(50, rel=0.05)
    assert results["cache"]["successful"] == 5
    assert results["cache"]["promptTokens"] >= 512
    assert len(results["cache"]["laterFirstTokens"]) == 4
    picture = ET.parse(world.results() / "plot.svg")  # noqa: S314 - made here
    assert len(list(picture.iter("{http://www.w3.org/2000/svg}circle"))) == 3 * 3 * 5
    assert not (tmp_path / ".cache").exists()
    folder = str(world.results())
    compared = world.bash(OUT / "qwen-3b-v6e", "--compare", folder, folder)
    assert {line.split()[-1] for line in compared.stdout.splitlines()[1:]} <= {"0%", "-"}


def test_failed_requests_are_in_no_figure(tmp_path: Path) -> None:
    tree = render(tmp_path, "benchmark: {scenarios: [20/5], outputTokens: 20}\n")
    with mock_server("--ttft-ms", "20", "--itl-ms", "2", "--fail-after-requests", "10") as port:
        world = machine(tmp_path, port)
        done = world.bash(tree, "--direct")
    assert done.returncode == 1
    results = results_of(world)
    (load,) = results["scenarios"]
    assert (load["successful"], load["failed"], load["outputTokens"]) == (8, 12, 20 * 8)
    ((count, error),) = [(item["count"], item["error"]) for item in load["errors"]]
    assert count == 12
    assert "500 Internal Server Error" in error
    assert (results["cache"]["failed"], results["cache"]["faster"]) == (5, None)
    assert "error: 17 request(s) failed" in done.stderr.splitlines()


class LoadBalancer(BaseHTTPRequestHandler):
    """Streams a completion as vLLM does, under the path of the service, and refuses HTTP/1.0."""

    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        if self.request_version != "HTTP/1.1":
            self.send_error(426)
        elif self.path != f"{PATH_OF_SERVICE}/v1/completions" or body["model"] != MODEL:
            self.send_error(404)
        else:
            self.answer(body["max_tokens"])

    def answer(self, tokens: int) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream")
        self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()
        for _ in range(tokens):
            self.event({"choices": [{"index": 0, "text": "a ", "finish_reason": None}]})
        usage = {"prompt_tokens": 9, "completion_tokens": tokens, "total_tokens": 9 + tokens}
        self.event({"choices": [], "usage": usage})
        self.chunk(b"data: [DONE]\n\n")
        self.chunk(b"")

    def event(self, data: dict[str, Any]) -> None:
        head = {"id": "cmpl-1", "object": "text_completion", "created": 1, "model": MODEL}
        self.chunk(b"data: " + json.dumps({**head, **data}).encode() + b"\n\n")

    def chunk(self, data: bytes) -> None:
        self.wfile.write(b"%x\r\n%s\r\n" % (len(data), data))

    def log_message(self, *_: object) -> None:
        """Keep quiet."""


def test_a_job_measures_through_a_load_balancer_that_refuses_http_1_0(tmp_path: Path) -> None:
    change = "benchmark: {scenarios: [8/2], image: registry.example.com/guidellm:0.8.1}\n"
    tree = render(tmp_path, change)
    with ThreadingHTTPServer(("127.0.0.1", 0), LoadBalancer) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        world = machine(tmp_path, server.server_port)
        run_job_in_logs(world, tree)
        done = world.bash(tree, "--in-cluster")
        server.shutdown()
    assert done.returncode == 0, done.stderr
    (load,) = results_of(world)["scenarios"]
    assert (load["successful"], load["outputTokens"], load["inputTokens"]) == (8, 400, 72)
    assert results_of(world)["from"] == "inside the cluster"
