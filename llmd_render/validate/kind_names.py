"""Which kind somebody meant who wrote one that has no schema."""

from __future__ import annotations

from typing import TYPE_CHECKING

from llmd_render.diagnostics import suggest

if TYPE_CHECKING:
    from collections.abc import Iterable

# How alike two kinds are that differ by a letter or two.
_SLIP = 0.8


def find_meant_kind(api_version: str, kind: str, names: Iterable[tuple[str, str]]) -> str:
    """Name the kind that was most likely meant, as `apiVersion Kind`, or nothing.

    `names` are those with a schema, as (apiVersion, kind). There are many more kinds than these:
    only a slip of the finger is one.
    """
    known = sorted(names)
    near = suggest(kind, {name for _, name in known}, likeness=_SLIP)
    # An InferenceService is not a misspelt LLMInferenceService.
    if near != kind and near.endswith(kind):
        return ""
    versions = [version for version, name in known if name == near]
    if not versions:
        return ""
    return f"{suggest(api_version, versions) or max(versions, key=_stability)} {near}"


def _stability(api_version: str) -> tuple[bool, bool, str]:
    return "alpha" not in api_version, "beta" not in api_version, api_version
