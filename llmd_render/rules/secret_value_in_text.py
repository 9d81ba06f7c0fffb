"""No script and no other text of a tree holds a token in clear text.

Trees are made to be committed, and whoever reads the repository reads them. A token that was
committed once stays in the history, and has to be revoked. This rule knows the forms that the
issuers gave their tokens; manifests have a rule of their own.

Source: https://kubernetes.io/docs/concepts/security/secrets-good-practices/ (2026)

Passes:

    create-token.sh: |
      IFS= read -r -s token
      printf '%s' "$token" >"$FOLDER/token"

Fails:

    create-token.sh: |
      export HF_TOKEN=hf_NotARealTokenButLongEnough
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from llmd_render.diagnostics import Severity, Violation, locate_offset
from llmd_render.lookup import list_texts

from .rule import TreeRule, TreeViolation
from .subjects.credentials import find_secrets

if TYPE_CHECKING:
    from collections.abc import Iterator

    from llmd_render.manifest import Tree

_MANIFESTS = (".yaml", ".yml")
_WORD = re.compile(r"[\w-]{1,40}")


def _check(tree: Tree) -> Iterator[TreeViolation]:
    for path, text in {**tree.settings, **tree.files}.items():
        found = list(find_secrets(text))
        if found and path.endswith(_MANIFESTS):
            found = list(_outside_of_objects(tree, path, text, found))
        for start, what in found:
            message = f"{what} stands here in clear text"
            hint = "revoke it, remove it, and read it from a file or standard input"
            place = locate_offset(path, text, start)
            yield TreeViolation(place, Violation((), message, hint))


def _outside_of_objects(
    tree: Tree, path: str, text: str, found: list[tuple[int, str]]
) -> Iterator[tuple[int, str]]:
    """Leave out what stands in the values of an object, of which another rule speaks."""
    values = "\n".join(
        value
        for manifest in tree.documents_of(path)
        if manifest.is_object
        for _, value in list_texts(manifest.data)
    )
    for start, what in found:
        word = _WORD.match(text, start)
        if word is None or word.group() not in values:
            yield start, what


RULE = TreeRule("secret-value-in-text", Severity.ERROR, _check)
