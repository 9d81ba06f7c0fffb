"""Whether a tree tells everything, for rules that say what is not there; shared by them."""

from __future__ import annotations

from hashlib import md5
from typing import TYPE_CHECKING, Any

from llmd_render.kustomization import list_references
from llmd_render.lookup import text_at, value_at

from .objects import (
    GATEWAY_API,
    KSERVE,
    agree,
    group_of,
    items_at,
    kustomizations,
    name_of,
    namespace_of,
    objects,
    once,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from llmd_render.diagnostics import DataPath
    from llmd_render.manifest import Manifest, Tree

# What changes names, labels or fields on the way, or brings objects that no file here holds.
_CHANGES = (
    "commonLabels",
    "generators",
    "helmChartInflationGenerator",
    "helmCharts",
    "labels",
    "namePrefix",
    "nameSuffix",
    "patches",
    "patchesJson6902",
    "patchesStrategicMerge",
    "replacements",
    "transformers",
    "vars",
)
# Of these, what adds fields to objects; a component may do so, too.
_PATCHES = (
    "components",
    "patches",
    "patchesJson6902",
    "patchesStrategicMerge",
    "replacements",
    "transformers",
)
_LISTS = ("bases", "components", "resources")
_NAME_LIMIT = 63
_HEAD = 31
_SHORTEST_WORD = 4


def is_settled(tree: Tree) -> bool:
    """Whether objects reach the cluster as they are written, and no others from elsewhere."""
    return _judge_settled(tree)[0]


@once
def _judge_settled(tree: Tree) -> tuple[bool]:
    if any(map(_changes, kustomizations(tree))):
        return (False,)
    if any(value_at(item.data, "namespace") for item in kustomizations(tree)) and any(
        map(namespace_of, tree.manifests)
    ):
        return (False,)
    folders = {path.rpartition("/")[0] for path in tree.files}
    targets = {item.target for item in list_references(tree) if item.path[0] in _LISTS}
    return (targets <= {*tree.files, *folders},)


def sets_namespaces(tree: Tree) -> bool:
    """Whether some kustomization puts objects into another namespace than they say."""
    return any(text_at(item.data, "namespace") for item in kustomizations(tree))


def is_complete(tree: Tree, manifest: Manifest) -> bool:
    """Whether nothing in the tree adds to an object: no patch and no configuration of KServe.

    What KServe's own presets add is another question.
    """
    if is_patched(tree):
        return False
    if group_of(manifest) != KSERVE:
        return True
    inherits = value_at(manifest.data, "spec", "baseRefs")
    return not inherits and not any(objects(tree, KSERVE, "LLMInferenceServiceConfig"))


def is_patched(tree: Tree) -> bool:
    """Whether a kustomization of the tree changes objects, whichever those are."""
    return any(value_at(item.data, key) for item in kustomizations(tree) for key in _PATCHES)


def _changes(kustomization: Manifest) -> bool:
    data = kustomization.data
    if not isinstance(data, dict):
        return True
    lists = [data[key] for key in _LISTS if isinstance(data.get(key), list)]
    listed = [str(item) for items in lists for item in items]
    return any(data.get(key) for key in _CHANGES) or any(
        "://" in item or "?ref=" in item for item in listed
    )


def generated_names(tree: Tree, field: str) -> set[str]:
    """List the names that generators of kustomizations give, by their field."""
    return {
        str(item.get("name"))
        for manifest in kustomizations(tree)
        for _, item in items_at(manifest.data, field)
    }


class Register:
    """The objects of one kind, found by namespace and name without looking through the tree."""

    def __init__(self, tree: Tree, group: str, kind: str) -> None:
        self._places: dict[str, dict[str, list[Manifest]]] = {}
        self._merged: dict[str, dict[str, list[Manifest]]] = {}
        for manifest in objects(tree, group, kind):
            place = self._places.setdefault(namespace_of(manifest), {})
            place.setdefault(name_of(manifest), []).append(manifest)

    def at(self, namespace: str) -> dict[str, list[Manifest]]:
        """List the objects that may be in a namespace; none where one has no readable name."""
        if namespace not in self._merged:
            found: dict[str, list[Manifest]] = {}
            for place, names in self._places.items():
                for name, manifests in names.items() if agree(place, namespace) else ():
                    found.setdefault(name, []).extend(manifests)
            self._merged[namespace] = found if self.is_readable(namespace) else {}
        return self._merged[namespace]

    def is_readable(self, namespace: str) -> bool:
        """Whether every object that may be in a namespace has a name, and not that of a preset."""
        return not any(
            not name or "{{" in name
            for place, names in self._places.items()
            if agree(place, namespace)
            for name in names
        )

    def holds(self, namespace: str) -> bool:
        """Whether some object says that it is in a namespace."""
        return namespace in self._places

    def instead_of(self, name: str, namespace: str) -> list[str]:
        """List what a namespace has when it lacks a name; nothing where the name may be there."""
        there = self.at(namespace)
        if name in there or not there or not name or "{{" in name:
            return []
        return sorted(self._places.get(namespace, {}))


def child_name(parent: str, suffix: str) -> str:
    """Name what KServe makes for a service; a name that gets too long is cut and hashed."""
    if len(parent) + len(suffix) <= _NAME_LIMIT:
        return parent + suffix
    digest = md5(parent.encode(), usedforsecurity=False).hexdigest()
    return parent[: max(0, _HEAD - len(suffix))] + digest + suffix


def find_misspelt(word: str, known: Iterable[str]) -> str:
    """Name the known word that differs by one slip of the finger; nothing if that is no slip.

    Numbers and short words are changed on purpose: `model-1` and `model-2`, `app-a` and `app-b`.
    """
    near = [item for item in known if item != word and _is_slip(word, item)]
    return near[0] if len(near) == 1 else ""


def _is_slip(one: str, other: str) -> bool:
    first, second = _words(one), _words(other)
    if len(first) != len(second):
        return "".join(first) == "".join(second)
    pairs = [(a, b) for a, b in zip(first, second, strict=True) if a != b]
    if not pairs:
        return True
    if len(pairs) > 1 or min(map(len, pairs[0])) < _SHORTEST_WORD:
        return False
    return _one_edit(*pairs[0])


def _words(name: str) -> list[str]:
    return name.lower().replace("_", "-").replace(".", "-").split("-")


def _one_edit(one: str, other: str) -> bool:
    start = 0
    while start < min(len(one), len(other)) and one[start] == other[start]:
        start += 1
    left, right = one[start:], other[start:]
    if any(item.isdigit() for item in left[:1] + right[:1]):
        return False
    swapped = left[:2] == right[1::-1] and left[2:] == right[2:]
    return swapped or right == left[1:] or left == right[1:] or left[1:] == right[1:]


def route_specs(manifest: Manifest) -> Iterator[tuple[DataPath, dict[str, Any]]]:
    """List the specs of HTTPRoutes that an object holds, each with its place."""
    inside: DataPath = ("spec", "router", "route", "http", "spec")
    own = group_of(manifest) == GATEWAY_API and manifest.kind == "HTTPRoute"
    path: DataPath = ("spec",) if own else inside
    spec = value_at(manifest.data, *path)
    if isinstance(spec, dict):
        yield path, spec


def backends(manifest: Manifest) -> Iterator[tuple[DataPath, dict[str, Any]]]:
    """List the backends of an object's routes, each with its place."""
    for path, spec in route_specs(manifest):
        for rule_path, rule in items_at(spec, "rules"):
            for place, backend in items_at(rule, "backendRefs"):
                yield (*path, *rule_path, *place), backend
