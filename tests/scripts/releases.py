"""What is behind the addresses that the scripts fetch manifests from: as little as they need."""

from __future__ import annotations

from typing import Any

import yaml

from .world import RefusedError

PRESETS = (
    "template",
    "decode-template",
    "decode-worker-data-parallel",
    "prefill-template",
    "prefill-worker-data-parallel",
    "worker-data-parallel",
    "router-route",
    "scheduler",
)


def make(kind: str, name: str, namespace: str = "", **more: Any) -> dict[str, Any]:
    """Make an object."""
    meta = {"name": name, **({"namespace": namespace} if namespace else {})}
    return {"apiVersion": "v1", "kind": kind, "metadata": meta, **more}


def make_crd(name: str, origin: str) -> dict[str, Any]:
    """Make a CRD that shows who brought it."""
    return make("CustomResourceDefinition", name, spec={"origin": origin})


CERT_MANAGER = [
    make("Namespace", "cert-manager"),
    make_crd("certificates.cert-manager.io", "cert-manager"),
    make_crd("clusterissuers.cert-manager.io", "cert-manager"),
    make_crd("issuers.cert-manager.io", "cert-manager"),
    make("Deployment", "cert-manager", "cert-manager"),
    make("Deployment", "cert-manager-cainjector", "cert-manager"),
    make("Deployment", "cert-manager-webhook", "cert-manager"),
]
LWS = [make_crd("leaderworkersets.leaderworkerset.x-k8s.io", "lws")]
PKI = [
    make("Certificate", "opendatahub-ca", "cert-manager"),
    make("ClusterIssuer", "opendatahub-ca-issuer"),
]
KSERVE = [
    make("Namespace", "opendatahub", spec={"origin": "kserve"}),
    make_crd("inferencepools.inference.networking.k8s.io", "kserve"),
    make_crd("inferenceobjectives.inference.networking.x-k8s.io", "kserve"),
    make_crd("llminferenceservices.serving.kserve.io", "kserve"),
    make_crd("llminferenceserviceconfigs.serving.kserve.io", "kserve"),
    make("ValidatingWebhookConfiguration", "llminferenceservice.serving.kserve.io"),
    make("ValidatingWebhookConfiguration", "llminferenceserviceconfig.serving.kserve.io"),
    make("Certificate", "kserve-webhook-server", "opendatahub"),
    make("Deployment", "kserve-controller-manager", "opendatahub"),
    *(
        make("LLMInferenceServiceConfig", f"kserve-config-llm-{name}", "opendatahub")
        for name in PRESETS
    ),
]
ADDRESSES = {
    "/cert-manager/releases/download/": CERT_MANAGER,
    "leaderworkerset.x-k8s.io_leaderworkersets.yaml": LWS,
    "/config/overlays/odh-test/cert-manager?ref=": PKI,
    "/config/overlays/odh-xks?ref=": KSERVE,
}


def fetch(address: str) -> str:
    """Give the manifest behind an address."""
    for part, objects in ADDRESSES.items():
        if address.startswith("https://") and part in address:
            # In the order of keys in which kustomize prints them.
            return yaml.safe_dump_all(objects, sort_keys=False, explicit_start=True)
    raise RefusedError(f"no such address: {address}")
