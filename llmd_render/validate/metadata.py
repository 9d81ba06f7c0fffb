"""Names, labels and annotations: what the API server demands of every object's metadata."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from llmd_render.diagnostics import DataPath, Severity, Violation

from .store import CLIENT_GROUP
from .words import show

if TYPE_CHECKING:
    from collections.abc import Iterator

    from .store import Schema

_LABEL = r"[a-z0-9]([-a-z0-9]*[a-z0-9])?"
_DNS_LABEL = re.compile(_LABEL)
_DNS_1035_LABEL = re.compile(r"[a-z]([-a-z0-9]*[a-z0-9])?")
_DNS_SUBDOMAIN = re.compile(rf"{_LABEL}(\.{_LABEL})*")
_QUALIFIED_NAME = re.compile(r"[A-Za-z0-9]([-A-Za-z0-9_.]*[A-Za-z0-9])?")
_LABEL_LIMIT = 63
_SUBDOMAIN_LIMIT = 253
_ANNOTATIONS_LIMIT = 256 * 1024

_CHARACTERS = "small letters, digits and '-', with a letter or digit at both ends"
_NAMED_BY_LABEL = {("", "Namespace")}
_NAMED_BY_1035_LABEL = {("", "Service")}
_RBAC_GROUP = "rbac.authorization.k8s.io"


def check_metadata(data: dict[str, Any], schema: Schema) -> Iterator[Violation]:
    """Check the metadata of an object; wrong types are left to the structural walker."""
    if schema.group == CLIENT_GROUP:
        return
    metadata = data.get("metadata")
    if metadata is None:
        metadata = {}
    if not isinstance(metadata, dict):
        return
    yield from _check_name(metadata, schema, has_metadata="metadata" in data)
    yield from _check_namespace(metadata, schema)
    yield from _check_labels(metadata.get("labels"))
    yield from _check_annotations(metadata.get("annotations"))


def _check_name(
    metadata: dict[str, Any], schema: Schema, *, has_metadata: bool
) -> Iterator[Violation]:
    for field in ("name", "generateName"):
        name = metadata.get(field)
        if not isinstance(name, str) or not name:
            continue
        # What the server appends to a generateName may follow a dash.
        whole = name if field == "name" else f"{name}x"
        problem = _name_problem(whole, schema)
        if problem:
            message = f"{field} is {show(name)}; {problem}"
            yield Violation(("metadata", field), message, code="metadata-invalid-name")
        return
    if metadata.get("name") in (None, "") and metadata.get("generateName") in (None, ""):
        path: DataPath = ("metadata",) if has_metadata else ()
        message = f"{schema.kind} lacks metadata.name, which every object needs"
        yield Violation(path, message, code="metadata-invalid-name", key=has_metadata)


def _name_problem(name: str, schema: Schema) -> str:
    key = (schema.group, schema.kind)
    if schema.group == _RBAC_GROUP:
        if name in {".", ".."} or "/" in name or "%" in name:
            return "it must not be '.' or '..' and must not contain '/' or '%'"
        return ""
    if key in _NAMED_BY_LABEL:
        return _label_problem(name)
    if key in _NAMED_BY_1035_LABEL:
        if len(name) > _LABEL_LIMIT or not _DNS_1035_LABEL.fullmatch(name):
            return f"it must be at most 63 {_CHARACTERS}, and begin with a letter"
        return ""
    return _subdomain_problem(name)


def _label_problem(name: str) -> str:
    if len(name) > _LABEL_LIMIT or not _DNS_LABEL.fullmatch(name):
        return f"it must be at most {_LABEL_LIMIT} {_CHARACTERS}"
    return ""


def _subdomain_problem(name: str) -> str:
    if len(name) > _SUBDOMAIN_LIMIT:
        return f"it has {len(name)} characters, of which at most {_SUBDOMAIN_LIMIT} are allowed"
    if not _DNS_SUBDOMAIN.fullmatch(name):
        return f"it must consist of {_CHARACTERS}, or of such parts joined by dots"
    return ""


def _check_namespace(metadata: dict[str, Any], schema: Schema) -> Iterator[Violation]:
    namespace = metadata.get("namespace")
    if not isinstance(namespace, str) or not namespace:
        return
    path = ("metadata", "namespace")
    if schema.scope == "Cluster":
        message = f"namespace is {show(namespace)}; a {schema.kind} belongs to no namespace"
        hint = "leave metadata.namespace out"
        # The API server drops it and says nothing.
        code, warning = "metadata-namespace-scope", Severity.WARNING
        yield Violation(path, message, hint=hint, code=code, key=True, severity=warning)
    elif problem := _label_problem(namespace):
        message = f"namespace is {show(namespace)}; {problem}"
        yield Violation(path, message, code="metadata-invalid-name")


def _check_labels(labels: Any) -> Iterator[Violation]:
    if not isinstance(labels, dict):
        return
    for key, value in labels.items():
        path = ("metadata", "labels", key)
        if problem := _key_problem(str(key)):
            message = f"{show(str(key))} is a label key; {problem}"
            yield Violation(path, message, code="metadata-invalid-label", key=True)
        if isinstance(value, str) and value and not _is_qualified(value):
            message = f"{key} is {show(value)}; a label's value must be {_qualified()}, or empty"
            yield Violation(path, message, code="metadata-invalid-label")


def _check_annotations(annotations: Any) -> Iterator[Violation]:
    if not isinstance(annotations, dict):
        return
    size = 0
    for key, value in annotations.items():
        # The server judges annotation keys without regard to case.
        if problem := _key_problem(str(key).lower()):
            message = f"{show(str(key))} is an annotation key; {problem}"
            place = ("metadata", "annotations", key)
            yield Violation(place, message, code="metadata-invalid-annotation", key=True)
        size += len(str(key).encode()) + len(str(value).encode())
    if size > _ANNOTATIONS_LIMIT:
        message = f"annotations has {size} bytes; at most {_ANNOTATIONS_LIMIT} are allowed"
        path = ("metadata", "annotations")
        yield Violation(path, message, code="metadata-invalid-annotation", key=True)


def _key_problem(key: str) -> str:
    prefix, slash, name = key.rpartition("/")
    if not _is_qualified(name):
        return f"its name must be {_qualified()}"
    if slash and (len(prefix) > _SUBDOMAIN_LIMIT or not _DNS_SUBDOMAIN.fullmatch(prefix)):
        return "what stands in front of '/' must be a DNS name in small letters"
    return ""


def _is_qualified(text: str) -> bool:
    return len(text) <= _LABEL_LIMIT and _QUALIFIED_NAME.fullmatch(text) is not None


def _qualified() -> str:
    return (
        f"at most {_LABEL_LIMIT} letters, digits, '-', '_' and '.', "
        "with a letter or digit at both ends"
    )
