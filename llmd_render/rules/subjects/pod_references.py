"""What the Pods of a tree refer to by name; shared by the rules about it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from llmd_render.lookup import text_at, value_at

from .objects import KSERVE, group_of, items_at, mapping_at, once, pod_specs

if TYPE_CHECKING:
    from collections.abc import Iterator

    from llmd_render.diagnostics import DataPath
    from llmd_render.manifest import Manifest, Tree

SECRET_ANNOTATION = "serving.kserve.io/storageSecretName"  # noqa: S105 - the name of a field
KINDS = ("ConfigMap", "PersistentVolumeClaim", "Secret", "ServiceAccount")
GENERATORS = {"ConfigMap": "configMapGenerator", "Secret": "secretGenerator"}
"""What kustomizations call the generators of each kind."""

_SCHEDULER: DataPath = ("spec", "router", "scheduler", "template")
_CLAIM = "pvc://"
_HUB = "hf://"
_TOKEN = "HF_TOKEN"  # noqa: S105 - the name of a key


@dataclass(frozen=True, slots=True)
class PodReference:
    """A name of an object, perhaps with a key in it, and where both stand."""

    manifest: Manifest
    path: DataPath
    kind: str
    name: str
    key: str = ""
    key_path: DataPath = ()


@once
def pod_references(tree: Tree) -> Iterator[PodReference]:
    """List what Pods need to start; what is optional, and what a template names, is left out."""
    for manifest in tree.manifests:
        if manifest.is_object:
            for found in _list_all(manifest):
                if found.name and "{{" not in found.name:
                    yield found


def secret_references(tree: Tree) -> Iterator[PodReference]:
    """List the Secrets that Pods need; what one object says of one twice is one fault of it."""
    seen: set[tuple[int, str, str]] = set()
    for reference in pod_references(tree):
        told = (id(reference.manifest), reference.name, reference.key)
        if reference.kind == "Secret" and told not in seen:
            seen.add(told)
            yield reference


def _list_all(manifest: Manifest) -> Iterator[PodReference]:
    for path, spec in pod_specs(manifest):
        yield from _list_of_spec(manifest, path, spec)
    if group_of(manifest) == KSERVE and manifest.kind == "LLMInferenceService":
        yield from _list_of_spec(manifest, _SCHEDULER, mapping_at(manifest.data, *_SCHEDULER))
        uri: DataPath = ("spec", "model", "uri")
        annotation: DataPath = ("metadata", "annotations", SECRET_ANNOTATION)
        secret = text_at(manifest.data, *annotation)
        # From Hugging Face, KServe downloads with this key of it; elsewhere keys have other names.
        key = _TOKEN if text_at(manifest.data, *uri).startswith(_HUB) else ""
        yield PodReference(manifest, annotation, "Secret", secret, key, annotation)
        scheme, _, rest = text_at(manifest.data, *uri).partition(_CLAIM)
        if not scheme:
            yield PodReference(manifest, uri, "PersistentVolumeClaim", rest.partition("/")[0])


def _list_of_spec(
    manifest: Manifest, base: DataPath, spec: dict[str, Any]
) -> Iterator[PodReference]:
    for field in ("initContainers", "containers"):
        for path, container in items_at(spec, field):
            yield from _list_of_container(manifest, (*base, *path), container)
    for path, volume in items_at(spec, "volumes"):
        yield from _list_of_volume(manifest, (*base, *path), volume)
    for path, secret in items_at(spec, "imagePullSecrets"):
        place = (*base, *path, "name")
        yield PodReference(manifest, place, "Secret", text_at(secret, "name"))
    place = (*base, "serviceAccountName")
    yield PodReference(manifest, place, "ServiceAccount", text_at(spec, "serviceAccountName"))


def _list_of_container(
    manifest: Manifest, base: DataPath, container: dict[str, Any]
) -> Iterator[PodReference]:
    for path, variable in items_at(container, "env"):
        for field, kind in (("configMapKeyRef", "ConfigMap"), ("secretKeyRef", "Secret")):
            reference = mapping_at(variable, "valueFrom", field)
            if reference.get("optional") is True:
                continue
            place = (*base, *path, "valueFrom", field)
            yield PodReference(
                manifest,
                (*place, "name"),
                kind,
                text_at(reference, "name"),
                text_at(reference, "key"),
                (*place, "key"),
            )
    for path, source in items_at(container, "envFrom"):
        for field, kind in (("configMapRef", "ConfigMap"), ("secretRef", "Secret")):
            if value_at(source, field, "optional") is not True:
                place = (*base, *path, field, "name")
                yield PodReference(manifest, place, kind, text_at(source, field, "name"))


def _list_of_volume(
    manifest: Manifest, base: DataPath, volume: dict[str, Any]
) -> Iterator[PodReference]:
    yield from _list_of_files(manifest, (*base, "configMap"), volume.get("configMap"), "name")
    yield from _list_of_files(manifest, (*base, "secret"), volume.get("secret"), "secretName")
    for path, source in items_at(volume, "projected", "sources"):
        for field in ("configMap", "secret"):
            place = (*base, *path, field)
            yield from _list_of_files(manifest, place, source.get(field), "name")
    claim: DataPath = ("persistentVolumeClaim", "claimName")
    name = text_at(volume, *claim)
    yield PodReference(manifest, (*base, *claim), "PersistentVolumeClaim", name)


def _list_of_files(
    manifest: Manifest, base: DataPath, source: Any, field: str
) -> Iterator[PodReference]:
    if value_at(source, "optional") is True:
        return
    kind = "ConfigMap" if base[-1] == "configMap" else "Secret"
    name = text_at(source, field)
    yield PodReference(manifest, (*base, field), kind, name)
    for path, item in items_at(source, "items"):
        key = text_at(item, "key")
        yield PodReference(manifest, (*base, field), kind, name, key, (*base, *path, "key"))
