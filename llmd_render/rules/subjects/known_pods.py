"""The Pods that a tree makes, and what selects them; shared by the rules about selectors."""

from __future__ import annotations

from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import TYPE_CHECKING, Any

from llmd_render.diagnostics import Violation
from llmd_render.lookup import value_at
from llmd_render.placeholders import has_placeholder

from .objects import (
    GATEWAY_API,
    GKE,
    INFERENCE,
    KSERVE,
    OLD_INFERENCE,
    agree,
    group_of,
    items_at,
    mapping_at,
    name_of,
    namespace_of,
    objects,
)
from .whole_tree import find_misspelt

if TYPE_CHECKING:
    from collections.abc import Iterator

    from llmd_render.diagnostics import DataPath
    from llmd_render.manifest import Manifest, Tree

SCHEDULER = "llminferenceservice-router-scheduler"
COMPONENT = "app.kubernetes.io/component"
_WORKLOAD = "llminferenceservice-workload"
# What makes no Pods of its own; anything else might.
_GROUPS_WITHOUT_PODS = frozenset(
    {
        GATEWAY_API,
        GKE,
        INFERENCE,
        OLD_INFERENCE,
        "autoscaling",
        "kustomize.config.k8s.io",
        "monitoring.googleapis.com",
        "networking.k8s.io",
        "policy",
        "rbac.authorization.k8s.io",
        "scheduling.k8s.io",
        "storage.k8s.io",
    }
)
_TEMPLATES: dict[tuple[str, str], DataPath] = {
    ("", "Pod"): (),
    ("", "ReplicationController"): ("spec", "template"),
    ("apps", "Deployment"): ("spec", "template"),
    ("apps", "StatefulSet"): ("spec", "template"),
    ("apps", "DaemonSet"): ("spec", "template"),
    ("apps", "ReplicaSet"): ("spec", "template"),
    ("batch", "Job"): ("spec", "template"),
    ("batch", "CronJob"): ("spec", "jobTemplate", "spec", "template"),
}
# Labels that the cluster or some controller puts on Pods are no surprise in a selector.
_OWN_PREFIXES = frozenset({"", "app.kubernetes.io", "kserve.io"})
_FROM_CLUSTER = frozenset(
    {
        "controller-revision-hash",
        "controller-uid",
        "job-name",
        "pod-template-generation",
        "pod-template-hash",
    }
)


@dataclass(frozen=True, slots=True)
class Pods:
    """Pods with the labels that are known; `more` says that others may come from a preset.

    Their spec stands `at` a place of the object that makes them.
    """

    owner: str
    labels: dict[str, Any]
    manifest: Manifest
    at: DataPath
    more: bool = False

    @property
    def spec(self) -> dict[str, Any]:
        """The spec as it is written; what a preset adds is not in it."""
        return mapping_at(self.manifest.data, *self.at)


def find_pods(tree: Tree, namespace: str) -> list[Pods]:
    """List all Pods of a namespace; none where the tree cannot know them all."""
    found: list[Pods] = []
    complete, presets = False, has_presets(tree)
    for manifest in tree.manifests:
        group, kind = group_of(manifest), manifest.kind
        if not manifest.is_object or not agree(namespace_of(manifest), namespace):
            continue
        if (group, kind) in _TEMPLATES:
            complete |= namespace_of(manifest) == namespace
            template = _TEMPLATES[group, kind]
            labels = value_at(manifest.data, *template, "metadata", "labels")
            if isinstance(labels, dict) and any(map(has_placeholder, map(str, labels.values()))):
                return []
            owner = f"{kind} {name_of(manifest)}"
            known = labels if isinstance(labels, dict) else {}
            found.append(Pods(owner, known, manifest, (*template, "spec")))
        elif (group, kind) == (KSERVE, "LLMInferenceService"):
            complete |= namespace_of(manifest) == namespace
            found += find_service_pods(manifest, presets=presets)
        elif (group, kind) == (KSERVE, "LLMInferenceServiceConfig"):
            continue
        elif group and group not in _GROUPS_WITHOUT_PODS:
            return []
    return found if complete else []


def is_understood(tree: Tree, namespace: str) -> bool:
    """Whether no object of a namespace is of a kind that may make others which nothing here shows.

    What KServe makes of its own kind is known.
    """
    known = {*_GROUPS_WITHOUT_PODS, "", "apps", "batch", KSERVE}
    return not any(
        manifest.is_object
        and agree(namespace_of(manifest), namespace)
        and (
            group_of(manifest) not in known
            or (group_of(manifest) == KSERVE and manifest.kind == "InferenceService")
        )
        for manifest in tree.manifests
    )


def has_presets(tree: Tree) -> bool:
    """Whether a tree adds presets to those of KServe, and perhaps labels with them."""
    return any(objects(tree, KSERVE, "LLMInferenceServiceConfig"))


def find_service_pods(service: Manifest, *, presets: bool) -> Iterator[Pods]:
    """List the Pods that KServe makes of a service, where there are `presets` or not."""
    spec = mapping_at(service.data, "spec")
    more = bool(spec.get("baseRefs")) or presets
    extra: dict[str, Any] = {}
    for place in ((), ("prefill",), ("router", "scheduler")):
        extra |= mapping_at(spec, *place, "labels")
    name = name_of(service)
    common = extra | {
        "app.kubernetes.io/part-of": "llminferenceservice",
        "app.kubernetes.io/name": name,
    }
    for path, labels in _list_variants(spec, more=more):
        owner = f"LLMInferenceService {name}"
        yield Pods(owner, common | labels, service, ("spec", *path), more)


def _list_variants(
    spec: dict[str, Any], *, more: bool
) -> Iterator[tuple[DataPath, dict[str, str]]]:
    role = "decode" if "prefill" in spec else "both"
    yield from _list_workload((), "", role, several="worker" in spec or more)
    if "prefill" in spec or more:
        several = "worker" in mapping_at(spec, "prefill") or more
        yield from _list_workload(("prefill",), "-prefill", "prefill", several=several)
    if isinstance(value_at(spec, "router", "scheduler"), dict) or more:
        yield ("router", "scheduler", "template"), {COMPONENT: SCHEDULER}


def _list_workload(
    path: DataPath, suffix: str, role: str, *, several: bool
) -> Iterator[tuple[DataPath, dict[str, str]]]:
    full = {"kserve.io/component": "workload", "llm-d.ai/role": role}
    template, worker = (*path, "template"), (*path, "worker")
    yield template, {COMPONENT: f"{_WORKLOAD}{suffix}", **full}
    if several:
        yield template, {COMPONENT: f"{_WORKLOAD}-leader{suffix}", **full}
        yield worker, {COMPONENT: f"{_WORKLOAD}-worker{suffix}", **full}
        yield worker, {COMPONENT: f"{_WORKLOAD}-worker{suffix}"}


def selects(selector: dict[str, Any], pods: Pods, *, surely: bool = False) -> bool:
    """Whether a selector takes Pods in; `surely` trusts only labels that are known."""
    labels = mapping_at(selector, "matchLabels")
    if not all(_has(pods, key, [value], surely=surely) for key, value in labels.items()):
        return False
    return all(
        _meets(pods, item, surely=surely) for _, item in items_at(selector, "matchExpressions")
    )


def _meets(pods: Pods, expression: dict[str, Any], *, surely: bool) -> bool:
    key, values = str(expression.get("key")), expression.get("values")
    match expression.get("operator"):
        case "In" if isinstance(values, list):
            return _has(pods, key, values, surely=surely)
        case "Exists":
            return _has(pods, key, None, surely=surely)
        case "NotIn" if isinstance(values, list):
            return pods.labels.get(key) not in values
        case "DoesNotExist":
            return key not in pods.labels
    return not surely


def _has(pods: Pods, key: str, values: list[Any] | None, *, surely: bool) -> bool:
    if key in pods.labels:
        return values is None or pods.labels[key] in values
    if surely:
        return False
    prefix = str(key).rpartition("/")[0]
    return pods.more or prefix not in _OWN_PREFIXES or key in _FROM_CLUSTER


def explain_no_match(
    selector: dict[str, Any], namespace: str, pods: list[Pods], path: DataPath
) -> Violation | None:
    """Say that a selector matches none of the Pods of a namespace, and what the nearest have."""
    if not pods or any(selects(selector, item) for item in pods):
        return None
    labels = mapping_at(selector, "matchLabels")
    # Others may put Pods of theirs beside: only what looks like a try at these Pods is one.
    tried = any(
        item.owner.startswith("LLMInferenceService ") or labels.keys() & item.labels.keys()
        for item in pods
    )
    # Objects that do not say where they are may be meant for different places.
    if not (tried and namespace) and not any(find_near_labels(labels, pods)):
        return None
    near = find_closest(selector, pods)
    hint = "write labels that the Pods have"
    if near.labels:
        hint = f"write labels of its Pods; those of {near.owner} have {show_labels(near.labels)}"
    message = f"no Pod that is made here has the labels {show_selector(selector)}"
    return Violation(path, message, hint, key=True)


def find_near_labels(
    labels: dict[str, Any], pods: list[Pods]
) -> Iterator[tuple[str, str, str, str]]:
    """Find Pods that all labels but one fit, and that nearly: key, value, theirs, and whose."""
    for item in pods:
        wrong = [key for key, value in labels.items() if item.labels.get(key) != value]
        if len(wrong) != 1:
            continue
        value, there = labels[wrong[0]], item.labels.get(wrong[0])
        if isinstance(value, str) and isinstance(there, str) and _is_near(value, there):
            yield wrong[0], value, there, item.owner


def _is_near(value: str, there: str) -> bool:
    return bool(find_misspelt(value, [there])) or there == f"llminferenceservice-{value}"


def find_closest(selector: dict[str, Any], pods: list[Pods]) -> Pods:
    """Find the Pods that have most of what a selector asks for, or what is most like it."""
    wanted = mapping_at(selector, "matchLabels").items()

    def rate(item: Pods) -> tuple[int, float]:
        pairs = [(str(value), str(item.labels[key])) for key, value in wanted if key in item.labels]
        likeness = (SequenceMatcher(None, one, other).ratio() for one, other in pairs)
        return sum(one == other for one, other in pairs), sum(likeness)

    return max(pods, key=rate)


def show_labels(labels: dict[str, Any]) -> str:
    """Write labels the way kubectl takes them."""
    return ",".join(sorted(f"{key}={value}" for key, value in labels.items()))


def show_selector(selector: dict[str, Any]) -> str:
    """Write a selector the way kubectl takes one."""
    parts = [show_labels(mapping_at(selector, "matchLabels"))]
    for _, item in items_at(selector, "matchExpressions"):
        values = item.get("values") or ()
        listed = ",".join(map(str, values)) if isinstance(values, list) else ""
        parts.append(f"{item.get('key')} {item.get('operator')} ({listed})")
    return ",".join(filter(None, parts))
