"""Which real CRD each of our schemas describes, and how to read it."""

from __future__ import annotations

from functools import cache
from typing import Any, NamedTuple

import yaml
from support import CRDS, absent

from llmd_render.validate import SchemaStore

LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class Case(NamedTuple):
    """One of our kinds and the file that has the real thing."""

    api_version: str
    kind: str
    file: str
    folder: str = ""

    @property
    def version(self) -> str:
        return self.api_version.rpartition("/")[2]

    @property
    def name(self) -> str:
        return f"{self.kind} {self.version} of {self.file.split('/')[1]}"


_GATEWAY = "gateway.networking.k8s.io/v1.4.1-standard/gateway.networking.k8s.io_"
_NEW_GATEWAY = "gateway.networking.k8s.io/v1.6.1-standard/gateway.networking.k8s.io_"
_KSERVE = "serving.kserve.io/{}/serving.kserve.io_"
_EXTENSION = "inference.networking/gaie-v1.0.1/inference.networking."
_BUNDLE = "inference.networking/kserve-odh-release-v0.15-bundle/gateway-inference-extension.yaml"
_ALPHA = "inference.networking.x-k8s.io/v1alpha2"
CASES = (
    *(
        Case(f"gateway.networking.k8s.io/{version}", kind, f"{_GATEWAY}{plural}.yaml")
        for version, kind, plural in (
            ("v1", "Gateway", "gateways"),
            ("v1", "GatewayClass", "gatewayclasses"),
            ("v1", "HTTPRoute", "httproutes"),
            ("v1beta1", "Gateway", "gateways"),
            ("v1beta1", "GatewayClass", "gatewayclasses"),
            ("v1beta1", "HTTPRoute", "httproutes"),
            ("v1beta1", "ReferenceGrant", "referencegrants"),
        )
    ),
    Case("gateway.networking.k8s.io/v1", "ReferenceGrant", f"{_NEW_GATEWAY}referencegrants.yaml"),
    *(
        Case(f"serving.kserve.io/{version}", kind, f"{_KSERVE.format(release)}{plural}.yaml")
        for version, release in (("v1alpha1", "odh-release-v0.15"), ("v1alpha2", "odh-v3.5"))
        for kind, plural in (
            ("LLMInferenceService", "llminferenceservices"),
            ("LLMInferenceServiceConfig", "llminferenceserviceconfigs"),
        )
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
        "inference.networking.k8s.io/v1", "InferencePool", f"{_EXTENSION}k8s.io_inferencepools.yaml"
    ),
    Case(_ALPHA, "InferencePool", f"{_EXTENSION}x-k8s.io_inferencepools.yaml"),
    Case(_ALPHA, "InferenceObjective", f"{_EXTENSION}x-k8s.io_inferenceobjectives.yaml"),
    Case(_ALPHA, "InferenceModel", _BUNDLE),
)


LATER_CASES = (
    *(
        Case(
            f"gateway.networking.k8s.io/{version}",
            kind,
            f"{_NEW_GATEWAY}{plural}.yaml",
            "gateway-api-1.5",
        )
        for version in ("v1", "v1beta1")
        for kind, plural in (("Gateway", "gateways"), ("HTTPRoute", "httproutes"))
    ),
    *(
        Case(
            "serving.kserve.io/v1alpha1",
            kind,
            f"{_KSERVE.format('odh-v3.5')}{plural}.yaml",
            "kserve-0.17",
        )
        for kind, plural in (
            ("LLMInferenceService", "llminferenceservices"),
            ("LLMInferenceServiceConfig", "llminferenceserviceconfigs"),
        )
    ),
)
"""Our schemas of later releases, which hold only where such a release is stated."""


def case_of(kind: str, version: str, release: str = "") -> Case:
    """Find the one case of a kind; the release matters for GKE's two only."""
    (found,) = (
        case
        for case in CASES
        if (case.kind, case.version) == (kind, version) and release in case.file
    )
    return found


@cache
def _crds_of(file: str) -> tuple[dict[str, Any], ...]:
    if not CRDS.is_dir():
        absent(f"NOT CHECKED against real CRDs: {CRDS} is absent")
    documents = yaml.load_all((CRDS / file).read_text(), Loader=LOADER)
    return tuple(item for item in documents if item and item["kind"] == "CustomResourceDefinition")


def read_crd(case: Case) -> dict[str, Any]:
    """Read the real CRD, with no other version than that of the case."""
    group = case.api_version.rpartition("/")[0]
    (crd,) = (
        crd
        for crd in _crds_of(case.file)
        if (crd["spec"]["group"], crd["spec"]["names"]["kind"]) == (group, case.kind)
    )
    versions = [item for item in crd["spec"]["versions"] if item["name"] == case.version]
    return crd | {"spec": crd["spec"] | {"versions": versions}}


def real_root(case: Case) -> dict[str, Any]:
    """Give the schema of the real CRD, which must be served."""
    (version,) = read_crd(case)["spec"]["versions"]
    assert version["served"]
    root: dict[str, Any] = version["schema"]["openAPIV3Schema"]
    return root


@cache
def real_store(case: Case) -> SchemaStore:
    """Make a store in which the real CRD stands for our schema."""
    return SchemaStore("1.34", [read_crd(case)])
