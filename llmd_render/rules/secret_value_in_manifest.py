"""No manifest holds a token, a password or an API key in clear text.

Manifests are made to be committed, and whoever reads the repository reads them; so does everybody
who may look at a Pod. A Secret that is made elsewhere is named by `valueFrom.secretKeyRef`.

Source: https://kubernetes.io/docs/concepts/security/secrets-good-practices/ (2026)

Passes:

    apiVersion: v1
    kind: Pod
    metadata: {name: example}
    spec:
      containers:
        - name: main
          env:
            - name: HF_TOKEN
              valueFrom: {secretKeyRef: {name: hf-token, key: HF_TOKEN}}

Fails:

    apiVersion: v1
    kind: Pod
    metadata: {name: example}
    spec:
      containers:
        - name: main
          env:
            - name: HF_TOKEN
              value: not-a-real-token
"""

from __future__ import annotations

import base64
import json
import re
from typing import TYPE_CHECKING, Any

from llmd_render.diagnostics import Severity, Violation
from llmd_render.lookup import list_texts, text_at, value_at

from .rule import TreeRule, TreeViolation
from .subjects.credentials import FLAGS, NAME, find_secrets
from .subjects.objects import containers, group_of, items_at, mapping_at

if TYPE_CHECKING:
    from collections.abc import Iterator

    from llmd_render.diagnostics import DataPath
    from llmd_render.manifest import Manifest, Tree

_HINT = "remove it; create a Secret outside of the tree and name it with valueFrom.secretKeyRef"
# Switches, paths, references and placeholders are no secrets.
_HARMLESS = re.compile(
    r"(?i:true|false|yes|no|on|off|none|null|x+|your.*)|\d|/.*|.*[$<{].*|[A-Z]+(_[A-Z]+)*",
    re.DOTALL,
)


def _check(tree: Tree) -> Iterator[TreeViolation]:
    for manifest in tree.manifests:
        if not manifest.is_object:
            continue
        said: set[DataPath] = set()
        for path, what in (*_in_containers(manifest), *_tokens(manifest)):
            if path not in said:
                said.add(path)
                message = f"{what} stands here for everybody to read"
                yield TreeViolation(manifest, Violation(path, message, _HINT))


def _in_containers(manifest: Manifest) -> Iterator[tuple[DataPath, str]]:
    for path, container in containers(manifest, init=True):
        for place, item in items_at(container, "env"):
            name, value = text_at(item, "name"), text_at(item, "value")
            if NAME.search(name) and _is_secret(value):
                yield (*path, *place, "value"), f"the value of {name}"
        for field in ("command", "args"):
            words = value_at(container, field)
            for index, name, value in _flags(words if isinstance(words, list) else []):
                if _is_secret(value):
                    yield (*path, field, index), f"the value of {name}"


def _flags(words: list[Any]) -> Iterator[tuple[int, str, str]]:
    """List flags that take a secret: the place of the value, the name of the flag, the value."""
    for index, word in enumerate(words):
        name, joined, value = word.partition("=") if isinstance(word, str) else ("", "", "")
        if name not in FLAGS:
            continue
        if joined:
            yield index, name, value
        elif index + 1 < len(words) and isinstance(words[index + 1], str):
            yield index + 1, name, words[index + 1]


def _is_secret(value: str) -> bool:
    return bool(value.strip()) and not _HARMLESS.fullmatch(value.strip())


def _tokens(manifest: Manifest) -> Iterator[tuple[DataPath, str]]:
    """Find tokens anywhere in an object, and what is encoded in a Secret."""
    for path, text in list_texts(manifest.data) if any(find_secrets(manifest.text)) else ():
        for _, what in find_secrets(text):
            yield path, what
    if manifest.kind != "Secret" or group_of(manifest):
        return
    for field, decode in (("data", _decode), ("stringData", str)):
        for key, text in mapping_at(manifest.data, field).items():
            value = decode(text) if isinstance(text, str) else ""
            for _, what in find_secrets(value) if field == "data" else ():
                yield (field, key), f"{what} in base64"
            if key == ".dockerconfigjson" and _has_login(value):
                yield (field, key), "the password of a registry"


def _has_login(text: str) -> bool:
    """Whether a configuration of Docker holds a password, or a name and password in base64."""
    try:
        servers = value_at(json.loads(text), "auths")
    except ValueError:
        return False
    logins = servers.values() if isinstance(servers, dict) else ()
    return any(
        _is_secret(text_at(login, "password")) or ":" in _decode(text_at(login, "auth"))
        for login in logins
    )


def _decode(text: str) -> str:
    try:
        return base64.b64decode(text).decode(errors="replace")
    except ValueError:
        return ""


RULE = TreeRule(
    "secret-value-in-manifest",
    Severity.ERROR,
    _check,
    acknowledgeable=True,
    covered_by=("secret-value-in-profile",),
)
