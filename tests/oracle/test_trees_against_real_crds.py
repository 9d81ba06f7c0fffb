"""Every document that we emit, in the eyes of the real CRDs, by two independent validators."""

from __future__ import annotations

from functools import cache
from typing import Any

import pytest
import yaml
from jsonschema import Draft202012Validator
from support import CRDS, OUT, SHIPPED, absent

from llmd_render import load, render_profile
from llmd_render.manifest import Manifest, read_manifests, read_tree
from llmd_render.validate import SchemaStore, check_object

LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
GATEWAY_API = tuple(f"gateway.networking.k8s.io/{name}-standard" for name in ("v1.4.1", "v1.6.1"))
GKE = ("networking.gke.io/v1.4.0", "networking.gke.io/main-fc40d60")
KSERVE = ("serving.kserve.io/odh-release-v0.15", "serving.kserve.io/odh-v3.5")
RELEASES = {
    "Gateway": GATEWAY_API,
    "HTTPRoute": GATEWAY_API,
    "HealthCheckPolicy": GKE,
    "GCPBackendPolicy": GKE,
    "PodMonitoring": ("monitoring.googleapis.com/v0.17.2",),
    "LLMInferenceService": KSERVE,
    "LLMInferenceServiceConfig": KSERVE,
}
VARIANTS = (
    (),
    ("gateway.tls={secret: cert}", "gateway.allowedSourceRanges=[203.0.113.0/24]"),
    ("gateway.tls={certificate: cert}", "gateway.address=front"),
    ("routing=managed",),
    ("server.compileCache={size: 50Gi}", "service.replicas=1"),
    ("model.uri=s3://bucket/model", "secrets=null"),
    ("model.uri=pvc://claim/model", "networkPolicies.enabled=false"),
)


@cache
def crds_of(release: str) -> tuple[dict[str, Any], ...]:
    if not CRDS.is_dir():
        absent(f"the real CRDs are not at {CRDS}")
    files = sorted((CRDS / release).glob("*.yaml"))
    assert files, release
    found = [item for path in files for item in yaml.load_all(path.read_text(), Loader=LOADER)]
    return tuple(item for item in found if item and item["kind"] == "CustomResourceDefinition")


def strict(node: Any) -> Any:
    """Make a structural schema refuse unknown fields, in the words of JSON Schema."""
    if isinstance(node, list):
        return [strict(item) for item in node]
    if not isinstance(node, dict):
        return node
    made = {
        key: {name: strict(part) for name, part in value.items()}
        if key == "properties"
        else strict(value)
        for key, value in node.items()
        if key not in {"default", "nullable"}
    }
    if node.get("x-kubernetes-int-or-string"):
        made.pop("type", None)
    open_ = node.get("x-kubernetes-preserve-unknown-fields") or "additionalProperties" in node
    if node.get("type") == "object" and "properties" in node and not open_:
        made["additionalProperties"] = False
    return made


@cache
def independent(release: str, kind: str, version: str) -> Draft202012Validator:
    for crd in crds_of(release):
        if crd["spec"]["names"]["kind"] == kind:
            for item in crd["spec"]["versions"]:
                if item["name"] == version:
                    schema = strict(item["schema"]["openAPIV3Schema"])
                    schema["properties"]["metadata"] = {"type": "object"}
                    return Draft202012Validator(schema)
    raise AssertionError(f"{release} has no {kind} {version}")


def emitted() -> list[Manifest]:
    found: list[Manifest] = []
    for name in SHIPPED:
        for path in sorted((OUT / name).rglob("*.yaml")):
            found += read_manifests(path.read_text(), path.relative_to(OUT).as_posix())[0]
    for settings in VARIANTS[1:]:
        outcome = render_profile(load("qwen-3b-v6e", settings))
        assert outcome.ok, outcome.diagnostics
        found += read_tree(outcome.files)[0].manifests
    return found


CUSTOM = [item for item in emitted() if item.kind in RELEASES]
CASES = [(item, release) for item in CUSTOM for release in RELEASES[item.kind]]


def name_case(value: Any) -> str:
    return f"{value.kind}-{value.file}" if isinstance(value, Manifest) else str(value)


def test_every_custom_kind_that_we_emit_has_a_real_crd() -> None:
    kinds = {(item.api_version.rpartition("/")[0], item.kind) for item in emitted()}
    core = {"", "networking.k8s.io", "rbac.authorization.k8s.io", "storage.k8s.io"}
    custom = {kind for group, kind in kinds if group not in core}
    assert custom - {"Kustomization"} <= set(RELEASES)
    assert {item.kind for item in CUSTOM} == set(RELEASES)


@pytest.mark.parametrize(("manifest", "release"), CASES, ids=name_case)
def test_the_real_crd_accepts_what_we_emit(manifest: Manifest, release: str) -> None:
    store = SchemaStore("1.34", crds_of(release))
    assert list(check_object(manifest.data, store)) == []
    version = manifest.api_version.rpartition("/")[2]
    errors = independent(release, manifest.kind, version).iter_errors(manifest.data)
    assert [f"{error.json_path}: {error.message}" for error in errors] == []


@pytest.mark.parametrize("kubernetes", ["1.32", "1.33", "1.34", "1.35", "1.36", "1.37"])
def test_core_kinds_are_valid_in_every_kubernetes_that_gke_offers(kubernetes: str) -> None:
    store = SchemaStore(kubernetes)
    core = [item for item in emitted() if item.kind not in RELEASES and item.is_object]
    assert len(core) > 20
    for manifest in core:
        assert list(check_object(manifest.data, store)) == [], manifest.file
