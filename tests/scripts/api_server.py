"""What an API server has to answer with: the objects of its state, and those that it makes up."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import yaml

from .controllers import CRDS, STOP, annotation
from .releases import fetch
from .world import RefusedError, UnknownCallError, World

if TYPE_CHECKING:
    from collections.abc import Iterator

    from .tools import Place

CRD = "CustomResourceDefinition"

KINDS = {
    **CRDS,
    "gatewayclass": "GatewayClass",
    "gatewayclasses.gateway.networking.k8s.io": "GatewayClass",
    "crd": "CustomResourceDefinition",
    "crds": "CustomResourceDefinition",
    "persistentvolumes": "PersistentVolume",
    "persistentvolumeclaims": "PersistentVolumeClaim",
    "networkpolicies": "NetworkPolicy",
    "validatingwebhookconfiguration": "ValidatingWebhookConfiguration",
    "validatingwebhookconfigurations": "ValidatingWebhookConfiguration",
    "deployment": "Deployment",
    "deployments": "Deployment",
    "clusterissuer": "ClusterIssuer",
    "secret": "Secret",
    "secrets": "Secret",
    "namespace": "Namespace",
    "pods": "Pod",
    "nodes": "Node",
    "events": "Event",
    "configmap": "ConfigMap",
}


@dataclass
class Request:
    """What an API server needs to answer: the words after the verb, and the flags."""

    world: World
    words: list[str]
    flags: dict[str, str]
    place: Place

    @property
    def namespace(self) -> str:
        """The namespace that was named."""
        return self.flags.get("--namespace", "")

    def crds(self) -> set[str]:
        """Name the CRDs that there are."""
        rows = self.world.state["objects"].values()
        return {row["metadata"]["name"] for row in rows if row["kind"] == CRD}


def read_name(request: Request) -> tuple[str, str]:
    """Read KIND NAME or KIND/NAME; refuse a kind that the server does not know."""
    kind, _, name = request.words[0].partition("/")
    if not name and len(request.words) > 1:
        name = request.words[1]
    if kind not in KINDS:
        raise UnknownCallError(f"kubectl resource {kind}")
    if kind in CRDS and kind not in request.crds():
        raise RefusedError(f'error: the server doesn\'t have a resource type "{kind}"')
    return KINDS[kind], name


def _nodes(world: World, flags: dict[str, str]) -> list[dict[str, Any]]:
    (cluster,) = world.state["clusters"].values()
    selector = flags.get("--selector", "=")
    pool = selector.partition("=")[2]
    ready = world.done("nodes")
    made = []
    for name, size in cluster["sizes"].items():
        labels = {"cloud.google.com/gke-nodepool": name}
        if name.startswith("tpu-"):
            if selector == "!cloud.google.com/gke-tpu-accelerator":
                continue
            labels["cloud.google.com/gke-tpu-accelerator"] = "tpu-v6e-slice"
            labels["cloud.google.com/gke-tpu-topology"] = "2x2"
        made += [
            {
                "kind": "Node",
                "metadata": {"name": f"{name}-{number}", "labels": labels},
                "state": "Ready" if ready else "NotReady",
            }
            for number in range(size)
            if pool in {"", name}
        ]
    return made


def _pods(world: World) -> list[dict[str, Any]]:
    """One Pod for each replica of a service that is not stopped."""
    made = []
    for item in world.state["objects"].values():
        if item["kind"] == "LLMInferenceService":
            stopped = annotation(item, STOP) == "true"
            if stopped and world.done("pods"):
                continue
            meta = item["metadata"]
            names = [f"{meta['name']}-kserve-{n}" for n in range(item["spec"].get("replicas", 1))]
            made += [
                {"kind": "Pod", "metadata": {"name": name, "namespace": meta["namespace"]}}
                for name in names
            ]
    return made


def _deployments(world: World) -> list[dict[str, Any]]:
    """Show each Deployment with whether it is Available by now."""
    made = []
    for item in world.state["objects"].values():
        if item["kind"] == "Deployment":
            ready = world.done(f"Deployment {item['metadata']['namespace']}")
            states = [{"type": "Available", "status": "True" if ready else "False"}]
            made.append({**item, "status": {"conditions": states}})
    return made


def list_rows(request: Request, kind: str) -> list[dict[str, Any]]:
    world = request.world
    if kind == "Node":
        return _nodes(world, request.flags)
    if kind == "Pod":
        return _pods(world)
    if kind == "Deployment":
        return _deployments(world)
    if kind == "GatewayClass" and not world.done("classes"):
        return []
    return [item for item in world.state["objects"].values() if item["kind"] == kind]


def read_documents(request: Request) -> Iterator[dict[str, Any]]:
    """Read what `--kustomize` or `--filename` names."""
    if "--filename" in request.flags:
        name = request.flags["--filename"]
        if name.startswith("https://"):
            text = fetch(name)
        else:
            text = request.place.stdin if name == "-" else request.place.read(name)
        yield from filter(None, yaml.load_all(text, yaml.CSafeLoader))
        return
    base = request.place.folder / request.flags["--kustomize"]
    listed = yaml.load((base / "kustomization.yaml").read_text(), yaml.CSafeLoader)
    for resource in listed["resources"]:
        yield from filter(None, yaml.load_all((base / resource).read_text(), yaml.CSafeLoader))
