"""Stands in for guidellm: sends one request, then writes the report of a real run as its own."""

from __future__ import annotations

import json
import os
import signal
import sys
import time
from pathlib import Path
from urllib.request import Request, urlopen

REPORTS = Path(__file__).parent / "benchmark_reports"


def main() -> None:
    """Answer as guidellm 0.8 does to the two calls that the scripts make."""
    if sys.argv[1:] == ["--version"]:
        sys.stdout.write("guidellm version: 0.8.1\n")
        return
    command, option, config, quiet = sys.argv[1:]
    assert (command, option, quiet) == ("run", "--config", "--disable-console")
    scenario = json.loads(Path(config).read_text(encoding="utf-8"))
    name = scenario["metadata"]["labels"]["name"]
    if name in os.environ.get("GUIDELLM_DIES", "").split():
        sys.exit("RuntimeError: guidellm died")
    if name in os.environ.get("GUIDELLM_INTERRUPTED", "").split():
        os.killpg(0, signal.SIGINT)  # as ^C on a terminal does
        time.sleep(10)
    backend = scenario["spec"]["backend"]
    prompts = Path(scenario["spec"]["data"][0]["path"]).read_text(encoding="utf-8").splitlines()
    send(backend["target"], backend["model"], json.loads(prompts[0]))
    report = json.loads((REPORTS / f"{kind(name)}.json").read_text(encoding="utf-8"))
    report["config"]["metadata"]["labels"] = scenario["metadata"]["labels"]
    output = Path(scenario["spec"]["outputs"][0]["path"])
    text = json.dumps(report)
    if name in os.environ.get("GUIDELLM_BREAKS", "").split():
        text = text[: len(text) // 2]
    output.write_text(text, encoding="utf-8")


def kind(name: str) -> str:
    """Choose the recorded report: ten requests, five, some failed, all failed."""
    if name in os.environ.get("GUIDELLM_FAILS", "").split():
        return "bad" if "x" in name else "none"
    return "serial" if name.endswith("-cache") else "good"


def send(target: str, model: str, prompt: dict[str, object]) -> None:
    """Send what the first prompt asks for, as guidellm would."""
    body = {"model": model, "prompt": prompt["prompt"], "max_tokens": prompt["output_tokens_count"]}
    url = f"{target}/v1/completions"
    request = Request(  # noqa: S310 - the loopback server of the test
        url, json.dumps(body).encode(), {"Content-Type": "application/json"}
    )
    with urlopen(request, timeout=10) as answer:  # noqa: S310 - the same
        answer.read()


if __name__ == "__main__":
    main()
