"""A stand-in for kubectl, and for the API server behind it."""

from __future__ import annotations

import base64
import json
import re
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from .api_server import Request, list_rows, read_documents, read_name
from .controllers import CRDS, STOP, admit, annotation, key_of, put, react, tidy
from .releases import make
from .world import RefusedError, UnknownCallError, World

if TYPE_CHECKING:
    from collections.abc import Callable

    from .tools import Place


# Flags that take a value as the next word.
VALUED = {"--context", "--namespace", "--output", "--selector", "--label-columns", "--raw"}
VALUED |= {"--kustomize", "--filename"}
PLAIN = {"--server-side", "--force-conflicts", "--ignore-not-found", "--no-headers", "--overwrite"}
PLAIN |= {"--all-namespaces", "--all-containers", "--prefix", "--client", "--minify", "--flatten"}
JOINED = {
    "--request-timeout",
    "--for",
    "--timeout",
    "--sort-by",
    "--tail",
    "--type",
    "--from-file",
    "--dry-run",
}
JOINED |= {"--from-literal"}


def run_kubectl(world: World, argv: list[str], place: Place) -> str:
    """Do what kubectl would do, and give what it would print."""
    words, flags = _read(argv)
    if words == ["version"]:
        return json.dumps({"clientVersion": {"gitVersion": "v1.34.1"}})
    if words == ["config", "use-context", *words[2:]]:
        return _use_context(place, words[2])
    context = flags.get("--context", "")
    if context not in world.state["contexts"]:
        raise RefusedError(f'error: context "{context}" does not exist')
    if context.rpartition("_")[2] not in world.state["clusters"]:
        raise RefusedError("Unable to connect to the server: no such host")
    if words == ["config", "view"]:
        return json.dumps({"contexts": [{"name": context}]})
    verb = words.pop(0) if words else ""
    act = VERBS.get(verb)
    if act is None:
        raise UnknownCallError(f"kubectl {verb}")
    return act(Request(world, words, flags, place))


def _use_context(place: Place, context: str) -> str:
    path = Path(place.kubeconfig or "/nowhere")
    if {"name": context} not in json.loads(place.read(str(path)))["contexts"]:
        raise RefusedError(f'error: no context exists with the name: "{context}"')
    path.write_text(json.dumps({"contexts": [{"name": context}], "current-context": context}))
    return ""


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
            # This one may be given more than once.
            given = name == "--from-literal" and name in flags
            flags[name] = f"{flags[name]}\n{value}" if given else value
        elif word.startswith("-"):
            raise UnknownCallError(f"kubectl {word}")
        else:
            words.append(word)
    return words, flags


def _get(request: Request) -> str:
    flags = request.flags
    if "--raw" in flags:
        return "ok"
    if "," in request.words[0]:
        kinds = request.words[0].split(",")
        unknown = [kind for kind in kinds if kind not in request.crds()]
        if unknown:
            raise RefusedError(f'error: the server doesn\'t have a resource type "{unknown[0]}"')
        return "".join(_get(replace(request, words=[kind])) for kind in kinds)
    kind, name = read_name(request)
    resource = request.words[0]
    rows = list_rows(request, kind)
    if request.namespace:
        rows = [row for row in rows if row["metadata"].get("namespace") == request.namespace]
    if name:
        rows = [row for row in rows if row["metadata"]["name"] == name]
        if not rows and "--ignore-not-found" in flags:
            return ""
        if not rows:
            raise RefusedError(f'Error from server (NotFound): {resource} "{name}" not found')
        return _print(rows[0], resource, flags)
    if flags.get("--output") == "json":
        return json.dumps({"items": rows})
    return "".join(_print(row, resource, flags) for row in rows)


def _print(row: dict[str, Any], resource: str, flags: dict[str, str]) -> str:
    form = flags.get("--output", "")
    name = row["metadata"]["name"]
    if form in {"json", "yaml"}:
        return json.dumps(row) + "\n"
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


def _apply(request: Request) -> str:
    """Store what can be stored, and complain of the rest at the end, as kubectl does."""
    known = request.crds()
    complaints = []
    for wanted in read_documents(request):
        try:
            _store(request.world, wanted, known)
        except RefusedError as refused:
            complaints.append(str(refused))
    if complaints:
        raise RefusedError("\n".join(complaints))
    return "serverside-applied\n"


def _store(world: World, wanted: dict[str, Any], crds: set[str]) -> None:
    kind, meta = wanted["kind"], wanted["metadata"]
    admit(world, kind, meta.get("namespace", ""), crds)
    old = world.state["objects"].get(key_of(kind, meta.get("namespace", ""), meta["name"]))
    new = json.loads(json.dumps(wanted))
    if old is not None:
        new["metadata"] = {**old["metadata"], **new["metadata"]}
        if "status" in old:
            new["status"] = old["status"]
    put(world, new)
    if old is None:
        react(world, new)
    if kind == "HealthCheckPolicy":
        new["status"] = {"conditions": [{"type": "Attached", "status": "True"}]}


def _create(request: Request) -> str:
    """Make a ConfigMap, or another object without storing it."""
    how = request.flags.get("--dry-run")
    if how is None and request.words[0] == "configmap":
        pairs = (item.split("=", 1) for item in request.flags["--from-literal"].splitlines())
        made = make("ConfigMap", request.words[1], request.namespace, data=dict(pairs))
        if (
            key_of("ConfigMap", request.namespace, request.words[1])
            in request.world.state["objects"]
        ):
            raise RefusedError(f'configmaps "{request.words[1]}" already exists')
        put(request.world, made)
        return ""
    if how == "server":
        for item in read_documents(request):
            admit(request.world, item["kind"], "", request.crds())
        return ""
    if how != "client" or request.words[:2] != ["secret", "generic"]:
        raise UnknownCallError(f"kubectl create {' '.join(request.words)}")
    key, _, path = request.flags["--from-file"].partition("=")
    secret = make("Secret", request.words[2], request.namespace, type=request.flags["--type"])
    secret["data"] = {key: base64.b64encode(request.place.read(path).encode()).decode()}
    return json.dumps(secret)


def _delete(request: Request) -> str:
    """Delete what is there, and complain of the rest at the end, as kubectl does."""
    named: list[dict[str, Any]]
    if request.words:
        kind, first = read_name(request)
        names = [first, *request.words[2:]]
        named = [make(kind, name, request.namespace) for name in names]
    else:
        named = list(read_documents(request))
    complaints = []
    for item in named:
        kind, meta = item["kind"], item["metadata"]
        plural = next((name for name, known in CRDS.items() if known == kind), "")
        if plural and plural not in request.crds():
            complaints.append(f'no matches for kind "{kind}"\nensure CRDs are installed first')
            continue
        key = key_of(kind, meta.get("namespace", ""), meta["name"])
        gone = request.world.state["objects"].pop(key, None)
        if gone:
            tidy(request.world, gone)
        elif "--ignore-not-found" not in request.flags:
            complaints.append(f"Error from server (NotFound): {meta['name']} not found")
    if complaints:
        raise RefusedError("\n".join(complaints))
    return ""


def _wait(request: Request) -> str:
    world = request.world
    kind, name = read_name(request)
    item = world.state["objects"].get(key_of(kind, request.namespace, name))
    if item is None:
        raise RefusedError(f'Error from server (NotFound): "{name}" not found')
    if not request.flags["--for"].startswith("condition="):
        raise UnknownCallError(f"--for={request.flags['--for']}")
    stopped = annotation(item, STOP) == "true"
    what = f"Deployment {request.namespace}" if kind == "Deployment" else kind
    if stopped or not world.done(what):
        raise RefusedError(f"error: timed out waiting for the condition on {name}")
    return f"{name} condition met\n"


def _rollout(request: Request) -> str:
    if request.words.pop(0) != "status":
        raise UnknownCallError("kubectl rollout")
    kind, name = read_name(request)
    if key_of(kind, request.namespace, name) not in request.world.state["objects"]:
        raise RefusedError(f'Error from server (NotFound): "{name}" not found')
    return f'deployment "{name}" successfully rolled out\n'


def _annotate(request: Request) -> str:
    kind, name = read_name(request)
    item = request.world.state["objects"].get(key_of(kind, request.namespace, name))
    if item is None:
        raise RefusedError(f'Error from server (NotFound): "{name}" not found')
    annotations = item["metadata"].setdefault("annotations", {})
    for change in request.words[2:]:
        key, sign, value = change.partition("=")
        if sign:
            annotations[key] = value
            if kind == "LLMInferenceService":
                request.world.begin("pods", 1)
        else:
            annotations.pop(key.removesuffix("-"), None)
    if not annotations:
        del item["metadata"]["annotations"]
    return ""


def _nothing(_request: Request) -> str:
    return ""


VERBS: dict[str, Callable[[Request], str]] = {
    "get": _get,
    "apply": _apply,
    "create": _create,
    "delete": _delete,
    "wait": _wait,
    "rollout": _rollout,
    "annotate": _annotate,
    "describe": _nothing,
    "logs": _nothing,
}
