"""Other versions than the assumed ones: what --target takes, what it changes, and what it says."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from jsonschema import Draft202012Validator
from support import CHECKOUT, MINIMAL, OUT, run, tree

from llmd_render.diagnostics import Diagnostic, Location
from llmd_render.versions import ASSUMED, compare

if TYPE_CHECKING:
    from pathlib import Path

NAMESPACE = "apiVersion: v1\nkind: Namespace\nmetadata: {name: a}\n"
GATEWAY = """\
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: {name: gate, namespace: llm}
spec: {gatewayClassName: gke-l7-rilb, listeners: [{name: http, protocol: HTTP, port: 80}]}
---
"""
ROUTE = """\
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: {name: qwen, namespace: llm}
spec:
  parentRefs: [{name: gate}]
  rules: [%s]
"""
TO_POOL = "{backendRefs: [{group: inference.networking.k8s.io, kind: InferencePool, name: qwen}]}"
SERVICE = """\
apiVersion: serving.kserve.io/v1alpha1
kind: LLMInferenceService
metadata: {name: qwen, namespace: llm}
spec:
  model: {uri: hf://Qwen/Qwen3-4B}
"""
PLAIN = """\
  template:
    containers:
      - name: main
        command: [vllm]
        args: [serve, /mnt/models]
        readinessProbe: {httpGet: {path: /health, port: 8000, scheme: HTTP}}
"""
ON_TPU = """\
  template:
    nodeSelector:
      cloud.google.com/gke-tpu-accelerator: tpu-v6e-slice
      cloud.google.com/gke-tpu-topology: 2x2
    containers:
      - name: main
        command: [vllm, serve, /mnt/models]
        livenessProbe: {httpGet: {path: /health, port: 8000}}
        resources: {limits: {google.com/tpu: 4}}
"""
SCALER = """\
---
apiVersion: autoscaling/v2
kind: HorizontalPodAutoscaler
metadata: {name: qwen, namespace: llm}
spec:
  scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: qwen-kserve}
  maxReplicas: 3
"""
GRANT = """\
apiVersion: gateway.networking.k8s.io/v1
kind: ReferenceGrant
metadata: {name: a, namespace: llm}
spec:
  from: [{group: gateway.networking.k8s.io, kind: HTTPRoute, namespace: other}]
  to: [{group: "", kind: Service}]
"""
TPU7X = """\
apiVersion: v1
kind: Pod
metadata: {name: example}
spec:
  nodeSelector:
    cloud.google.com/gke-tpu-accelerator: tpu7x
    cloud.google.com/gke-tpu-topology: 2x2x1
  containers: [{name: main, image: "a/b:v1", resources: {limits: {google.com/tpu: 4}}}]
"""
OLD_OBJECT = """\
apiVersion: inference.networking.x-k8s.io/v1alpha2
kind: %s
metadata: {name: a, namespace: llm}
spec: {modelName: a, poolRef: {name: qwen-inference-pool}}
"""
PICKER = "  router: {scheduler: {template: {containers: [{name: main, args: [%s]}]}}}\n"
ARGS = "  template: {containers: [{name: main, args: [%s]}]}\n"
V2 = SERVICE.replace("v1alpha1", "v1alpha2")
CORS = "{filters: [{type: CORS, cors: {allowOrigins: ['*']}}], backendRefs: [{name: a, port: 80}]}"
MIRROR = (
    "{filters: [{type: RequestMirror, requestMirror: {percent: 5, backendRef: {name: a, port: 1}}}]"
    ", backendRefs: [{name: a, port: 80}]}"
)
NAMED = "{name: all, backendRefs: [{name: a, port: 80}]}"
QUERY = "{matches: [{queryParams: [{name: a, value: b}]}], backendRefs: [{name: a, port: 80}]}"
TLS_LISTENER = GATEWAY.replace("protocol: HTTP", "protocol: TLS")

# A finding, a document, the versions that it is found under, and those that it is not.
DIFFERS = [
    ("api-version-not-served", V2, "kserve=0.15", "kserve=0.17"),
    ("api-version-not-served", GRANT, "gateway-api=1.4", "gateway-api=1.5"),
    ("api-version-not-served", GRANT, "gke=1.34", "gke=1.35"),
    (
        "api-version-not-served",
        GRANT.replace("ReferenceGrant", "BackendTLSPolicy"),
        "gke=1.33",
        "gke=1.34",
    ),
    ("gateway-api-field-too-new", ROUTE % NAMED, "gke=1.33", "gke=1.34"),
    ("gateway-api-field-too-new", ROUTE % MIRROR, "gateway-api=1.2", "gateway-api=1.3"),
    (
        "gateway-api-field-too-new",
        GATEWAY.replace("listeners:", "addresses: [{type: NamedAddress}], listeners:"),
        "gke=1.32",
        "gke=1.33",
    ),
    ("gke-too-old-for-pools", GATEWAY + ROUTE % TO_POOL, "gke=1.33", "gke=1.34"),
    (
        "gke-too-old-for-pools",
        GATEWAY + SERVICE + "  router: {gateway: {refs: [{name: gate}]}, route: {}, scheduler: {}}",
        "gke=1.32.2",
        "gke=1.32.3",
    ),
    ("gke-too-old-for-tpu", TPU7X, "gke=1.33", "gke=1.34"),
    ("gke-too-old-for-tpu", TPU7X, "gke=1.34.0-gke.2200999", "gke=1.34.0-gke.2201000"),
    ("gke-route-feature-unsupported", GATEWAY + ROUTE % QUERY, "gke=1.34", "gke=1.35"),
    (
        "inference-definition-not-brought",
        OLD_OBJECT % "InferenceModel",
        "kserve=0.17",
        "kserve=0.15",
    ),
    (
        "inference-definition-not-brought",
        OLD_OBJECT % "InferenceObjective",
        "kserve=0.17",
        "kserve=0.15",
    ),
    (
        "endpoint-picker-pool-group-outdated",
        SERVICE + PICKER % "--pool-group=inference.networking.x-k8s.io",
        "kserve=0.17",
        "kserve=0.15",
    ),
    (
        "endpoint-picker-without-its-pool",
        SERVICE + PICKER % "--pool-namespace=llm",
        "kserve=0.15",
        "kserve=0.17",
    ),
    (
        "endpoint-picker-metrics-scheme-wrong",
        SERVICE + PLAIN + "  router: {scheduler: {}}\n",
        "kserve=0.15",
        "kserve=0.17",
    ),
    (
        "endpoint-picker-metrics-scheme-wrong",
        SERVICE
        + PICKER % "--pool-name=qwen-inference-pool, --pool-namespace=llm"
        + PLAIN.replace("/mnt/models]", "/mnt/models, --ssl-certfile=/a]"),
        "kserve=0.15",
        "kserve=0.17",
    ),
    (
        "workload-service-expects-tls",
        GATEWAY + SERVICE + PLAIN + "  router: {gateway: {refs: [{name: gate}]}, route: {}}\n",
        "kserve=0.15",
        "kserve=0.17",
    ),
    (
        "scheduler-template-without-containers",
        SERVICE + "  router: {scheduler: {template: {priorityClassName: high}}}\n",
        "kserve=0.15",
        "kserve=0.17",
    ),
    ("tpu-startup-probe-missing", SERVICE + ON_TPU, "kserve=0.15", "kserve=0.17"),
    ("probe-scheme-left-to-preset", SERVICE + ON_TPU, "kserve=0.15", "kserve=0.17"),
    ("vllm-args-without-command", SERVICE + ARGS % "--a=1, --b", "kserve=0.15", "kserve=0.17"),
    ("vllm-args-without-command", SERVICE + ARGS % "vllm serve x", "kserve=0.17", "kserve=0.15"),
    (
        "parallelism-ignored-by-preset",
        SERVICE + "  parallelism: {tensor: 4}\n",
        "kserve=0.15",
        "kserve=0.17",
    ),
    (
        "autoscaler-fights-kserve-replicas",
        SERVICE + SCALER,
        "kserve=0.15",
        "kserve=0.17",
    ),
    (
        "kserve-model-uri-scheme-deferred",
        SERVICE.replace("hf://", "gs://"),
        "kserve=0.15",
        "kserve=0.17",
    ),
    (
        "kserve-gateway-without-namespace-deferred",
        SERVICE + "  router: {gateway: {refs: [{name: gate}]}, route: {}}\n",
        "kserve=0.15",
        "kserve=0.17",
    ),
    ("schema-unknown-field", SERVICE + "  labels: {a: b}\n", "kserve=0.15", "kserve=0.17"),
    ("schema-unknown-field", ROUTE % CORS, "gateway-api=1.4", "gateway-api=1.5"),
    ("schema-unknown-field", ROUTE.replace("/v1", "/v1beta1") % CORS, "gke=1.34", "gke=1.35"),
    (
        "schema-unknown-field",
        GATEWAY.replace("listeners:", "allowedListeners: {}, listeners:"),
        "gke=1.34",
        "gke=1.36",
    ),
    ("cel-rule-violated", TLS_LISTENER, "gateway-api=1.5", "gateway-api=1.4"),
    (
        "schema-missing-for-kind",
        "apiVersion: resource.k8s.io/v1\nkind: ResourceClaim\nmetadata: {name: a}\n",
        "kubernetes=1.33",
        "kubernetes=1.34",
    ),
]


def report(*args: str | Path, stdin: str | None = None) -> dict[str, Any]:
    result = run(*args, "--format", "json", stdin=stdin)
    assert result.exit_code in {0, 1}, result.output
    document: dict[str, Any] = json.loads(result.stdout)
    return document


def codes(found: list[dict[str, Any]]) -> list[str]:
    return [item["code"] for item in found]


@pytest.mark.parametrize(("code", "text", "here", "elsewhere"), DIFFERS)
def test_what_differs_between_versions_is_found_under_one_and_not_under_the_other(
    code: str, text: str, here: str, elsewhere: str
) -> None:
    found = {
        target: codes(report("lint", "-", "--target", target, stdin=text)["diagnostics"])
        for target in (here, elsewhere)
    }
    assert found[here].count(code) == 1
    assert code not in found[elsewhere]


NOT_STATED = {
    "api-version-not-served",
    "endpoint-picker-pool-group-outdated",
    "gateway-api-field-too-new",
    "gke-too-old-for-pools",
    "gke-too-old-for-tpu",
    "inference-definition-not-brought",
}
ASSUMED_KSERVE = {
    "autoscaler-fights-kserve-replicas",
    "endpoint-picker-metrics-scheme-wrong",
    "endpoint-picker-without-its-pool",
    "parallelism-ignored-by-preset",
    "probe-scheme-left-to-preset",
    "scheduler-template-without-containers",
    "tpu-startup-probe-missing",
    "vllm-args-without-command",
    "workload-service-expects-tls",
}


@pytest.mark.parametrize(("code", "text"), [row[:2] for row in DIFFERS if row[0] in NOT_STATED])
def test_where_nobody_states_a_version_what_needs_one_says_nothing(code: str, text: str) -> None:
    assert code not in codes(report("lint", "-", stdin=text)["diagnostics"])


@pytest.mark.parametrize(
    ("code", "text"),
    [row[:2] for row in DIFFERS if row[0] in ASSUMED_KSERVE and row[2] == "kserve=0.15"],
)
def test_where_nobody_states_a_version_kserve_0_15_is_assumed(code: str, text: str) -> None:
    assert codes(report("lint", "-", stdin=text)["diagnostics"]).count(code) == 1
    # A cluster has one KServe, and an object in v1alpha2 needs a later one.
    other = V2.replace("name: qwen", "name: other")
    assert other != V2
    assert code not in codes(report("lint", "-", stdin=f"{text}---\n{other}")["diagnostics"])


def test_a_service_in_v1alpha2_meets_a_release_that_serves_it() -> None:
    found = report("lint", "-", stdin=V2 + ARGS % "vllm serve x")["diagnostics"]
    assert codes(found) == ["vllm-args-without-command"]


@pytest.mark.parametrize(
    ("target", "message"),
    [
        ("kserve=0.16", "nothing is known of KServe '0.16'; known are 0.15, 0.17"),
        ("kserve=0.170", "known are 0.15, 0.17"),
        ("kserve=", "`kserve=` is not of the form name=version"),
        ("gateway-api=2", "the Gateway API '2'; known are 1.1, 1.2, 1.3, 1.4, 1.5, 1.6"),
        ("gatway-api=1.4", "did you mean `gateway-api`?"),
        ("istio=1.2", "names: kubernetes, gke, gateway-api, kserve"),
        ("gke=1.24", "available are 1.25, 1.26"),
        ("gke=1.35.x", "'1.35.x' is not a GKE version such as"),
        ("gke=1.35,kubernetes=1.34", "GKE 1.35 is not Kubernetes 1.34"),
        ("gke=1.34,gke=1.35", "gke is given twice"),
    ],
)
def test_a_wrong_target_is_a_usage_error_that_says_what_is_allowed(
    target: str, message: str
) -> None:
    result = run("lint", "-", "--target", target, stdin=NAMESPACE)
    assert result.exit_code == 2
    assert result.stdout == ""
    assert message in result.stderr


@pytest.mark.parametrize(
    ("target", "versions"),
    [
        ("kubernetes=v1.35.1", {"kubernetes": "1.35"}),
        ("kserve=v0.17.1", {"kserve": "0.17"}),
        ("gatewayApi=1.4.1", {"gatewayApi": "1.4"}),
        (" gke = v1.34 , ", {"kubernetes": "1.34", "gke": "1.34", "gatewayApi": "1.4"}),
        (
            "gke=1.35.1-gke.100",
            {"kubernetes": "1.35", "gke": "1.35.1-gke.100", "gatewayApi": "1.4"},
        ),
        (
            "gke=1.34.1-gke.1825000",
            {"kubernetes": "1.34", "gke": "1.34.1-gke.1825000", "gatewayApi": "1.3"},
        ),
        (
            "gke=1.36,gateway-api=1.5,kubernetes=1.36.2",
            {"kubernetes": "1.36", "gke": "1.36", "gatewayApi": "1.5"},
        ),
        ("gke=1.29", {"kubernetes": "1.29", "gke": "1.29"}),
    ],
)
def test_a_target_is_read_kindly_and_says_what_follows(
    target: str, versions: dict[str, str]
) -> None:
    changes = report("lint", "-", "--target", target, stdin=NAMESPACE)["changes"]
    assert changes["to"] == versions
    assert set(changes["from"]) == set(versions)
    assert (changes["new"], changes["gone"]) == ([], [])


CHANGED = (
    "  + a.yaml:10:13: warning: KServe 0.17 does not bring InferenceModel of "
    "inference.networking.x-k8s.io; 0.15 does [inference-definition-not-brought] (new)\n"
    "  - a.yaml:7:24: warning: the scheduler's template has no containers, and KServe 0.15 then "
    "drops the endpoint picker's own [scheduler-template-without-containers] (no longer)\n"
    "  - a.yaml:8:3: error: labels is not a field of spec [schema-unknown-field] (no longer)\n"
)


def test_lint_lists_what_a_target_changes(tmp_path: Path) -> None:
    text = (
        SERVICE.replace("  model", "  replicas: 1\n  model")
        + "  router: {scheduler: {template: {priorityClassName: high}}}\n  labels: {a: b}\n"
    )
    file = tree(tmp_path, {"a.yaml": text + "---\n" + OLD_OBJECT % "InferenceModel"}) / "a.yaml"
    result = run("lint", file, "--target", "kserve=0.17")
    assert result.exit_code == 0
    section = result.stdout.partition("What changes from kserve 0.15 to kserve 0.17:\n")[2]
    assert section.replace(str(file), "a.yaml").splitlines()[:-1] == CHANGED.splitlines()


def test_changes_in_json_are_as_the_schema_of_reports_says() -> None:
    found = report("lint", "-", "--target", "kserve=0.17", stdin=SERVICE + "  labels: {a: b}\n")
    schema = json.loads(run("schema", "report").stdout)
    assert list(Draft202012Validator(schema).iter_errors(found)) == []
    assert found["diagnostics"] == []
    assert codes(found["changes"]["gone"]) == ["schema-unknown-field"]
    del found["changes"]["gone"]
    assert [item.message for item in Draft202012Validator(schema).iter_errors(found)] == [
        "'gone' is a required property"
    ]


def test_without_a_target_nothing_is_said_of_changes() -> None:
    assert "changes" not in report("lint", "-", stdin=NAMESPACE)
    assert "What changes" not in run("lint", "-", stdin=NAMESPACE).stdout


@pytest.mark.parametrize("format_", ["sarif", "junit", "github", "gitlab"])
def test_formats_for_ci_hold_findings_only(format_: str) -> None:
    text = SERVICE + "  labels: {a: b}\n"
    with_target = run("lint", "-", "--target", "kserve=0.17", "--format", format_, stdin=text)
    right = run("lint", "-", "--format", format_, stdin=SERVICE)
    assert with_target.stdout == right.stdout


def test_a_finding_whose_words_name_a_version_is_the_same_finding() -> None:
    text = "apiVersion: example.com/v1\nkind: Thing\nmetadata: {name: a}\n"
    changes = report("lint", "-", "--target", "gke=1.36", stdin=text)["changes"]
    assert (changes["new"], changes["gone"]) == ([], [])


def test_two_findings_at_one_place_are_counted_apart() -> None:
    text = SERVICE + PICKER % "--v=4"
    changes = report("lint", "-", "--target", "kserve=0.17", stdin=text)["changes"]
    assert codes(changes["gone"]) == ["endpoint-picker-without-its-pool"] * 2


@pytest.mark.parametrize(
    ("args", "gone"),
    [
        ("--pool-name=other", "these arguments name no namespace"),
        ("--pool-namespace=other", "these arguments name no pool"),
    ],
)
def test_of_two_findings_at_one_place_the_one_that_is_gone_is_named(args: str, gone: str) -> None:
    text = SERVICE + PICKER % args
    changes = report("lint", "-", "--target", "kserve=0.17", stdin=text)["changes"]
    assert [item["message"].partition(",")[0] for item in changes["gone"]] == [gone]
    assert changes["new"] == []


def test_of_two_findings_at_one_place_where_there_was_one_only_one_is_new() -> None:
    one, two, three = (Diagnostic(Location("a"), words, "some-code") for words in "123")
    changes = compare(ASSUMED, ASSUMED, [one], [two, three])
    assert (changes.new, changes.gone) == ((three,), ())


def test_the_committed_tree_is_judged_for_newer_releases() -> None:
    result = run("lint", OUT / "qwen-3b-v6e", "--target", "gke=1.36,kserve=0.17")
    assert result.exit_code == 0
    assert (
        "What changes from kubernetes 1.34, gke 1.34, gateway-api 1.4, kserve 0.15 to "
        "kubernetes 1.36, gke 1.36, gateway-api 1.6, kserve 0.17:\n  + "
    ) in result.stdout
    changed = [line for line in result.stdout.splitlines() if line.endswith("(new)")]
    assert [line.split("[")[-1] for line in changed] == [
        "endpoint-picker-pool-group-outdated] (new)"
    ]


def write(folder: Path, name: str, gke: str) -> Path:
    text = MINIMAL.replace("name: example", f"name: {name}") + f'cluster: {{version: "{gke}"}}\n'
    return tree(folder, {f"{name}.yaml": text}) / f"{name}.yaml"


def test_a_profile_is_compared_with_its_own_versions(tmp_path: Path) -> None:
    changes = report("lint", write(tmp_path, "old", "1.33"), "--target", "gke=1.34")["changes"]
    assert changes["from"] == {"kubernetes": "1.33", "gke": "1.33", "gatewayApi": "1.3"}
    assert codes(changes["gone"]) == ["inference-pool-crd-not-bundled"]
    assert changes["new"] == []


def test_a_finding_of_a_profile_whose_words_name_its_version_is_the_same(tmp_path: Path) -> None:
    changes = report("lint", write(tmp_path, "old", "1.33"), "--target", "gke=1.32")["changes"]
    assert (changes["new"], changes["gone"]) == ([], [])


def test_a_profile_beside_manifests_keeps_what_each_is_compared_with(tmp_path: Path) -> None:
    write(tmp_path, "old", "1.33")
    tree(tmp_path, {"a.yaml": NAMESPACE})
    changes = report("lint", tmp_path, "--target", "gke=1.35")["changes"]
    assert changes["from"]["gke"] == "1.34, 1.33"
    assert codes(changes["gone"]) == ["inference-pool-crd-not-bundled"]


def test_a_render_says_that_the_tree_stays_that_of_the_profile(tmp_path: Path) -> None:
    args = ("--profile", "qwen-3b-v6e", "--out", tmp_path)
    result = run(*args, "--target", "kserve=0.17")
    assert result.exit_code == 0
    assert "[endpoint-picker-pool-group-outdated] (new)" in result.stderr
    assert (
        "The tree is still rendered for the versions of the profile; for those of --target it is "
        "only judged."
    ) in result.stderr
    written = (tmp_path / "qwen-3b-v6e/workload/llminferenceservice.yaml").read_text()
    committed = CHECKOUT / "out/qwen-3b-v6e/workload/llminferenceservice.yaml"
    assert written == committed.read_text()


def test_check_says_what_a_target_changes_of_each_profile(tmp_path: Path) -> None:
    write(tmp_path, "old", "1.33")
    write(tmp_path, "new", "1.34")
    args = ("check", "--all", "--profiles", tmp_path, "--out", tmp_path / "out")
    changes = report(*args, "--target", "gke=1.32.2")["changes"]
    assert changes["from"]["gke"] == "1.34, 1.33"
    assert codes(changes["new"]) == ["gke-version-unsupported"] * 2
    assert codes(changes["gone"]) == ["inference-pool-crd-not-bundled"]


def test_a_kserve_that_cannot_be_rendered_for_is_no_fault_of_the_profile() -> None:
    result = run("lint", CHECKOUT / "profiles/qwen-3b-v6e.yaml", "--target", "kserve=0.17")
    assert result.exit_code == 0
    assert "kserve-version-unknown" not in result.stdout
    assert "is still rendered for the versions of the profile" in result.stdout
