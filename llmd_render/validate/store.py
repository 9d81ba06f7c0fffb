"""Where schemas come from: the user's CRDs, then ours, then those of the Kubernetes release.

Nothing is read before it is asked for, and nothing is read twice.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from functools import cached_property
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from llmd_render.kubectl_yaml import read_document

from .kind_names import find_meant_kind
from .references import Node, Resolver, make_local_references_absolute
from .scopes import CLUSTER_SCOPED

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

_OURS = Path(__file__).resolve().parent.parent / "data" / "schemas"
# No longer than a file system takes: the name of a file also has a suffix.
_SAFE_NAME = re.compile(r"(?!.{251})[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?")
_STRICT = "-local-strict"
_OBJECT_META = "core#/io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta"

CLIENT_GROUP = "kustomize.config.k8s.io"
"""The group of kinds that only a client reads: they need no name and have no real metadata."""


class UnknownKubernetesVersionError(ValueError):
    """There are no schemas for the Kubernetes version that was asked for."""


class MalformedCRDError(ValueError):
    """What was given as a CustomResourceDefinition is none that a schema could be taken from."""


@dataclass(frozen=True, slots=True)
class Release:
    """A release of somebody else's software that a schema is true for."""

    name: str
    source: str
    date: str


class GivenCRD(NamedTuple):
    """A CustomResourceDefinition of the user's, and where it comes from."""

    crd: Mapping[str, Any]
    origin: str = "--crds"
    releases: tuple[Release, ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class Schema:
    """What one version of a kind may look like."""

    group: str
    version: str
    kind: str
    scope: str
    root: Node
    resolver: Resolver
    origin: str
    partial: bool = False
    core: bool = False
    releases: tuple[Release, ...] = ()

    @property
    def api_version(self) -> str:
        """The group and version as a manifest writes them."""
        return f"{self.group}/{self.version}" if self.group else self.version

    def resolve(self, node: Node) -> Node:
        """Follow the reference of a node, if it is one."""
        return self.resolver.resolve(node)


class SchemaStore:
    """Finds the schema of a kind for one Kubernetes minor version."""

    def __init__(
        self,
        kubernetes: str,
        crds: Iterable[Mapping[str, Any] | GivenCRD] = (),
        later: Iterable[str] = (),
    ) -> None:
        """Open what is known; `later` names folders of our schemas that come before the others."""
        self.kubernetes, self._core_folder = _core_folder(kubernetes)
        self._resolver = Resolver(self._look_up)
        self._documents: dict[str, Node] = {}
        self._found: dict[tuple[str, str], Schema | None] = {}
        self._folders = (*(f"{name}/" for name in later), "")
        self._given = {
            (schema.api_version, schema.kind): schema
            for item in crds
            for schema in self._schemas_of(item if isinstance(item, GivenCRD) else GivenCRD(item))
        }

    def find(self, api_version: str, kind: str) -> Schema | None:
        """Find the schema of a kind, or nothing: the caller decides what that means."""
        key = (api_version, kind)
        if key not in self._found:
            group, _, version = api_version.rpartition("/")
            self._found[key] = (
                self._given.get(key)
                or self._own(group, version, kind)
                or self._core(group, version, kind)
            )
        return self._found[key]

    def known_kinds(self) -> tuple[Schema, ...]:
        """List the schemas of the user's CRDs and of the program; this reads all of them."""
        own = {(f"{group}/{version}", kind) for group, version, kind in _own_names()}
        found = (self.find(*key) for key in sorted({*self._given, *own}))
        return tuple(schema for schema in found if schema)

    def suggest_kind(self, api_version: str, kind: str) -> str:
        """Name the kind that was most likely meant, as `apiVersion Kind`, or nothing."""
        return find_meant_kind(api_version, kind, self._names())

    def _names(self) -> Iterator[tuple[str, str]]:
        yield from self._given
        for group, version, kind in (*_own_names(), *self._core_index):
            yield (f"{group}/{version}" if group else version), kind

    def _schemas_of(self, given: GivenCRD) -> list[Schema]:
        try:
            return list(self._from_crd(given))
        except (KeyError, TypeError, AttributeError) as error:
            crd = given.crd
            name = (crd.get("metadata") or {}).get("name", "an object") if crd else "an object"
            raise MalformedCRDError(
                f"{given.origin}: {name} has no schema that can be read as apiextensions.k8s.io/v1"
            ) from error

    def _from_crd(self, given: GivenCRD) -> Iterator[Schema]:
        spec = given.crd["spec"]
        for version in spec["versions"]:
            if not version.get("served", True):
                continue
            open_root = {"type": "object", "x-kubernetes-preserve-unknown-fields": True}
            root = version.get("schema", {}).get("openAPIV3Schema", open_root)
            if spec.get("preserveUnknownFields"):
                root = root | open_root
            yield Schema(
                group=spec["group"],
                version=version["name"],
                kind=spec["names"]["kind"],
                scope=spec["scope"],
                root=_with_object_meta(root),
                resolver=self._resolver,
                origin=given.origin,
                releases=given.releases,
            )

    def _own(self, group: str, version: str, kind: str) -> Schema | None:
        names = (f"{folder}{group}/{version}/{kind}" for folder in self._folders)
        document = next(filter(None, map(self._document, names)), None)
        # A file system that ignores case would find httproute in HTTPRoute.yaml.
        if document is None or document["kind"] != kind:
            return None
        root = self._resolver.resolve(document["schema"])
        releases = tuple(
            Release(item["name"], item["source"], str(item["date"]))
            for item in document["releases"]
        )
        return Schema(
            group=group,
            version=version,
            kind=kind,
            scope=document["scope"],
            root=root if group == CLIENT_GROUP else _with_object_meta(root),
            resolver=self._resolver,
            origin=f"llmd-render schema for {' and '.join(item.name for item in releases)}",
            partial=document["partial"],
            releases=releases,
        )

    def _core(self, group: str, version: str, kind: str) -> Schema | None:
        name = self._core_index.get((group, version, kind))
        if name is None:
            return None
        return Schema(
            group=group,
            version=version,
            kind=kind,
            scope="Cluster" if kind in CLUSTER_SCOPED.get(group, ()) else "Namespaced",
            root=self._core_definitions[name],
            resolver=self._resolver,
            origin=f"Kubernetes {self.kubernetes}",
            core=True,
        )

    def _document(self, name: str) -> Node | None:
        """Read one of our schema files; `name` is `group/version/Kind`, perhaps in a folder."""
        if name not in self._documents:
            parts = name.split("/")
            # The name comes out of a manifest: it must not lead anywhere else in the file system.
            if not all(_SAFE_NAME.fullmatch(part) and ".." not in part for part in parts):
                return None
            file = _OURS.joinpath(*parts[:-1], f"{parts[-1]}.yaml")
            if not file.is_file():
                return None
            self._documents[name] = make_local_references_absolute(_load_document(file), name)
        return self._documents[name]

    def _look_up(self, reference: str) -> Node:
        base, _, pointer = reference.partition("#/")
        if pointer.startswith("$defs/"):
            return self._core_definitions[pointer.removeprefix("$defs/")]
        if base == "core":
            return self._core_definitions[pointer]
        document = self._document(base)
        if document is None:
            raise KeyError(f"a schema refers to {reference!r}, which does not exist")
        node = document if pointer.startswith("definitions/") else document["schema"]
        for step in filter(None, pointer.split("/")):
            node = node[step]
        return node

    @cached_property
    def _core_definitions(self) -> dict[str, Node]:
        text = (self._core_folder / "_definitions.json").read_bytes()
        definitions: dict[str, Node] = json.loads(text)["$defs"]
        for name, node in definitions.items():
            # These two say what they mean with a oneOf that no null passes, in no other words.
            if name.endswith(".IntOrString"):
                definitions[name] = {"x-kubernetes-int-or-string": True, "nullable": True}
            elif name.endswith(".Quantity"):
                definitions[name] = {"type": ["string", "number", "null"], "format": "quantity"}
            elif "properties" not in node and "additionalProperties" not in node:
                node["x-kubernetes-preserve-unknown-fields"] = True
        return definitions

    @cached_property
    def _core_index(self) -> dict[tuple[str, str, str], str]:
        return {
            (item["group"], item["version"], item["kind"]): name
            for name, node in self._core_definitions.items()
            for item in node.get("x-kubernetes-group-version-kind", ())
        }


def _with_object_meta(root: Node) -> Node:
    """Give a custom resource the fields that every object has; a CRD may only narrow them."""
    properties = {"apiVersion": {"type": "string"}, "kind": {"type": "string"}}
    properties |= root.get("properties", {})
    metadata: Node = properties.get("metadata", {"type": "object"})
    properties["metadata"] = metadata | {"$ref": _OBJECT_META}
    return root | {"properties": properties}


def _own_names() -> list[tuple[str, str, str]]:
    return sorted(
        (file.parent.parent.name, file.parent.name, file.stem) for file in _OURS.glob("*/*/*.yaml")
    )


def _load_document(file: Path) -> Node:
    document: Node = read_document(file.read_text("utf-8"))
    return document


def _core_folder(kubernetes: str) -> tuple[str, Path]:
    """Find the bundled schemas of a minor version, without running the package that has them."""
    spec = find_spec("kubernetes_validate")
    if spec is None or not spec.submodule_search_locations:
        raise UnknownKubernetesVersionError(
            "kubernetes-validate, which has the core schemas, is missing"
        )
    folder = Path(spec.submodule_search_locations[0], "kubernetes-json-schema")
    match = re.fullmatch(r"v?(\d+)\.(\d+)(?:[.+-].*)?", kubernetes)
    if match:
        wanted = f"{int(match[1])}.{int(match[2])}"
        found = folder / f"v{wanted}.0{_STRICT}"
        if found.is_dir():
            return wanted, found
    names = (item.name.removesuffix(_STRICT) for item in folder.glob(f"v*{_STRICT}"))
    versions = sorted(tuple(map(int, name[1:].split(".")[:2])) for name in names)
    available = ", ".join(f"{major}.{minor}" for major, minor in versions)
    raise UnknownKubernetesVersionError(
        f"there are no schemas for Kubernetes {kubernetes!r}; available are {available}"
    )
