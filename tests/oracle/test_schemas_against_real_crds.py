"""Our schemas against the CRDs that they describe, field by field and by verdict.

The CRDs are other people's files and not part of the repository: without them these tests skip,
on CI they fail.
"""

from __future__ import annotations

import re
import shutil
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import yaml
from documents import is_pod
from real_crds import CASES, LATER_CASES, LOADER, Case, case_of, read_crd, real_root
from support import CRDS, absent

from llmd_render.validate import Schema, SchemaStore, check_object

if TYPE_CHECKING:
    from collections.abc import Iterator

SAMPLES = CRDS.parent / "facts" / "samples"
OURS = Path(__file__).resolve().parents[2] / "llmd_render" / "data" / "schemas"

if not CRDS.is_dir():
    absent(f"NOT CHECKED against real CRDs: {CRDS} is absent")

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
# KServe 0.15's copy of the route says less than the HTTPRoute that becomes of it.
EXTRA_RULES = {"!(has(self.percent) && has(self.fraction))"}


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
    if path in {".status", ".metadata"}:
        return
    ours = schema.resolve(ours)
    if is_pod(ours) and is_pod(real):
        if ours.get("required", []) != real.get("required", []):
            yield f"{path}: ours requires {ours.get('required')}, real {real.get('required')}"
        return
    # How a mapping merges decides nothing: ours may be silent about it, but not wrong.
    merging = ours.get("x-kubernetes-map-type")
    if merging and merging != real.get("x-kubernetes-map-type"):
        yield f"{path}: ours merges as {merging}"
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
    if "release-v0.15" in case.file:
        extra -= EXTRA_RULES
    if extra or missing:
        yield f"{path}: rules {extra} too many, {missing} missing"


def found_differences(schema: Schema, case: Case) -> list[str]:
    return list(differences(schema.root, real_root(case), schema, case))


ALL_CASES = (*CASES, *LATER_CASES)


def store_for(case: Case) -> SchemaStore:
    return SchemaStore("1.34", later=filter(None, [case.folder]))


@pytest.mark.parametrize("case", ALL_CASES, ids=[case.name for case in ALL_CASES])
def test_our_schema_says_what_the_real_crd_says(case: Case) -> None:
    schema = store_for(case).find(case.api_version, case.kind)
    assert schema is not None
    assert not schema.partial
    assert found_differences(schema, case) == []


def test_every_schema_of_a_later_release_is_compared() -> None:
    folders = {"/".join(file.with_suffix("").parts[-4:]) for file in OURS.glob("*/*/*/*.yaml")}
    assert folders == {f"{case.folder}/{case.api_version}/{case.kind}" for case in LATER_CASES}


@pytest.mark.parametrize("case", ALL_CASES, ids=[case.name for case in ALL_CASES])
def test_our_file_names_the_real_crd_and_its_release(case: Case) -> None:
    store = store_for(case)
    document = store._document("/".join(filter(None, [case.folder, case.api_version, case.kind])))
    schema = store.find(case.api_version, case.kind)
    spec = read_crd(case)["spec"]
    assert document is not None
    assert schema is not None
    ours = [document[key] for key in ("group", "version", "kind", "plural", "scope")]
    names = spec["names"]
    real = [spec["group"], case.version, names["kind"], names["plural"], spec["scope"]]
    assert ours == real
    rows = (CRDS / "SOURCES.md").read_text().splitlines()
    (row,) = (line for line in rows if line.startswith(f"| {case.file} |"))
    repository, path = (row.split("|")[n].strip() for n in (2, 5))
    (release,) = (
        item
        for item in schema.releases
        if item.source.endswith(f"/{path}") and f"({item.date})" in row
    )
    assert release.source.startswith(f"https://github.com/{repository}/blob/")


# What a file may get wrong, and a kind whose file has the thing.
MUTATIONS = [
    ("HTTPRoute", "v1", r"maxItems: 64", "maxItems: 63"),
    ("HTTPRoute", "v1", r"minimum: 0, maximum: 100\b", "minimum: 0, maximum: 99"),
    ("HTTPRoute", "v1", r"maxLength: 1024", "maxLength: 1025"),
    ("HTTPRoute", "v1", r"enum: \[301, 302\]", "enum: [301, 302, 307]"),
    ("HTTPRoute", "v1", r"default: 302", "default: 301"),
    ("HTTPRoute", "v1", r"map-keys: \[name\]", "map-keys: [value]"),
    ("HTTPRoute", "v1", r"list-type: atomic", "list-type: set"),
    ("HTTPRoute", "v1", r"required: \[group, kind, name\]", "required: [kind, name]"),
    ("HTTPRoute", "v1", r"\n +hostname: .*", ""),
    ("HTTPRoute", "v1", r"      hostname:", "      hostName:"),
    ("HTTPRoute", "v1", r"self\.numerator <= self", "self.numerator < self"),
    ("Gateway", "v1", r"\|NamedAddress", ""),
    ("Gateway", "v1", r"format: ipv6", "format: ipv4"),
    ("Gateway", "v1", r"\n +minItems: 1", ""),
    ("Gateway", "v1beta1", r"v1/Gateway#", "v1/HTTPRoute#"),
    ("GatewayClass", "v1", r"self == oldSelf", "self != oldSelf"),
    ("ReferenceGrant", "v1beta1", r"maxItems: 16", "maxItems: 17"),
    ("HealthCheckPolicy", "v1", r"maxProperties: 2", "maxProperties: 3"),
    ("PodMonitoring", "v1", r"x-kubernetes-int-or-string: true", "type: integer"),
    ("InferencePool", "v1", r"format: int32", "format: int64"),
    ("InferencePool", "v1alpha2", r"targetPortNumber\]", "targetPortNumber, extra]"),
    ("InferenceModel", "v1alpha2", r"        criticality: .*\n", ""),
    ("InferenceObjective", "v1alpha2", r"priority: {type: integer}", "priority: {type: number}"),
    ("LLMInferenceService", "v1alpha1", r", required: \[\]}", "}"),
    ("LLMInferenceService", "v1alpha1", r"worker: .*", "worker: {type: object}"),
    ("LLMInferenceService", "v1alpha2", r"map-type: atomic", "map-type: granular"),
    ("LLMInferenceService", "v1alpha2", r"enum: \[lru, arc\]", "enum: [lru]"),
    ("LLMInferenceServiceConfig", "v1alpha2", r", maxLength: 63", ", minLength: 1"),
]


@pytest.mark.parametrize(("kind", "version", "old", "new"), MUTATIONS)
def test_the_comparison_sees_a_schema_that_is_wrong(
    kind: str, version: str, old: str, new: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    case = case_of(kind, version, "networking.gke.io/main" if kind == "HealthCheckPolicy" else "")
    ours = tmp_path / "schemas"
    shutil.copytree(OURS, ours)
    file = ours / f"{case.api_version}/{kind}.yaml"
    text, count = re.subn(old, new, file.read_text(encoding="utf-8"), count=1)
    assert count
    file.write_text(text, encoding="utf-8")
    monkeypatch.setattr("llmd_render.validate.store._OURS", ours)
    schema = SchemaStore("1.34").find(case.api_version, kind)
    assert schema is not None
    assert found_differences(schema, case)


def test_every_one_of_our_cluster_kinds_is_compared_with_every_release_that_it_names() -> None:
    compared = Counter((case.api_version, case.kind) for case in CASES)
    named = {
        (schema.api_version, schema.kind): len(schema.releases)
        for schema in SchemaStore("1.34").known_kinds()
        if schema.group != "kustomize.config.k8s.io"
    }
    assert compared == named


@pytest.fixture(scope="module")
def real_store() -> SchemaStore:
    return SchemaStore(
        "1.34", [read_crd(case) for case in CASES if "gke.io/v1.4.0" not in case.file]
    )


def samples() -> list[Any]:
    found = [
        pytest.param(document, id=f"{file.stem} {document['kind']}")
        for file in sorted(SAMPLES.glob("*.yaml"))
        for document in yaml.load_all(file.read_text(), Loader=LOADER)
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
  - backendRefs: [{name: qwen, port: 8000}]
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
    config:
      type: HTTP
      httpHealthCheck: {portSpecification: USE_FIXED_PORT, port: 8000, requestPath: /health}
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

CLASS = """
apiVersion: gateway.networking.k8s.io/v1
kind: GatewayClass
metadata: {name: gke-l7-rilb}
spec: {controllerName: networking.gke.io/gateway, parametersRef: {group: a.b, kind: C, name: d}}
"""
GRANT = """
apiVersion: gateway.networking.k8s.io/v1beta1
kind: ReferenceGrant
metadata: {name: routes, namespace: llm}
spec:
  from: [{group: gateway.networking.k8s.io, kind: HTTPRoute, namespace: front}]
  to: [{group: '', kind: Service, name: qwen}]
"""
OLD_POOL = """
apiVersion: inference.networking.x-k8s.io/v1alpha2
kind: InferencePool
metadata: {name: pool, namespace: llm}
spec: {selector: {app: qwen}, targetPortNumber: 8000, extensionRef: {name: epp, portNumber: 9002}}
"""
OBJECTIVE = """
apiVersion: inference.networking.x-k8s.io/v1alpha2
kind: InferenceObjective
metadata: {name: urgent, namespace: llm}
spec: {priority: 10, poolRef: {name: pool}}
"""
MODEL = """
apiVersion: inference.networking.x-k8s.io/v1alpha2
kind: InferenceModel
metadata: {name: qwen, namespace: llm}
spec: {modelName: qwen, poolRef: {name: pool}, targetModels: [{name: a, weight: 1}]}
"""
NEW_SERVICE = """
apiVersion: serving.kserve.io/v1alpha2
kind: LLMInferenceService
metadata: {name: qwen, namespace: llm}
spec:
  model: {uri: hf://Qwen/Qwen2.5-3B-Instruct}
  kvCacheOffloading: {cpu: 10Gi}
  template: {containers: [{name: main, resources: {limits: {google.com/tpu: 4}}}]}
  router:
    gateway: {refs: [{name: inference, namespace: llm, sectionName: http}]}
    route: {http: {spec: {rules: [{filters: [{type: CORS, cors: {allowOrigins: ['*']}}]}]}}}
    scheduler:
      tokenizer: {template: {containers: [{name: main}]}}
      pool:
        spec:
          selector: {matchLabels: {a: b}}
          targetPorts: [{number: 80}]
          endpointPickerRef: {name: epp, port: {number: 9002}}
"""
NEW_CONFIG = NEW_SERVICE.replace("Service\n", "ServiceConfig\n")
GOOD = (
    *(GATEWAY, ROUTE, SERVICE, HEALTH, BACKEND, MONITORING, POOL, CLASS, GRANT, OLD_POOL),
    *(OBJECTIVE, MODEL, NEW_SERVICE, NEW_CONFIG),
)

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
    (HEALTH, "      type: HTTP\n", ""),
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
    (CLASS, "networking.gke.io/gateway", "gateway"),
    (CLASS, "group: a.b, ", ""),
    (CLASS, "{name: gke-l7-rilb}", "{name: gke-l7-rilb, namespace: llm}"),
    (GRANT, ", namespace: front", ""),
    (GRANT, "name: qwen", "namespace: llm"),
    (GRANT, "{group: '', kind: Service, name: qwen}", ""),
    (OLD_POOL, "{app: qwen}", "{matchLabels: {app: qwen}}"),
    (OLD_POOL, "targetPortNumber: 8000", "targetPorts: [{number: 8000}]"),
    (OBJECTIVE, "priority: 10", "priority: high"),
    (OBJECTIVE, ", poolRef: {name: pool}", ""),
    (MODEL, "weight: 1", "weight: 0"),
    (MODEL, "modelName: qwen", "criticality: High, modelName: qwen"),
    (NEW_SERVICE, "{cpu: 10Gi}", "{cpu: 10 GB}"),
    (NEW_SERVICE, "{cpu: 10Gi}", "{evictionPolicy: fifo, cpu: 1}"),
    (NEW_SERVICE, "sectionName: http", "sectionName: HTTP"),
    (NEW_SERVICE, "['*']", "['*', '*']"),
    (NEW_SERVICE, "{number: 80}", ""),
    (
        NEW_SERVICE,
        "tokenizer: {template: {containers: [{name: main}]}}",
        "tokenizer: {template: {}}",
    ),
    (NEW_SERVICE, "model: {", "model: {criticality: Critical, "),
    (NEW_CONFIG, "{number: 80}", "{number: 0}"),
    (NEW_CONFIG, "type: CORS", "type: Cors"),
]


@pytest.mark.parametrize(
    "good",
    GOOD,
    ids=lambda text: f"{text.split()[3]} of {text.split()[1]}",
)
def test_both_accept_a_good_manifest(good: str, real_store: SchemaStore) -> None:
    document = yaml.load(good, Loader=LOADER)  # noqa: S506 - it is safe
    assert list(check_object(document, SchemaStore("1.34"))) == []
    assert list(check_object(document, real_store)) == []


@pytest.mark.parametrize(("good", "old", "new"), VERDICTS)
def test_both_refuse_a_spoilt_manifest_for_the_same_reason(
    good: str, old: str, new: str, real_store: SchemaStore
) -> None:
    assert old in good
    document = yaml.load(good.replace(old, new, 1), Loader=LOADER)  # noqa: S506 - it is safe
    ours = {(item.path, item.code) for item in check_object(document, SchemaStore("1.34"))}
    real = {(item.path, item.code) for item in check_object(document, real_store)}
    assert ours
    assert ours == real
