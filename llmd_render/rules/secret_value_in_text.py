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

from typing import TYPE_CHECKING

from llmd_render.diagnostics import Severity, Violation, locate_offset

from .rule import TreeRule, TreeViolation
from .subjects.credentials import find_tokens

if TYPE_CHECKING:
    from collections.abc import Iterator

    from llmd_render.manifest import Tree

_MANIFESTS = (".yaml", ".yml")


def _check(tree: Tree) -> Iterator[TreeViolation]:
    for path, text in tree.files.items():
        if path.endswith(_MANIFESTS):
            continue
        for start, issuer in find_tokens(text):
            message = f"a token of {issuer} stands here in clear text"
            hint = "revoke it, remove it, and read it from a file or standard input"
            place = locate_offset(path, text, start)
            yield TreeViolation(place, Violation((), message, hint))


RULE = TreeRule("secret-value-in-text", Severity.ERROR, _check)
