"""What was wrong in the first deployment's documentation: the table of it, and that it is true."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

import pytest
from support import CHECKOUT, OUT, run

from llmd_render.findings import load_findings
from llmd_render.rules import ALL_RULES

if TYPE_CHECKING:
    from pathlib import Path

DOCUMENT = (CHECKOUT / "docs" / "seed.md").read_text(encoding="utf-8")
ROW = re.compile(r"^\| (S\d+) \| ([^|]+) \| ([^|]+) \| ([^|]+) \|$", re.MULTILINE)
ROWS = {row[1]: row.groups()[1:] for row in ROW.finditer(DOCUMENT)}
NAME = "qwen-3b-v6e-as-documented"

PROFILE = {
    "S1": "gateway-class-without-inference-pool",
    "S6": "served-model-name-is-path",
    "S8": "gateway-health-check-missing",
    "S9": "route-timeouts-refused-by-gke",
    "S18": "network-policies-switched-off",
}
CHANGED = {
    "S4": (
        "proxy-only-subnet-unmanaged",
        "gateway: {className: gke-l7-regional-external-managed, proxyOnlySubnet: {manage: false}}",
    ),
    "S5": ("tpu-zone-without-accelerator", "zone: us-central1-a"),
}
GATEWAY = """\
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: {name: inference-gateway, namespace: opendatahub}
spec:
  gatewayClassName: gke-l7-regional-external-managed
  listeners: [{name: http, port: 80, protocol: HTTP, allowedRoutes: {namespaces: {from: All}}}]
---
"""
SERVICE = """\
apiVersion: serving.kserve.io/v1alpha1
kind: LLMInferenceService
metadata: {name: qwen2-3b-pattern1, namespace: llm-d-inference-scheduling}
spec:
  model: {uri: hf://Qwen/Qwen2.5-3B-Instruct, name: Qwen/Qwen2.5-3B-Instruct}
  router:
    route: {}
    gateway: {refs: [{name: inference-gateway, namespace: opendatahub}]}
  template:
    containers:
      - name: main
        image: registry.redhat.io/rhaiis/vllm-tpu-rhel9:3.2.5
        args: ["python3 -m vllm.entrypoints.openai.api_server --model=/mnt/models --dtype=half"]
        livenessProbe: {httpGet: {path: /health, port: 8000, scheme: HTTP}}
        readinessProbe: {httpGet: {path: /v1/models, port: 8000, scheme: HTTP}}
"""
POOLED = GATEWAY + SERVICE.replace("route: {}", "route: {}\n    scheduler: {}")
REFS = "{refs: [{name: inference-gateway, namespace: opendatahub}]}"
LINT = {
    "S7": ("workload-service-expects-tls", GATEWAY + SERVICE),
    "S12": (
        "schema-unknown-field",
        SERVICE.replace(REFS, "{name: inference-gateway, namespace: opendatahub}"),
    ),
}
WORKER_SETS = "https://github.com/kubernetes-sigs/lws/releases/download/v0.4.0/manifests.yaml"
# Files with the fault, and the same without it.
LINT_FILES: dict[str, tuple[str, dict[str, str], dict[str, str]]] = {
    "S10": (
        "worker-set-definition-not-applied",
        {"install.sh": "make deploy-cert-manager\nmake deploy-kserve\n"},
        {"install.sh": f"kubectl apply -f {WORKER_SETS}\nmake deploy-cert-manager deploy-kserve\n"},
    ),
    "S15": (
        "infrastructure-values-ignored",
        {"values.yaml": "useSystemPodmanAuth: true\nsailOperator: {enabled: false}\n"},
        {"values.yaml": "useSystemPodmanAuth: true\n"},
    ),
    "S22": (
        "script-default-contradicts-other",
        {
            "create.sh": 'CLUSTER_NAME="${CLUSTER_NAME:-llmd-gke-native-tpu-pattern1}"\n',
            "delete.sh": 'CLUSTER_NAME="${CLUSTER_NAME:-llmd-istio-tpu-pattern1}"\n',
        },
        {
            "create.sh": 'CLUSTER_NAME="${CLUSTER_NAME:-llmd-gke-native-tpu-pattern1}"\n',
            "delete.sh": 'CLUSTER_NAME="${CLUSTER_NAME:-llmd-gke-native-tpu-pattern1}"\n',
        },
    ),
    "S23": (
        "load-test-uses-old-http",
        {"gateway.yaml": GATEWAY, "benchmark.sh": 'ab -n 100 -c 20 -p body.json "$URL"\n'},
        {"gateway.yaml": GATEWAY, "benchmark.sh": 'curl --data @body.json "$URL"\n'},
    ),
    "S24": (
        "markdown-link-broken",
        {"README.md": "- [Architecture Details](docs/architecture.md)\n"},
        {
            "README.md": "- [Architecture Details](docs/architecture.md)\n",
            "docs/architecture.md": "",
        },
    ),
}
# What the profile cannot say of the same row.
ALSO: dict[str, tuple[str, dict[str, str], dict[str, str]]] = {
    "S4": (
        "network-services-api-off",
        {"objects.yaml": POOLED, "create.sh": "gcloud container clusters create c --zone=$ZONE\n"},
        {
            "objects.yaml": POOLED,
            "create.sh": (
                "gcloud services enable container.googleapis.com networkservices.googleapis.com\n"
                "gcloud container clusters create c --zone=$ZONE\n"
            ),
        },
    ),
}
# Commands as the README gave them, in a script beside the Gateway.
COMMANDS = {
    "S2": (
        "cluster-without-gateway-api",
        "gcloud container clusters create $CLUSTER_NAME --zone=$ZONE --cluster-version=1.34\n",
        6,
    ),
    "S3": (
        "cluster-addons-switched-off",
        (
            "gcloud container clusters create $CLUSTER_NAME --gateway-api=standard \\\n"
            "  --addons=GcePersistentDiskCsiDriver,NetworkPolicy\n"
        ),
        7,
    ),
    "S14": (
        "gcloud-format-key-unknown",
        (
            "gcloud container clusters describe $CLUSTER_NAME --zone=$ZONE \\\n"
            '  --format="value(addonsConfig.gatewayApiConfig.channel)"\n'
        ),
        7,
    ),
    "S26": (
        "regional-quota-read-from-project",
        'gcloud compute project-info describe --project=$PROJECT | grep -i "IN_USE_ADDRESSES"\n',
        6,
    ),
}
HEAD = """\
#!/usr/bin/env bash
set -euo pipefail
CLUSTER_NAME=llmd-gke-native-tpu-pattern1
ZONE=europe-west4-a
PROJECT=ecoeng-llmd
"""
CODES = {key: value[0] for key, value in {**CHANGED, **LINT, **LINT_FILES, **COMMANDS}.items()}
PROSE = {"S11", "S13", "S16", "S17", "S19", "S20", "S21", "S25", "S27", "S28"}

# What the tree that works has instead: a file of it, and a part of that file.
INSTEAD = {
    "S1": ("gateway/gateway.yaml", "gatewayClassName: gke-l7-regional-external-managed"),
    "S2": ("cluster/create-cluster.sh", "--gateway-api=standard"),
    "S4": ("cluster/create-proxy-only-subnet.sh", "--purpose=REGIONAL_MANAGED_PROXY"),
    "S6": ("workload/llminferenceservice.yaml", "--served-model-name=Qwen/Qwen2.5-3B-Instruct"),
    "S7": ("workload/httproute.yaml", "kind: InferencePool"),
    "S8": ("policies/healthcheckpolicy.yaml", "kind: InferencePool"),
    "S10": ("infrastructure/deploy-lws-crds.sh", "LWS_CRD"),
    "S11": ("scripts/deploy.sh", "wait_until 2700"),
    "S12": ("workload/llminferenceservice.yaml", "refs:"),
    "S13": ("lib/preflight.sh", "at_least kustomize 5.8.0"),
    "S14": ("cluster/create-cluster.sh", "networkConfig.gatewayApiConfig.channel"),
    "S15": ("infrastructure/values.yaml", "are left out"),
    "S16": ("secrets/create-pull-secret.sh", "SECRET=redhat-pull-secret"),
    "S18": ("policies/networkpolicies.yaml", "kind: NetworkPolicy"),
    "S21": ("lib/node-pool.sh", "IDLE_PER_DAY=13.04"),
    "S22": ("lib/common.sh", "CLUSTER=llmd-gke-native-tpu-pattern1"),
    "S23": ("scripts/benchmark-cluster.sh", "need guidellm"),
    "S25": ("scripts/deploy.sh", "backend_healthy"),
    "S26": ("lib/quotas.sh", "gcloud compute regions describe"),
    "S27": ("README.md", "Allow 60 to 90 minutes"),
    "S28": ("scripts/undeploy.sh", 'wait_until "$GATEWAY_SECONDS"'),
}
ABSENT = {
    "S3": ("cluster/create-cluster.sh", "--addons"),
    "S9": ("workload/httproute.yaml", "timeouts:"),
}


def codes(*args: str | Path, stdin: str | None = None) -> list[str]:
    """Run the command and give the codes of all that it found."""
    result = run(*args, "--format", "json", stdin=stdin)
    return [item["code"] for item in json.loads(result.stdout)["diagnostics"]]


def test_every_number_has_one_row_in_order_and_one_way_to_be_found() -> None:
    numbers = [f"S{number}" for number in range(1, 29)]
    assert re.findall(r"^\| (S\d+) ", DOCUMENT, re.MULTILINE) == numbers
    assert list(ROWS) == numbers
    found = [*PROFILE, *CHANGED, *LINT, *LINT_FILES, *COMMANDS, *PROSE]
    assert sorted(found) == sorted(numbers)


@pytest.mark.parametrize("number", ROWS)
def test_the_document_says_how_each_is_found(number: str) -> None:
    way, _, reason = ROWS[number][1].partition(": ")
    expected = {
        **dict.fromkeys(PROFILE, "profile"),
        **dict.fromkeys(CHANGED, "profile, changed"),
        **dict.fromkeys([*LINT, *LINT_FILES, *COMMANDS], "lint"),
        **dict.fromkeys(PROSE, "no tool can tell"),
    }
    assert way == expected[number]
    assert reason
    code = {**PROFILE, **CODES}
    named = [
        item[number]
        for item in (code, {key: row[0] for key, row in ALSO.items()})
        if number in item
    ]
    assert re.findall(r"`([^`]*-[^`]*)`", reason) == named


def test_a_code_in_the_document_is_one_of_the_product() -> None:
    known = {*load_findings(), *(rule.name for rule in ALL_RULES)}
    also = {code for code, *_ in ALSO.values()}
    assert {*PROFILE.values(), *CODES.values(), *also} <= known


@pytest.mark.parametrize("number", PROFILE)
def test_the_profile_as_documented_has_the_finding(number: str) -> None:
    assert PROFILE[number] in codes("--profile", NAME, "--dry-run")


@pytest.mark.parametrize("number", CHANGED)
def test_a_profile_that_does_what_was_documented_has_the_finding(
    number: str, tmp_path: Path
) -> None:
    code, change = CHANGED[number]
    path = tmp_path / "changed.yaml"
    path.write_text(
        f"apiVersion: llmd-render/v1\nname: changed\nextends: {NAME}\n{change}\n", encoding="utf-8"
    )
    assert code in codes("lint", path, "--profiles", CHECKOUT / "profiles")
    assert code not in codes("--profile", NAME, "--dry-run")


@pytest.mark.parametrize("number", LINT)
def test_lint_finds_it_in_a_manifest(number: str) -> None:
    code, manifest = LINT[number]
    assert code in codes("lint", "-", stdin=manifest)


@pytest.mark.parametrize("number", [*LINT_FILES, *ALSO])
def test_lint_finds_it_in_files_and_not_in_the_same_without_it(number: str, tmp_path: Path) -> None:
    code, *trees = {**LINT_FILES, **ALSO}[number]
    found = []
    for name, files in zip(("wrong", "right"), trees, strict=True):
        for path, text in files.items():
            file = tmp_path / name / path
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text, encoding="utf-8")
        found.append(code in codes("lint", tmp_path / name))
    assert found == [True, False]


@pytest.mark.parametrize("number", COMMANDS)
def test_lint_finds_it_in_a_script(number: str, tmp_path: Path) -> None:
    code, command, line = COMMANDS[number]
    text = f"# Its proxy-only subnet is there.\n{GATEWAY}"
    (tmp_path / "gateway.yaml").write_text(text, encoding="utf-8")
    script = tmp_path / "create-cluster.sh"
    script.write_text(f"{HEAD}{command}", encoding="utf-8")
    result = run("lint", tmp_path, "--format", "json")
    found = json.loads(result.stdout)["diagnostics"]
    assert [(item["code"], item["line"]) for item in found if item["file"] == str(script)] == [
        (code, line)
    ]


def test_without_the_fault_lint_does_not_find_it() -> None:
    right = SERVICE.replace("route: {}", "route: {http: {refs: [{name: qwen}]}}")
    assert {code for code, _ in LINT.values()}.isdisjoint(codes("lint", "-", stdin=GATEWAY + right))


@pytest.mark.parametrize("number", INSTEAD)
def test_the_tree_that_works_has_it_right(number: str) -> None:
    file, part = INSTEAD[number]
    assert part in (OUT / "qwen-3b-v6e" / file).read_text(encoding="utf-8")


@pytest.mark.parametrize("number", ABSENT)
def test_the_tree_that_works_leaves_it_out(number: str) -> None:
    file, part = ABSENT[number]
    assert part not in (OUT / "qwen-3b-v6e" / file).read_text(encoding="utf-8")


@pytest.mark.parametrize("number", ROWS)
def test_a_file_that_the_document_names_is_in_the_tree(number: str) -> None:
    for name in re.findall(r"`([^` ]+/[^` ]*|README\.md)`", ROWS[number][2]):
        assert (OUT / "qwen-3b-v6e" / name).exists(), name
