"""Our schemas against the CRDs that they describe, field by field and by verdict.

The CRDs are other people's files and not part of the repository: without them these tests skip,
on CI they fail.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import pytest
import yaml

from llmd_render.validate import Schema, SchemaStore, check_object

if TYPE_CHECKING:
    from collections.abc import Iterator

CRDS = Path(__file__).resolve().parents[3] / "shared" / "crds"
SAMPLES = CRDS.parent / "facts" / "samples"

if not CRDS.is_dir():
    if os.environ.get("CI"):
        pytest.fail(f"{CRDS} is absent, and CI must not pass without it", pytrace=False)
    pytest.skip(f"NOT CHECKED against real CRDs: {CRDS} is absent", allow_module_level=True)


class Case(NamedTuple):
    """One of our kinds and the file that has the real thing."""

    api_version: str
    kind: str
    file: str

    @property
    def name(self) -> str:
        return f"{self.kind} of {self.file.split('/')[1]}"


_GATEWAY = "gateway.networking.k8s.io/v1.4.1-standard/gateway.networking.k8s.io_"
_KSERVE = "serving.kserve.io/odh-release-v0.15/serving.kserve.io_"
CASES = [
    Case("gateway.networking.k8s.io/v1", "Gateway", f"{_GATEWAY}gateways.yaml"),
    Case("gateway.networking.k8s.io/v1", "HTTPRoute", f"{_GATEWAY}httproutes.yaml"),
    Case(
        "serving.kserve.io/v1alpha1", "LLMInferenceService", f"{_KSERVE}llminferenceservices.yaml"
    ),
    Case(
        "serving.kserve.io/v1alpha1",
        "LLMInferenceServiceConfig",
        f"{_KSERVE}llminferenceserviceconfigs.yaml",
    ),
    *(
        Case(
            "networking.gke.io/v1",
            kind,
            f"networking.gke.io/{release}/networking.gke.io_{plural}.yaml",
        )
        for release in ("v1.4.0", "main-fc40d60")
        for kind, plural in (
            ("HealthCheckPolicy", "healthcheckpolicies"),
            ("GCPBackendPolicy", "gcpbackendpolicies"),
        )
    ),
    Case(
        "monitoring.googleapis.com/v1",
        "PodMonitoring",
        "monitoring.googleapis.com/v0.17.2/monitoring.googleapis.com_podmonitorings.yaml",
    ),
    Case(
        "inference.networking.k8s.io/v1",
        "InferencePool",
        "inference.networking/gaie-v1.0.1/inference.networking.k8s.io_inferencepools.yaml",
    ),
]

# Of all keys of a schema node, those that decide about validity or defaults.
KEYWORDS = (
    *("type", "format", "enum", "pattern", "default", "nullable", "required", "uniqueItems"),
    *("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf"),
    *("minLength", "maxLength", "minItems", "maxItems", "minProperties", "maxProperties"),
    *("oneOf", "anyOf", "allOf", "not"),
    *("x-kubernetes-int-or-string", "x-kubernetes-preserve-unknown-fields"),
    *("x-kubernetes-embedded-resource", "x-kubernetes-list-type", "x-kubernetes-list-map-keys"),
)

# v1.4.0 has no rules at all; we carry those of the later release, which both accept.
WITHOUT_RULES = {"networking.gke.io/v1.4.0"}
# KServe's copy of the route says less than the HTTPRoute that becomes of it.
EXTRA_RULES = {"!(has(self.percent) && has(self.fraction))"}


def read_crd(file: str, kind: str) -> dict[str, Any]:
    documents = yaml.load_all((CRDS / file).read_text(), Loader=yaml.CSafeLoader)
    crds = (item for item in documents if item and item["kind"] == "CustomResourceDefinition")
    found: dict[str, Any] = next(crd for crd in crds if crd["spec"]["names"]["kind"] == kind)
    return found


def real_root(crd: dict[str, Any], version: str) -> dict[str, Any]:
    found = next(item for item in crd["spec"]["versions"] if item["name"] == version)
    root: dict[str, Any] = found["schema"]["openAPIV3Schema"]
    return root


def is_core(node: dict[str, Any]) -> bool:
    return str(node.get("$ref", "")).startswith(("core#/", "#/$defs/"))


def meaning(node: dict[str, Any]) -> dict[str, Any]:
    facts = {key: node[key] for key in KEYWORDS if key in node}
    for key in ("required", "enum"):
        if key in facts:
            facts[key] = sorted(facts[key])
    if not facts.get("required", True):
        del facts["required"]
    if facts.get("x-kubernetes-list-type") == "atomic":
        del facts["x-kubernetes-list-type"]  # says how to merge, not what is valid
    return facts


def rules(node: dict[str, Any]) -> set[str]:
    return {" ".join(item["rule"].split()) for item in node.get("x-kubernetes-validations", ())}


def children(node: dict[str, Any]) -> dict[str, Any]:
    found = dict(node.get("properties", {}))
    if "items" in node:
        found["[]"] = node["items"]
    if isinstance(node.get("additionalProperties"), dict):
        found["{}"] = node["additionalProperties"]
    return found


def differences(
    ours: dict[str, Any], real: dict[str, Any], schema: Schema, case: Case, path: str = ""
) -> Iterator[str]:
    """Walk both side by side; the pod templates are Kubernetes' own and end the walk."""
    if path in {".status", ".metadata"} or is_core(ours) or "PodTemplate" in ours.get("$ref", ""):
        return
    ours = schema.resolve(ours)
    if meaning(ours) != meaning(real):
        yield f"{path}: ours {meaning(ours)}, real {meaning(real)}"
    yield from differing_rules(ours, real, case, path)
    our_parts, real_parts = children(ours), children(real)
    for name in sorted((our_parts.keys() ^ real_parts.keys()) - {"status"}):
        yield f"{path}.{name} is only in {'ours' if name in our_parts else 'the real one'}"
    for name in our_parts.keys() & real_parts.keys():
        yield from differences(our_parts[name], real_parts[name], schema, case, f"{path}.{name}")


def differing_rules(
    ours: dict[str, Any], real: dict[str, Any], case: Case, path: str
) -> Iterator[str]:
    if case.file.startswith(tuple(WITHOUT_RULES)):
        return
    extra, missing = rules(ours) - rules(real), rules(real) - rules(ours)
    if case.kind.startswith("LLMInferenceService"):
        extra -= EXTRA_RULES
    if extra or missing:
        yield f"{path}: rules {extra} too many, {missing} missing"


@pytest.mark.parametrize("case", CASES, ids=[case.name for case in CASES])
def test_our_schema_says_what_the_real_crd_says(case: Case) -> None:
    schema = SchemaStore("1.34").find(case.api_version, case.kind)
    crd = read_crd(case.file, case.kind)
    assert schema is not None
    assert not schema.partial
    assert schema.scope == crd["spec"]["scope"]
    assert list(differences(schema.root, real_root(crd, schema.version), schema, case)) == []


@pytest.mark.parametrize("mutation", ["add", "drop", "bound", "rule"])
def test_the_comparison_sees_a_schema_that_is_wrong(mutation: str) -> None:
    case = CASES[4]
    store = SchemaStore("1.34")
    schema = store.find(case.api_version, case.kind)
    assert schema is not None
    default = schema.root["properties"]["spec"]["properties"]["default"]
    if mutation == "add":
        default["properties"]["retries"] = {"type": "integer"}
    elif mutation == "drop":
        del default["properties"]["config"]
    elif mutation == "bound":
        default["properties"]["config"]["maxProperties"] = 3
    else:
        default["x-kubernetes-validations"].pop()
        case = CASES[6]
    root = real_root(read_crd(case.file, case.kind), "v1")
    assert list(differences(schema.root, root, schema, case))


def test_every_one_of_our_cluster_kinds_is_compared() -> None:
    compared = {(case.api_version, case.kind) for case in CASES}
    for schema in SchemaStore("1.34").known_kinds():
        if schema.group != "kustomize.config.k8s.io":
            assert (schema.api_version, schema.kind) in compared


@pytest.fixture(scope="module")
def real_store() -> SchemaStore:
    return SchemaStore("1.34", [read_crd(case.file, case.kind) for case in CASES[:6] + CASES[8:]])


def samples() -> list[Any]:
    found = [
        pytest.param(document, id=f"{file.stem} {document['kind']}")
        for file in sorted(SAMPLES.glob("*.yaml"))
        for document in yaml.load_all(file.read_text(), Loader=yaml.CSafeLoader)
    ]
    assert found
    return found


@pytest.mark.parametrize("document", samples())
def test_known_good_manifests_pass_both(document: Any, real_store: SchemaStore) -> None:
    assert list(check_object(document, SchemaStore("1.34"))) == []
    assert list(check_object(document, real_store)) == []


GATEWAY = """
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: {name: inference, namespace: llm}
spec:
  gatewayClassName: gke-l7-rilb
  addresses: [{value: 10.0.0.5}]
  listeners: [{name: http, protocol: HTTP, port: 80}]
"""
ROUTE = """
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: {name: qwen, namespace: llm}
spec:
  parentRefs: [{name: inference}]
  rules:
  - matches: [{path: {type: PathPrefix, value: /llm}, headers: [{name: a, value: b}]}]
    filters: [{type: RequestRedirect, requestRedirect: {statusCode: 301}}]
    backendRefs: [{name: qwen, port: 8000}]
"""
SERVICE = """
apiVersion: serving.kserve.io/v1alpha1
kind: LLMInferenceService
metadata: {name: qwen, namespace: llm}
spec:
  model: {uri: hf://Qwen/Qwen2.5-3B-Instruct}
  replicas: 3
  parallelism: {tensor: 4}
  template:
    containers:
    - name: main
      env: [{name: A, value: b}]
      ports: [{containerPort: 8000}]
      resources: {limits: {google.com/tpu: 4, cpu: 500m}}
  router:
    gateway: {refs: [{name: inference, namespace: llm}]}
    route: {http: {spec: {rules: [{retry: {codes: [503]}}]}}}
    scheduler: {pool: {spec: {selector: {a: b}, targetPortNumber: 8000, extensionRef: {name: x}}}}
"""
HEALTH = """
apiVersion: networking.gke.io/v1
kind: HealthCheckPolicy
metadata: {name: qwen, namespace: llm}
spec:
  default:
    checkIntervalSec: 15
    config: {type: HTTP, httpHealthCheck: {port: 8000, requestPath: /health}}
  targetRef: {group: inference.networking.k8s.io, kind: InferencePool, name: pool}
"""
BACKEND = """
apiVersion: networking.gke.io/v1
kind: GCPBackendPolicy
metadata: {name: qwen, namespace: llm}
spec:
  default: {timeoutSec: 300, logging: {enabled: true, sampleRate: 1000000}}
  targetRef: {group: inference.networking.k8s.io, kind: InferencePool, name: pool}
"""
MONITORING = """
apiVersion: monitoring.googleapis.com/v1
kind: PodMonitoring
metadata: {name: qwen, namespace: llm}
spec:
  selector: {matchLabels: {app: qwen}}
  endpoints: [{port: 8000, interval: 30s, path: /metrics}]
"""
POOL = """
apiVersion: inference.networking.k8s.io/v1
kind: InferencePool
metadata: {name: pool, namespace: llm}
spec:
  selector: {matchLabels: {app: qwen}}
  targetPorts: [{number: 8000}]
  endpointPickerRef: {name: epp, port: {number: 9002}}
"""

# A good manifest and what to replace in it to spoil it, each in one way.
VERDICTS = [
    (GATEWAY, "protocol: HTTP", "protocol: 'HT TP/'"),
    (GATEWAY, "port: 80", "port: 0"),
    (GATEWAY, "port: 80", "port: '80'"),
    (GATEWAY, "10.0.0.5", "not-an-address"),
    (GATEWAY, "name: http,", "name: HTTP,"),
    (GATEWAY, "gatewayClassName", "gatewayclassname"),
    (GATEWAY, "{name: http, protocol: HTTP, port: 80}", ""),
    (GATEWAY, "port: 80}", "port: 80}, {name: http, protocol: HTTP, port: 81}"),
    (GATEWAY, "port: 80}", "port: 80, allowedRoutes: {namespaces: {from: None}}}"),
    (GATEWAY, "port: 80}", "port: 80, tls: {mode: Simple}}"),
    (ROUTE, "statusCode: 301", "statusCode: 307"),
    (ROUTE, "type: PathPrefix", "type: Prefix"),
    (ROUTE, "port: 8000", "port: 80000"),
    (ROUTE, "port: 8000", "port: 8000.5"),
    (ROUTE, "port: 8000", "weight: -1"),
    (ROUTE, "value: b}", "value: b}, {name: a, value: c}"),
    (ROUTE, "    filters", "    timeouts: {request: 1 minute}\n    filters"),
    (ROUTE, "    filters", "    retry: {attempts: 3}\n    filters"),
    (ROUTE, "rules:", "hostnames: ['*']\n  rules:"),
    (ROUTE, "parentRefs: [{name: inference}]", "parentRefs: {name: inference}"),
    (SERVICE, "model: {uri: hf://Qwen/Qwen2.5-3B-Instruct}", "model: {name: a}"),
    (SERVICE, "replicas: 3", "replicas: -1"),
    (SERVICE, "tensor: 4", "tensor: 0"),
    (SERVICE, "tensor: 4", "dataRPCPort: 70000"),
    (SERVICE, "replicas: 3", "replicas: true"),
    (SERVICE, "- name: main", "- image: main"),
    (SERVICE, "value: b}]", "value: b}, {name: A, value: c}]"),
    (SERVICE, "value: b}]", "value: 1}]"),
    (SERVICE, "containerPort: 8000", "containerport: 8000"),
    (SERVICE, "cpu: 500m", "cpu: 0.5"),
    (SERVICE, "cpu: 500m", "cpu: 500x"),
    (SERVICE, "codes: [503]", "codes: [200]"),
    (SERVICE, "namespace: llm}]", "namespace: ''}]"),
    (SERVICE, "extensionRef: {name: x}", "extensionRef: {}"),
    (SERVICE, "targetPortNumber: 8000", "targetPortNumber: http"),
    (SERVICE, "scheduler: {", "scheduler: {replicas: 2, "),
    (HEALTH, "checkIntervalSec: 15", "checkIntervalSec: 301"),
    (HEALTH, "type: HTTP, ", ""),
    (HEALTH, "requestPath: /health", "requestPath: health"),
    (HEALTH, "port: 8000", "portSpecification: FIXED"),
    (HEALTH, "group: inference.networking.k8s.io, ", ""),
    (BACKEND, "sampleRate: 1000000", "sampleRate: 1000001"),
    (BACKEND, "timeoutSec: 300", "timeoutSec: 0"),
    (BACKEND, "enabled: true", "enabled: 'true'"),
    (MONITORING, "interval: 30s", "interval: soon"),
    (MONITORING, "port: 8000", "port: ''"),
    (MONITORING, "port: 8000", "port: 80.5"),
    (MONITORING, "selector:", "targetLabels: {metadata: [pod, pod]}\n  selector:"),
    (MONITORING, "path: /metrics", "scheme: tcp"),
    (POOL, "[{number: 8000}]", "[{number: 8000}, {number: 8001}]"),
    (POOL, "app: qwen", "app: '-qwen'"),
    (POOL, "name: epp, ", ""),
    (POOL, "endpointPickerRef: {name", "endpointPickerRef: {failureMode: Fail, name"),
]


@pytest.mark.parametrize(
    "good",
    [GATEWAY, ROUTE, SERVICE, HEALTH, BACKEND, MONITORING, POOL],
    ids=lambda text: text.split()[3],
)
def test_both_accept_a_good_manifest(good: str, real_store: SchemaStore) -> None:
    document = yaml.load(good, Loader=yaml.CSafeLoader)
    assert list(check_object(document, SchemaStore("1.34"))) == []
    assert list(check_object(document, real_store)) == []


@pytest.mark.parametrize(("good", "old", "new"), VERDICTS)
def test_both_refuse_a_spoilt_manifest_for_the_same_reason(
    good: str, old: str, new: str, real_store: SchemaStore
) -> None:
    assert old in good
    document = yaml.load(good.replace(old, new, 1), Loader=yaml.CSafeLoader)
    ours = {(item.path, item.code) for item in check_object(document, SchemaStore("1.34"))}
    real = {(item.path, item.code) for item in check_object(document, real_store)}
    assert ours
    assert ours == real
