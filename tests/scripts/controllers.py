"""What GKE, cert-manager and KServe do by themselves when something is made or goes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .releases import make, make_crd
from .world import RefusedError

if TYPE_CHECKING:
    from collections.abc import Iterable

    from .world import World

STOP = "serving.kserve.io/stop"
# CRDs that come with the cluster, where its Gateway API is on; the rest comes with what serves it.
GKE_CRDS = (
    "gateways.gateway.networking.k8s.io",
    "httproutes.gateway.networking.k8s.io",
    "inferencepools.inference.networking.k8s.io",
    "healthcheckpolicies.networking.gke.io",
    "gcpbackendpolicies.networking.gke.io",
    "podmonitorings.monitoring.googleapis.com",
)
CRDS = {
    "gateways.gateway.networking.k8s.io": "Gateway",
    "httproutes.gateway.networking.k8s.io": "HTTPRoute",
    "inferencepools.inference.networking.k8s.io": "InferencePool",
    "inferenceobjectives.inference.networking.x-k8s.io": "InferenceObjective",
    "healthcheckpolicies.networking.gke.io": "HealthCheckPolicy",
    "gcpbackendpolicies.networking.gke.io": "GCPBackendPolicy",
    "podmonitorings.monitoring.googleapis.com": "PodMonitoring",
    "llminferenceservices.serving.kserve.io": "LLMInferenceService",
    "llminferenceserviceconfigs.serving.kserve.io": "LLMInferenceServiceConfig",
    "leaderworkersets.leaderworkerset.x-k8s.io": "LeaderWorkerSet",
    "certificates.cert-manager.io": "Certificate",
    "clusterissuers.cert-manager.io": "ClusterIssuer",
    "issuers.cert-manager.io": "Issuer",
    "certmanagers.operator.openshift.io": "CertManager",
    "infrastructures.config.openshift.io": "Infrastructure",
}
CLASSES = ("gke-l7-regional-external-managed", "gke-l7-rilb", "gke-l7-global-external-managed")


def key_of(kind: str, namespace: str, name: str) -> str:
    """Name an object in the state."""
    return f"{kind}|{namespace}|{name}"


def put(world: World, item: dict[str, Any]) -> None:
    """Store an object as it is, past all checks."""
    meta = item["metadata"]
    world.state["objects"][key_of(item["kind"], meta.get("namespace", ""), meta["name"])] = item


def annotation(item: dict[str, Any], name: str) -> str | None:
    """Read an annotation."""
    annotations: dict[str, str] = item["metadata"].get("annotations") or {}
    return annotations.get(name)


def part_of(gateway: dict[str, Any], cluster: str = "ab12") -> str:
    """Name what GKE makes for a Gateway, as it does: cluster, namespace, name and a hash."""
    meta = gateway["metadata"]
    return f"gkegw1-{cluster}-{meta['namespace']}-{meta['name']}-0123456789ab"


def install_addons(world: World) -> None:
    """Do what GKE does in a new cluster whose Gateway API is on."""
    for name in GKE_CRDS:
        put(world, make_crd(name, "gke"))
    for name in CLASSES:
        put(world, make("GatewayClass", name))
    world.begin("classes", 4)


def install_operator(world: World) -> None:
    """Do what the infrastructure repository does for cert-manager."""
    world.state["releases"] = ["cert-manager-operator"]
    named = (
        *(make("Namespace", name) for name in ("cert-manager", "cert-manager-operator")),
        *(make_crd(name, "operator") for name in CRDS if name.endswith("openshift.io")),
        *(make_crd(name, "cert-manager") for name in CRDS if name.endswith("cert-manager.io")),
        make("CertManager", "cluster"),
        make("Infrastructure", "cluster"),
        *(
            make("Deployment", f"cert-manager{part}", "cert-manager")
            for part in ("", "-cainjector", "-webhook")
        ),
    )
    for item in named:
        meta = item["metadata"]
        key = key_of(item["kind"], meta.get("namespace", ""), meta["name"])
        if key not in world.state["objects"]:
            put(world, item)
            react(world, item)


def admit(world: World, kind: str, namespace: str, crds: Iterable[str]) -> None:
    """Refuse what the API server would: unknown kinds and namespaces, and what a webhook does."""
    plural = next((name for name, known in CRDS.items() if known == kind), None)
    objects = world.state["objects"]
    if plural and plural not in crds:
        raise RefusedError(
            f'error: resource mapping not found: no matches for kind "{kind}" in version "v1"\n'
            "ensure CRDs are installed first"
        )
    if namespace and key_of("Namespace", "", namespace) not in objects:
        raise RefusedError(f'Error from server (NotFound): namespaces "{namespace}" not found')
    if kind in {"Certificate", "ClusterIssuer"} and not world.done("cert-manager's webhook"):
        raise RefusedError('Error: failed calling webhook "webhook.cert-manager.io": no endpoints')
    hook = key_of("ValidatingWebhookConfiguration", "", f"{kind.lower()}.serving.kserve.io")
    if hook in objects and not world.done("Deployment opendatahub"):
        raise RefusedError(f'Error: failed calling webhook "{kind.lower()}.kserve-webhook-server"')


def react(world: World, item: dict[str, Any]) -> None:
    """Do what the controllers do with a new object."""
    kind, meta = item["kind"], item["metadata"]
    namespace = meta.get("namespace", "")
    if kind == "Gateway":
        part = part_of(item)
        meta["annotations"] = {
            "networking.gke.io/addresses": f"/projects/p/addresses/{part}",
            "networking.gke.io/forwarding-rules": f"/projects/p/forwardingRules/{part}",
            "networking.gke.io/backend-services": "/projects/p/backendServices/gkegw1-backend",
        }
        for table in ("forwarding_rules", "gateway_addresses"):
            world.state[table][part] = {"name": part}
        item["status"] = {"addresses": [{"value": "203.0.113.7"}]}
        world.begin("Gateway")
    if kind == "LLMInferenceService":
        put(world, make("InferencePool", f"{meta['name']}-inference-pool", namespace))
        world.begin("LLMInferenceService")
        world.begin("health", 3)
    if kind == "Deployment":
        world.begin(f"Deployment {namespace}")
    if meta["name"] == "cert-manager-webhook":
        world.begin("cert-manager's webhook")
    if kind == "ClusterIssuer":
        world.begin("ClusterIssuer")
    if kind == "PersistentVolumeClaim":
        put(world, make("PersistentVolume", f"pvc-{meta['name']}"))


def tidy(world: World, item: dict[str, Any]) -> None:
    """Take away what goes with an object."""
    kind, name = item["kind"], item["metadata"]["name"]
    namespace = item["metadata"].get("namespace", "")
    objects = world.state["objects"]
    if kind == "Gateway":
        for table in ("forwarding_rules", "gateway_addresses"):
            world.state[table].pop(part_of(item), None)
    if kind == "PersistentVolumeClaim":
        del objects[key_of("PersistentVolume", "", f"pvc-{name}")]
    if kind == "LLMInferenceService":
        del objects[key_of("InferencePool", namespace, f"{name}-inference-pool")]
    if kind == "Namespace":
        gone = [key for key in objects if key.split("|")[1] == name]
    elif kind == "CustomResourceDefinition":
        gone = [key for key in objects if key.split("|")[0] == CRDS.get(name)]
    else:
        gone = []
    for key in gone:
        del objects[key]
