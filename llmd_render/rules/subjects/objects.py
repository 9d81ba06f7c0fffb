"""Looking into the objects of a tree; shared by the rules about them.

Nothing here raises on odd data: what has the wrong shape is not there, because the schemas have
said so already.
"""

from __future__ import annotations

from functools import update_wrapper
from typing import TYPE_CHECKING, Any, Concatenate, ParamSpec, TypeVar

from llmd_render.kustomization import is_kustomization
from llmd_render.lookup import text_at, value_at

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from llmd_render.diagnostics import DataPath
    from llmd_render.manifest import Manifest, Tree

P = ParamSpec("P")
T = TypeVar("T")

GATEWAY_API = "gateway.networking.k8s.io"
KSERVE = "serving.kserve.io"
GKE = "networking.gke.io"
INFERENCE = "inference.networking.k8s.io"
OLD_INFERENCE = "inference.networking.x-k8s.io"

# Where each kind describes Pods; of a custom resource only the parts that presets complete.
_POD_SPECS: dict[tuple[str, str], tuple[DataPath, ...]] = {
    ("", "Pod"): (("spec",),),
    ("apps", "Deployment"): (("spec", "template", "spec"),),
    ("apps", "StatefulSet"): (("spec", "template", "spec"),),
    ("apps", "DaemonSet"): (("spec", "template", "spec"),),
    ("apps", "ReplicaSet"): (("spec", "template", "spec"),),
    ("batch", "Job"): (("spec", "template", "spec"),),
    ("batch", "CronJob"): (("spec", "jobTemplate", "spec", "template", "spec"),),
    (KSERVE, "LLMInferenceService"): (
        ("spec", "template"),
        ("spec", "worker"),
        ("spec", "prefill", "template"),
        ("spec", "prefill", "worker"),
    ),
}


def once(
    function: Callable[Concatenate[Tree, P], Iterable[T]],
) -> Callable[Concatenate[Tree, P], tuple[T, ...]]:
    """Let a function work its answer out once for each tree, however many rules ask."""

    def remember(tree: Tree, /, *args: P.args, **kwargs: P.kwargs) -> tuple[T, ...]:
        key = (function, args, tuple(sorted(kwargs.items())))
        if key not in tree.memory:
            tree.memory[key] = tuple(function(tree, *args, **kwargs))
        found: tuple[T, ...] = tree.memory[key]
        return found

    update_wrapper(remember, function)
    return remember


def objects(tree: Tree, group: str, *kinds: str) -> Iterator[Manifest]:
    """List the objects of some kinds of a group, in any version."""
    for kind in kinds:
        yield from tree.by_kind.get((group, kind), ())


@once
def kustomizations(tree: Tree) -> Iterator[Manifest]:
    """List the kustomizations, which may leave out what they are."""
    return (item for item in tree.manifests if is_kustomization(item.file))


def group_of(manifest: Manifest) -> str:
    """Give the API group of an object; that of core kinds is empty."""
    return manifest.api_version.rpartition("/")[0]


def name_of(manifest: Manifest) -> str:
    """Give the name of an object, or nothing."""
    return text_at(manifest.data, "metadata", "name")


def namespace_of(manifest: Manifest) -> str:
    """Give the namespace that an object says it is in, or nothing."""
    return text_at(manifest.data, "metadata", "namespace")


def mapping_at(data: Any, *path: str | int) -> dict[str, Any]:
    """Read a mapping; an empty one where there is none."""
    value = value_at(data, *path)
    return value if isinstance(value, dict) else {}


def items_at(data: Any, *path: str | int) -> Iterator[tuple[DataPath, dict[str, Any]]]:
    """List the mappings in a list, each with its place."""
    value = value_at(data, *path)
    for index, item in enumerate(value if isinstance(value, list) else ()):
        if isinstance(item, dict):
            yield (*path, index), item


def pod_specs(manifest: Manifest) -> Iterator[tuple[DataPath, dict[str, Any]]]:
    """List the specs of Pods that an object describes, each with its place."""
    for path in _POD_SPECS.get((group_of(manifest), manifest.kind), ()):
        spec = value_at(manifest.data, *path)
        if isinstance(spec, dict):
            yield path, spec


def containers(
    manifest: Manifest, *, init: bool = False
) -> Iterator[tuple[DataPath, dict[str, Any]]]:
    """List the containers of an object, and with `init` those that run before, with places."""
    for path, spec in pod_specs(manifest):
        for field in ("containers", "initContainers") if init else ("containers",):
            for place, container in items_at(spec, field):
                yield (*path, *place), container


def variables_of(container: dict[str, Any]) -> list[str]:
    """List the names of the environment variables that a container sets itself."""
    return [text_at(item, "name") for _, item in items_at(container, "env")]


def agree(one: str, other: str) -> bool:
    """Whether two namespaces may be the same; one that is left open may be any."""
    return not one or not other or one == other


def has(tree: Tree, group: str, kind: str, name: str, namespace: str = "") -> bool:
    """Whether a tree has an object; a namespace that either side leaves open is taken to agree."""
    for manifest in objects(tree, group, kind):
        there = namespace_of(manifest)
        if name_of(manifest) == name and (not namespace or not there or there == namespace):
            return True
    return False
