"""A stand-in for kubectl, and for the controllers of GKE and KServe behind it."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml

from .world import RefusedError, UnknownCallError, World

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

KINDS = {
    "llminferenceservices.serving.kserve.io": "LLMInferenceService",
    "gateways.gateway.networking.k8s.io": "Gateway",
    "httproutes.gateway.networking.k8s.io": "HTTPRoute",
    "inferencepools.inference.networking.k8s.io": "InferencePool",
    "healthcheckpolicies.networking.gke.io": "HealthCheckPolicy",
    "gcpbackendpolicies.networking.gke.io": "GCPBackendPolicy",
    "podmonitorings.monitoring.googleapis.com": "PodMonitoring",
    "gatewayclass": "GatewayClass",
    "crd": "CustomResourceDefinition",
    "persistentvolumes": "PersistentVolume",
    "persistentvolumeclaims": "PersistentVolumeClaim",
    "networkpolicies": "NetworkPolicy",
    "secret": "Secret",
    "namespace": "Namespace",
    "pods": "Pod",
    "nodes": "Node",
    "events": "Event",
}
# Flags that take a value as the next word.
VALUED = {"--context", "--namespace", "--output", "--selector", "--label-columns", "--raw"}
VALUED |= {"--kustomize", "--filename"}
PLAIN = {"--server-side", "--force-conflicts", "--ignore-not-found", "--no-headers", "--overwrite"}
PLAIN |= {"--all-namespaces", "--all-containers", "--prefix", "--client"}
JOINED = {"--for", "--timeout", "--sort-by", "--tail"}


def run_kubectl(world: World, argv: list[str], folder: Path, stdin: str) -> str:
    """Do what kubectl would do, and give what it would print."""
    words, flags = _read(argv)
    if words == ["version"]:
        return json.dumps({"clientVersion": {"gitVersion": "v1.34.1"}})
    context = flags.get("--context", "")
    if context not in world.state["contexts"]:
        raise RefusedError(f'error: context "{context}" does not exist')
    if context.rpartition("_")[2] not in world.state["clusters"]:
        raise RefusedError("Unable to connect to the server: no such host")
    verb = words.pop(0) if words else ""
    act = VERBS.get(verb)
    if act is None:
        raise UnknownCallError(f"kubectl {verb}")
    return act(world, words, {**flags, "folder": str(folder), "stdin": stdin})


def _read(argv: list[str]) -> tuple[list[str], dict[str, str]]:
    words: list[str] = []
    flags: dict[str, str] = {}
    rest = iter(argv)
    for word in rest:
        name, sign, value = word.partition("=")
        if word in VALUED:
            flags[word] = next(rest)
        elif word in PLAIN:
            flags[word] = ""
        elif sign and name in JOINED:
            flags[name] = value
        elif word.startswith("-"):
            raise UnknownCallError(f"kubectl {word}")
        else:
            words.append(word)
    return words, flags


def _key(kind: str, namespace: str, name: str) -> str:
    return f"{kind}|{namespace}|{name}"


def _named(words: list[str]) -> tuple[str, str]:
    kind, _, name = words[0].partition("/")
    if not name and len(words) > 1:
        name = words[1]
    if kind not in KINDS:
        raise UnknownCallError(f"kubectl resource {kind}")
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
            stopped = _annotation(item, "serving.kserve.io/stop") == "true"
            if stopped and world.done("pods"):
                continue
            meta = item["metadata"]
            names = [f"{meta['name']}-kserve-{n}" for n in range(item["spec"].get("replicas", 1))]
            made += [
                {"kind": "Pod", "metadata": {"name": name, "namespace": meta["namespace"]}}
                for name in names
            ]
    return made


def _annotation(item: dict[str, Any], name: str) -> str | None:
    annotations: dict[str, str] = item["metadata"].get("annotations") or {}
    return annotations.get(name)


def _get(world: World, words: list[str], flags: dict[str, str]) -> str:
    if "--raw" in flags:
        return "ok"
    kind, name = _named(words)
    namespace = flags.get("--namespace", "")
    if kind == "Node":
        rows = _nodes(world, flags)
    elif kind == "Pod":
        rows = _pods(world)
    else:
        rows = [item for item in world.state["objects"].values() if item["kind"] == kind]
        if kind == "GatewayClass" and not world.done("classes"):
            rows = []
    if namespace:
        rows = [row for row in rows if row["metadata"].get("namespace") == namespace]
    if name:
        rows = [row for row in rows if row["metadata"]["name"] == name]
        if not rows and "--ignore-not-found" in flags:
            return ""
        if not rows:
            raise RefusedError(f'Error from server (NotFound): {words[0]} "{name}" not found')
        return _print(rows[0], words[0], flags)
    if flags.get("--output") == "json":
        return json.dumps({"items": rows})
    return "".join(_print(row, words[0], flags) for row in rows)


def _print(row: dict[str, Any], resource: str, flags: dict[str, str]) -> str:
    form = flags.get("--output", "")
    name = row["metadata"]["name"]
    if form == "json":
        return json.dumps(row)
    if form == "name":
        return f"{resource}/{name}\n"
    if form in {"", "wide"}:
        return f"{name} {row.get('state', '')}\n"
    match = re.fullmatch(r"jsonpath=\{(\.[^}]+)\}", form)
    if match is None:
        raise UnknownCallError(f"--output {form}")
    value: Any = row
    for part in re.findall(r"((?:\\.|[^.\[\]])+)|\[(\d+)\]", match.group(1)):
        value = _step(value, part)
    return "" if value is None else str(value)


def _step(value: Any, part: tuple[str, str]) -> Any:
    key, index = part
    if index:
        return value[int(index)] if isinstance(value, list) and len(value) > int(index) else None
    return value.get(key.replace("\\.", ".")) if isinstance(value, dict) else None


def _documents(flags: dict[str, str]) -> Iterator[dict[str, Any]]:
    """Read what `--kustomize` or `--filename` names."""
    folder = Path(flags["folder"])
    if "--filename" in flags:
        name = flags["--filename"]
        text = flags["stdin"] if name == "-" else (folder / name).read_text()
        yield from filter(None, yaml.load_all(text, yaml.CSafeLoader))
        return
    base = folder / flags["--kustomize"]
    listed = yaml.load((base / "kustomization.yaml").read_text(), yaml.CSafeLoader)
    for resource in listed["resources"]:
        yield from filter(None, yaml.load_all((base / resource).read_text(), yaml.CSafeLoader))


def _apply(world: World, _words: list[str], flags: dict[str, str]) -> str:
    said = []
    for wanted in _documents(flags):
        kind, meta = wanted["kind"], wanted["metadata"]
        _demand_crd(world, kind)
        key = _key(kind, meta.get("namespace", ""), meta["name"])
        old = world.state["objects"].get(key)
        new = json.loads(json.dumps(wanted))
        if old is not None:
            new["metadata"] = {**old["metadata"], **new["metadata"]}
            if "status" in old:
                new["status"] = old["status"]
        world.state["objects"][key] = new
        _reconcile(world, new, is_new=old is None)
        said.append(f"{kind.lower()}/{meta['name']} serverside-applied\n")
    return "".join(said)


def _demand_crd(world: World, kind: str) -> None:
    plural = next((name for name, known in KINDS.items() if known == kind and "." in name), None)
    if plural and _key("CustomResourceDefinition", "", plural) not in world.state["objects"]:
        raise RefusedError(f'error: no matches for kind "{kind}"; ensure CRDs are installed first')


def _reconcile(world: World, item: dict[str, Any], *, is_new: bool) -> None:
    """Do what the controllers of GKE and KServe do with a new object."""
    kind, meta = item["kind"], item["metadata"]
    if kind == "Gateway" and is_new:
        rule = f"gkegw1-{meta['name']}"
        world.state["forwarding_rules"][rule] = {"name": rule}
        meta["annotations"] = {
            "networking.gke.io/forwarding-rules": f"/projects/p/forwardingRules/{rule}",
            "networking.gke.io/backend-services": "/projects/p/backendServices/gkegw1-backend",
        }
        item["status"] = {"addresses": [{"value": "203.0.113.7"}]}
        world.begin("Gateway")
    if kind == "LLMInferenceService" and is_new:
        pool = {"name": f"{meta['name']}-inference-pool", "namespace": meta["namespace"]}
        key = _key("InferencePool", pool["namespace"], pool["name"])
        world.state["objects"][key] = {"kind": "InferencePool", "metadata": pool}
        world.begin("LLMInferenceService")
        world.begin("health", 3)
    if kind == "PersistentVolumeClaim":
        volume = {"kind": "PersistentVolume", "metadata": {"name": f"pvc-{meta['name']}"}}
        world.state["objects"][_key("PersistentVolume", "", f"pvc-{meta['name']}")] = volume
    if kind == "HealthCheckPolicy":
        item["status"] = {"conditions": [{"type": "Attached", "status": "True"}]}


def _delete(world: World, words: list[str], flags: dict[str, str]) -> str:
    if words:
        kind, name = _named(words)
        meta = {"name": name, "namespace": flags.get("--namespace")}
        named: list[dict[str, Any]] = [{"kind": kind, "metadata": meta}]
    else:
        named = list(_documents(flags))
    for item in named:
        kind, meta = item["kind"], item["metadata"]
        gone = world.state["objects"].pop(
            _key(kind, meta.get("namespace") or "", meta["name"]), None
        )
        if gone is None and "--ignore-not-found" not in flags:
            raise RefusedError(f"Error from server (NotFound): {meta['name']} not found")
        if gone and kind == "Gateway":
            del world.state["forwarding_rules"][f"gkegw1-{meta['name']}"]
        if gone and kind == "PersistentVolumeClaim":
            del world.state["objects"][_key("PersistentVolume", "", f"pvc-{meta['name']}")]
        if gone and kind == "LLMInferenceService":
            key = _key("InferencePool", meta["namespace"], f"{meta['name']}-inference-pool")
            del world.state["objects"][key]
    return ""


def _wait(world: World, words: list[str], flags: dict[str, str]) -> str:
    kind, name = _named(words)
    item = world.state["objects"].get(_key(kind, flags.get("--namespace", ""), name))
    if item is None:
        raise RefusedError(f'Error from server (NotFound): "{name}" not found')
    if not flags["--for"].startswith("condition="):
        raise UnknownCallError(f"--for={flags['--for']}")
    stopped = _annotation(item, "serving.kserve.io/stop") == "true"
    if stopped or not world.done(kind):
        raise RefusedError(f"error: timed out waiting for the condition on {name}")
    return f"{name} condition met\n"


def _annotate(world: World, words: list[str], flags: dict[str, str]) -> str:
    kind, name = _named(words[:2])
    item = world.state["objects"].get(_key(kind, flags["--namespace"], name))
    if item is None:
        raise RefusedError(f'Error from server (NotFound): "{name}" not found')
    annotations = item["metadata"].setdefault("annotations", {})
    for change in words[2:]:
        key, sign, value = change.partition("=")
        if sign:
            annotations[key] = value
            world.begin("pods", 1)
        else:
            annotations.pop(key.removesuffix("-"), None)
    return ""


def _nothing(_world: World, _words: list[str], _flags: dict[str, str]) -> str:
    return ""


VERBS: dict[str, Callable[[World, list[str], dict[str, str]], str]] = {
    "get": _get,
    "apply": _apply,
    "delete": _delete,
    "wait": _wait,
    "annotate": _annotate,
    "describe": _nothing,
    "logs": _nothing,
}
