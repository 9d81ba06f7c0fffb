"""ConfigMap and Secret (core ValidateConfigMap, ValidateSecret)."""

from __future__ import annotations

import binascii
import json
from typing import TYPE_CHECKING, Any

from llmd_render.diagnostics import Violation
from llmd_render.validate.words import show

from .findings import Mapping, mapping, named, text
from .names import is_data_key

if TYPE_CHECKING:
    from collections.abc import Iterator

_LIMIT = 1024 * 1024
_ACCOUNT = "kubernetes.io/service-account.name"
_NEEDED = {
    "kubernetes.io/dockercfg": (".dockercfg",),
    "kubernetes.io/dockerconfigjson": (".dockerconfigjson",),
    "kubernetes.io/ssh-auth": ("ssh-privatekey",),
    "kubernetes.io/tls": ("tls.crt", "tls.key"),
}
_JSON = frozenset({"kubernetes.io/dockercfg", "kubernetes.io/dockerconfigjson"})
_MISSING = "native-secret-key-missing"


def check_config_map(data: Mapping) -> Iterator[Violation]:
    """Find what the server refuses of a ConfigMap."""
    plain, binary = mapping(data.get("data")), mapping(data.get("binaryData"))
    size = 0
    for field, values in (("data", plain), ("binaryData", binary)):
        yield from _check_keys(field, values)
        size += sum(_size(value, encoded=field == "binaryData") for value in values.values())
    for key, _ in named(binary):
        if key in plain:
            message = f"{key} stands in data as well; a key must be unique"
            path = ("binaryData", key)
            yield Violation(path, message, code="native-data-key-duplicate", key=True)
    yield from _check_size(size)


def check_secret(data: Mapping) -> Iterator[Violation]:
    """Find what the server refuses of a Secret; stringData counts as data."""
    encoded, plain = mapping(data.get("data")), mapping(data.get("stringData"))
    yield from _check_keys("data", encoded)
    yield from _check_keys("stringData", plain)
    for key, value in named(encoded):
        if _decoded(value) is None:
            # The value may be a secret that is only in the wrong field.
            message = f"{key} is not base64, which the values of data must be"
            hint = "plain text goes into stringData"
            yield Violation(("data", key), message, hint, "native-secret-not-base64")
    hidden = (value for key, value in encoded.items() if key not in plain)
    size = sum(_size(value, encoded=True) for value in hidden)
    yield from _check_size(size + sum(_size(value, encoded=False) for value in plain.values()))
    yield from _check_type(data, encoded, plain)


def _check_type(data: Mapping, encoded: Mapping, plain: Mapping) -> Iterator[Violation]:
    kind = text(data, "type")
    both = encoded | plain
    for key in _NEEDED.get(kind, ()):
        if key not in both:
            message = f"the Secret lacks {key}, which its type {kind} needs"
            yield Violation(("type",), message, code=_MISSING)
        elif kind in _JSON:
            content = plain[key] if key in plain else _decoded(both[key])
            if isinstance(content, (str, bytes)) and not _is_json(content):
                path = ("stringData" if key in plain else "data", key)
                message = f"{key} is no JSON; its type {kind} needs it"
                yield Violation(path, message, code="native-secret-not-json")
    if kind == "kubernetes.io/ssh-auth" and both.get("ssh-privatekey") == "":
        yield Violation(("type",), "ssh-privatekey is empty; it must not be", code=_MISSING)
    if kind == "kubernetes.io/basic-auth" and not {"username", "password"} & both.keys():
        message = f"the Secret has neither username nor password, which its type {kind} needs"
        yield Violation(("type",), message, code=_MISSING)
    notes = mapping(mapping(data.get("metadata")).get("annotations"))
    if kind == "kubernetes.io/service-account-token" and not notes.get(_ACCOUNT):
        message = f"the Secret lacks the annotation {_ACCOUNT}, which its type needs"
        yield Violation(("type",), message, code=_MISSING)


def _check_keys(field: str, values: Mapping) -> Iterator[Violation]:
    for key, _ in named(values):
        if not is_data_key(key):
            allowed = "letters, digits, '-', '_', '.', and not begin with '..'"
            message = f"{show(key)} is a key of {field}; it must be {allowed}"
            hint = "at most 253 of them; it must not be '.' alone"
            yield Violation((field, key), message, hint, "native-data-key-invalid", key=True)


def _check_size(size: int) -> Iterator[Violation]:
    if size > _LIMIT:
        message = f"the values have {size} bytes together; at most {_LIMIT} are allowed"
        yield Violation((), message, code="native-data-too-large")


def _size(value: Any, *, encoded: bool) -> int:
    if not isinstance(value, str):
        return 0
    if encoded:
        return len(_decoded(value) or b"")
    return len(value.encode("utf-8", "replace"))


def _decoded(value: Any) -> bytes | None:
    if not isinstance(value, str):
        return b""
    # Go leaves out line breaks, and nothing else.
    lines = value.replace("\r", "").replace("\n", "")
    try:
        return binascii.a2b_base64(lines.encode("ascii"), strict_mode=True)
    except (binascii.Error, UnicodeEncodeError):
        return None


def _is_json(content: str | bytes) -> bool:
    try:
        # What follows is decoded into a Go map.
        return isinstance(json.loads(content), dict | None)
    except (ValueError, RecursionError):
        return False
