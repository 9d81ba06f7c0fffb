"""The profile language as JSON Schema, so that editors complete and check profiles."""

from __future__ import annotations

from typing import Any

from .model import Profile

_DIALECT = "https://json-schema.org/draft/2020-12/schema"


def profile_schema() -> dict[str, Any]:
    """Describe the profile language as a JSON Schema, draft 2020-12.

    A profile that `extends` another may leave keys out; editors check what stands in one file,
    so the schema demands the required keys only where nothing is extended.
    """
    schema = Profile.model_json_schema()
    schema.pop("title", None)
    required = schema.pop("required")
    return {
        "$schema": _DIALECT,
        "title": "llmd-render profile",
        **schema,
        "required": ["apiVersion", "name"],
        "if": {"not": {"required": ["extends"]}},
        "then": {"required": required},
    }
