"""Where schemas come from, in what order, and how little is read for them."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from llmd_render.validate import (
    GivenCRD,
    MalformedCRDError,
    Release,
    SchemaStore,
    UnknownKubernetesVersionError,
    check_object,
)

GATEWAY_API = "gateway.networking.k8s.io/v1"


def crd(group: str, kind: str, **version: Any) -> dict[str, Any]:
    root = {"type": "object", "properties": {"spec": {"type": "object"}}}
    versions = [{"name": "v1", "schema": {"openAPIV3Schema": root}} | version]
    return {
        "spec": {
            "group": group,
            "scope": "Namespaced",
            "names": {"kind": kind},
            "versions": versions,
        }
    }


def test_a_core_kind_comes_from_the_kubernetes_release() -> None:
    schema = SchemaStore("1.34").find("apps/v1", "Deployment")
    assert schema
    assert (schema.core, schema.scope, schema.origin) == (True, "Namespaced", "Kubernetes 1.34")
    assert schema.api_version == "apps/v1"


def test_one_of_our_kinds_names_the_release_that_it_describes() -> None:
    schema = SchemaStore("1.34").find("serving.kserve.io/v1alpha1", "LLMInferenceService")
    assert schema
    assert schema.origin == "llmd-render schema for KServe release-v0.15"
    assert not schema.core
    assert schema.releases[0].source.startswith("https://")
    assert schema.releases[0].date == "2026-03-20"


def test_the_users_crds_go_first() -> None:
    store = SchemaStore("1.34", [crd("gateway.networking.k8s.io", "Gateway")])
    schema = store.find(GATEWAY_API, "Gateway")
    assert schema
    assert schema.origin == "--crds"
    assert store.find(GATEWAY_API, "HTTPRoute")


def test_each_crd_has_its_own_origin_and_the_later_one_wins() -> None:
    first, second = crd("a.b", "C"), crd("a.b", "D")
    release = Release("Things v2", "example/things", "2026-01-02")
    given = [GivenCRD(first, "old.yaml"), GivenCRD(second, "d.yaml")]
    store = SchemaStore("1.34", [*given, first, GivenCRD(first, "new.yaml", (release,))])
    found = [store.find("a.b/v1", kind) for kind in "CD"]
    assert [(item.origin, item.releases) for item in found if item] == [
        ("new.yaml", (release,)),
        ("d.yaml", ()),
    ]


def test_the_known_kinds_are_the_users_before_ours() -> None:
    given = [GivenCRD(crd("gateway.networking.k8s.io", "Gateway"), "my.yaml")]
    known = {(item.version, item.kind): item for item in SchemaStore("1.34", given).known_kinds()}
    assert known["v1", "Gateway"].origin == "my.yaml"
    assert known["v1", "HTTPRoute"].origin == "llmd-render schema for Gateway API v1.4.1"
    assert len(known) == len(
        {(item.version, item.kind) for item in SchemaStore("1.34").known_kinds()}
    )


def test_a_version_that_is_not_served_is_not_known() -> None:
    assert SchemaStore("1.34", [crd("a.b", "C", served=False)]).find("a.b/v1", "C") is None


def test_a_crd_without_schema_takes_anything() -> None:
    store = SchemaStore("1.34", [crd("a.b", "C", schema={})])
    data = {"apiVersion": "a.b/v1", "kind": "C", "metadata": {"name": "c"}, "what": {"ever": 1}}
    assert list(check_object(data, store)) == []


def test_a_crd_may_preserve_what_it_does_not_know() -> None:
    keeping = crd("a.b", "C")
    data = {"apiVersion": "a.b/v1", "kind": "C", "metadata": {"name": "c"}, "what": 1}
    codes = [item.code for item in check_object(data, SchemaStore("1.34", [keeping]))]
    assert codes == ["schema-unknown-field"]
    keeping["spec"]["preserveUnknownFields"] = True
    assert list(check_object(data, SchemaStore("1.34", [keeping]))) == []


def test_a_kind_of_the_users_crds_is_suggested_too() -> None:
    store = SchemaStore("1.34", [crd("a.b", "Zebrafish")])
    assert store.suggest_kind("a.b/v1", "Zebrafsh") == "a.b/v1 Zebrafish"
    assert store.suggest_kind("v2", "ConfigMap") == "v1 ConfigMap"


@pytest.mark.parametrize(
    ("kind", "meant"),
    [
        ("Gateway", "gateway.networking.k8s.io/v1 Gateway"),
        ("InferencePool", "inference.networking.k8s.io/v1 InferencePool"),
    ],
)
def test_of_a_kinds_versions_the_stable_one_is_suggested(kind: str, meant: str) -> None:
    assert SchemaStore("1.34").suggest_kind("v1", kind) == meant


def test_what_is_no_crd_is_refused_with_its_name() -> None:
    with pytest.raises(MalformedCRDError, match="--crds: old has no schema"):
        SchemaStore("1.34", [{"metadata": {"name": "old"}, "spec": {"version": "v1"}}])


def test_a_crd_may_narrow_the_name() -> None:
    metadata = {"type": "object", "properties": {"name": {"type": "string", "maxLength": 3}}}
    root = {"type": "object", "properties": {"metadata": metadata}}
    store = SchemaStore("1.34", [crd("a.b", "C", schema={"openAPIV3Schema": root})])
    data = {
        "apiVersion": "a.b/v1",
        "kind": "C",
        "metadata": {"name": "long-name", "labels": {"a": "b"}},
    }
    assert [item.path for item in check_object(data, store)] == [("metadata", "name")]


@pytest.mark.parametrize(
    ("api_version", "kind"),
    [
        ("networking/v1", "Ingress"),
        ("networking.gke.io/v1", "Ingress"),
        ("v1", "Deployment"),
        ("apps/v1beta1", "Deployment"),
        ("v1", "Affinity"),
        (GATEWAY_API, "httproute"),
        ("../../data/schemas/gateway.networking.k8s.io/v1", "HTTPRoute"),
        ("gateway.networking.k8s.io/..", "HTTPRoute"),
        ("a/b/c", "D"),
        ("", ""),
    ],
)
def test_a_kind_is_found_by_its_full_name_only(api_version: str, kind: str) -> None:
    assert SchemaStore("1.34").find(api_version, kind) is None


@pytest.mark.parametrize("version", ["1.34", "v1.34", "1.34.2", "v1.34.1-gke.1829001"])
def test_a_version_may_be_written_as_people_write_it(version: str) -> None:
    assert SchemaStore(version).kubernetes == "1.34"


@pytest.mark.parametrize("version", ["1.3", "1.99", "latest", "", "1.340"])
def test_an_unknown_version_is_refused_and_the_known_ones_are_named_in_order(version: str) -> None:
    with pytest.raises(UnknownKubernetesVersionError, match=r"available are 1\.25, .*1\.34"):
        SchemaStore(version)


def test_versions_differ_in_what_they_know() -> None:
    assert SchemaStore("1.34").find("resource.k8s.io/v1", "ResourceClaim")
    assert SchemaStore("1.33").find("resource.k8s.io/v1", "ResourceClaim") is None


def test_the_kinds_that_ship_are_listed() -> None:
    found = SchemaStore("1.34").known_kinds()
    assert {schema.kind for schema in found} >= {
        *("Gateway", "HTTPRoute", "InferencePool", "LLMInferenceService", "PodMonitoring"),
        *("LLMInferenceServiceConfig", "HealthCheckPolicy", "GCPBackendPolicy"),
        *("Kustomization", "Component", "GatewayClass", "ReferenceGrant"),
        *("InferenceObjective", "InferenceModel"),
    }
    assert all(schema.releases and not schema.partial for schema in found)


def nodes(part: Any) -> Any:
    if isinstance(part, dict):
        yield part
        for value in part.values():
            yield from nodes(value)
    elif isinstance(part, list):
        for value in part:
            yield from nodes(value)


def test_every_reference_of_every_schema_leads_somewhere_in_every_kubernetes_version() -> None:
    folder = Path(__file__).resolve().parents[2] / "llmd_render/data/schemas"
    names = [file.relative_to(folder).with_suffix("").as_posix() for file in folder.rglob("*.yaml")]
    assert names
    for version in ("1.25", "1.34", "1.37"):
        store = SchemaStore(version)
        for name in names:
            for node in nodes(store._document(name)):
                if isinstance(node.get("$ref"), str):
                    assert store._resolver.resolve(node)


def test_a_schema_is_read_once_and_only_when_asked_for() -> None:
    store = SchemaStore("1.34")
    store.find(GATEWAY_API, "Gateway")
    assert list(store._documents) == ["gateway.networking.k8s.io/v1/Gateway"]
    assert store.find(GATEWAY_API, "Gateway") is store.find(GATEWAY_API, "Gateway")


def test_no_validator_library_is_imported() -> None:
    program = (
        "import sys; from llmd_render.validate import SchemaStore, check_object\n"
        "data = {'apiVersion': 'v1', 'kind': 'ConfigMap', 'metadata': {'name': 'a'}}\n"
        "assert not list(check_object(data, SchemaStore('1.34')))\n"
        "print(sorted({'jsonschema', 'kubernetes_validate', 'referencing'} & set(sys.modules)))"
    )
    found = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert found.stdout.strip() == "[]"


@pytest.mark.parametrize(
    ("api_version", "kind"),
    [
        ("networking.gke.io/v1", "GCPGatewayPolicy"),
        ("cert-manager.io/v1", "Certificate"),
        ("serving.kserve.io/v1beta1", "InferenceService"),
    ],
)
def test_another_kind_is_no_misspelt_one(api_version: str, kind: str) -> None:
    assert SchemaStore("1.34").suggest_kind(api_version, kind) == ""
