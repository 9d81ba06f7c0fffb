"""What the webhook lets pass and the controller then certainly stumbles over."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from llmd_render.diagnostics import Violation
from llmd_render.lookup import text_at
from llmd_render.validate.words import show

from .reading import is_empty_text, list_at, mapping_at

if TYPE_CHECKING:
    from collections.abc import Iterator

    from .subject import Subject

_SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*)://")
_SCHEMES = ("hf", "oci", "pvc", "s3")


def check_model_uri(subject: Subject) -> Iterator[Violation]:
    """Check that the controller of 0.15 can get the model; later ones may have it cached."""
    uri = text_at(subject.spec, "model", "uri")
    if not uri or "{{" in uri:
        return
    match = _SCHEME.match(uri)
    if match and match[1].lower() in _SCHEMES:
        return
    allowed = ", ".join(f"{scheme}://" for scheme in _SCHEMES)
    yield Violation(
        ("spec", "model", "uri"),
        f"uri is {show(uri)}; the controller can get a model from {allowed} only",
        hint="the object is admitted, but no model server is ever made; write one of these",
        code="kserve-model-uri-scheme-deferred",
    )


def check_gateway_namespaces(subject: Subject) -> Iterator[Violation]:
    """Check that a managed route of 0.15 gets the namespace of its gateways."""
    router = mapping_at(subject.spec, "router")
    if mapping_at(router, "route") is None or list_at(router, "route", "http", "refs"):
        return
    if list_at(subject.spec, "baseRefs"):
        return
    for index, ref in enumerate(list_at(router, "gateway", "refs")):
        if isinstance(ref, dict) and is_empty_text(ref, "namespace"):
            yield Violation(
                ("spec", "router", "gateway", "refs", index),
                f"refs[{index}] has no namespace, which the controller copies into the HTTPRoute, "
                "where it must not be empty",
                hint="set the namespace of the gateway; the object is admitted, but gets no route",
                code="kserve-gateway-without-namespace-deferred",
            )
