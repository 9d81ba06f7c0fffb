"""benchmark-cluster.sh from inside the cluster: the Job, and what it may do."""

from __future__ import annotations

import json
import re
import subprocess
from pathlib import Path
from typing import Any

import yaml
from benchmark_world import (
    IN_CLUSTER,
    World,
    render,
    run_job_in_logs,
)
from support import OUT, need


def test_a_job_measures_the_same_from_inside_the_cluster(machine: World) -> None:
    tree = render(machine.folder, IN_CLUSTER)
    run_job_in_logs(machine, tree)
    done = machine.bash(tree, "--in-cluster")
    assert done.returncode == 0, done.stderr
    table = (
        "10/2       0   18.7    374      32.9  56.9  56.9      3.3  3.9  3.9         94.3  125  125"
    )
    assert table in done.stdout.splitlines()
    results = json.loads((machine.results() / "results.json").read_text(encoding="utf-8"))
    assert results["from"] == "inside the cluster"
    namespace = " --namespace llm-d-inference-scheduling"
    calls = [re.sub(r" /\S*/", " ", call.replace(namespace, "")) for call in machine.calls()]
    assert calls[1:] == [
        "delete job qwen2-3b-pattern1-benchmark --ignore-not-found",
        "delete configmap qwen2-3b-pattern1-benchmark-scenarios --ignore-not-found",
        "create configmap qwen2-3b-pattern1-benchmark-scenarios --from-file scenarios",
        "apply --server-side --force-conflicts --kustomize benchmark",
        "get job qwen2-3b-pattern1-benchmark --output json --request-timeout=30s",
        "logs job/qwen2-3b-pattern1-benchmark",
    ]


def test_a_job_that_stops_shows_its_last_words(machine: World) -> None:
    tree = render(machine.folder, IN_CLUSTER)
    run_job_in_logs(machine, tree)
    done = machine.bash(tree, "--in-cluster", GUIDELLM_DIES="01-10x2")
    assert done.returncode == 1
    assert "RuntimeError: guidellm died\nguidellm stopped in 01-10x2\n" in done.stderr
    assert "error: the Job qwen2-3b-pattern1-benchmark did not come to its end" in done.stderr


def test_without_an_image_there_is_no_job_and_no_option_for_it(machine: World) -> None:
    tree = OUT / "qwen-3b-v6e"
    assert not (tree / "benchmark").exists()
    done = machine.bash(tree, "--in-cluster")
    assert done.stderr == "error: unknown option: --in-cluster (--help lists what there is)\n"
    assert "--in-cluster" not in machine.bash(tree, "--help").stdout


def test_the_job_has_its_own_kustomization_in_none_that_deploy_applies(machine: World) -> None:
    tree = render(machine.folder, IN_CLUSTER)

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
    without = render(machine.folder, f"networkPolicies: {{enabled: false}}\n{IN_CLUSTER}")
    assert [item["kind"] for item in built(without / "benchmark")] == ["Job"]


def test_the_job_uses_the_pull_secret_only_for_its_own_registry(machine: World) -> None:
    for image, secrets in {
        "registry.redhat.io/tools/guidellm:0.8.1": [{"name": "redhat-pull-secret"}],
        "registry.example.com/guidellm:0.8.1": None,
    }.items():
        tree = render(machine.folder, f"benchmark: {{image: {image}}}\n")
        job = yaml.safe_load((tree / "benchmark/job.yaml").read_text(encoding="utf-8"))
        pod = job["spec"]["template"]["spec"]
        assert pod["containers"][0]["image"] == image
        assert pod.get("imagePullSecrets") == secrets


def test_requests_that_fit_into_no_configmap_are_refused(machine: World) -> None:
    change = "benchmark: {scenarios: [9999/20], image: registry.example.com/guidellm:0.8.1}\n"
    done = machine.bash(render(machine.folder, change), "--in-cluster")
    assert (
        "error: the prompts do not fit into a ConfigMap: "
        "ask for fewer requests in benchmark.scenarios"
    ) in done.stderr.splitlines()
    assert not [call for call in machine.calls() if "create" in call or "delete" in call]
