"""The profile holds no secret.

A profile and the tree rendered from it are made to be committed, and whoever reads the repository
reads them. Secrets are named there and created by the scripts.

Source: https://kubernetes.io/docs/concepts/security/secrets-good-practices/ (2026)

Passes:

    secrets: {hfToken: hf-token}

Fails:

    server: {env: {HF_TOKEN: not-a-real-token}}
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from llmd_render.diagnostics import Severity, Violation

from .rule import ProfileRule
from .subjects.credentials import FLAGS, NAME, find_secrets
from .subjects.facts import flags_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from llmd_render.catalog import Catalog
    from llmd_render.profile import Profile


_HINT = "remove it; a Hugging Face token goes into a Secret that secrets.hfToken names"


def _check(profile: Profile, _catalog: Catalog) -> Iterator[Violation]:
    for name, value in profile.server.env.items():
        if value and (NAME.search(name) or any(find_secrets(value))):
            message = f"server.env holds the value of {name}, which would be rendered in clear text"
            yield Violation(("server", "env", name), message, _HINT, key=True)
    for flag in flags_of(profile):
        if flag.value and (flag.name in FLAGS or any(find_secrets(flag.value))):
            message = (
                f"server.args holds the value of {flag.name}, which would be rendered in clear text"
            )
            yield Violation(("server", "args", flag.index), message, _HINT)


RULE = ProfileRule("secret-value-in-profile", Severity.ERROR, _check, acknowledgeable=False)
