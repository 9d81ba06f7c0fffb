"""Models that are encrypted where they are stored."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from llmd_render.diagnostics import DataPath, Severity, Violation
from llmd_render.lookup import text_at
from llmd_render.validate.words import show

from .reading import mapping_at

if TYPE_CHECKING:
    from collections.abc import Iterator

    from .subject import Subject

_CONFIDENTIAL: DataPath = ("spec", "model", "confidential")
_RESOURCE_ID = re.compile(r"kbs://(/[a-zA-Z0-9_.-]+){3}")
_WITHOUT_EFFECT = {
    "oci": "the container runtime decrypts images by itself",
    "pvc": "nothing is downloaded that could be decrypted",
}


def check_confidential(subject: Subject) -> Iterator[Violation]:
    """Check the key of a confidential model, and that it is decrypted at all."""
    confidential = mapping_at(subject.spec, "model", "confidential")
    if confidential is None or confidential.get("enabled") is not True:
        return
    scheme, separator, _ = text_at(subject.spec, "model", "uri").partition("://")
    reason = _WITHOUT_EFFECT.get(scheme.lower())
    if separator and reason:
        yield Violation(
            _CONFIDENTIAL,
            f"confidential has no effect on a model from {scheme.lower()}://: {reason}",
            hint="leave confidential out, or take the model from hf:// or s3://",
            code="kserve-confidential-without-effect",
            key=True,
            severity=Severity.WARNING,
        )
    resource = text_at(confidential, "resourceId")
    if resource and not _RESOURCE_ID.fullmatch(resource):
        yield Violation(
            (*_CONFIDENTIAL, "resourceId"),
            f"resourceId is {show(resource)}; it must have the form kbs:///repository/type/tag",
            hint="write three parts of letters, digits, '_', '.' and '-' after kbs://",
            code="kserve-confidential-resource-id-invalid",
        )
