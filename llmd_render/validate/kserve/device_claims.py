"""The annotations that ask KServe to claim devices by dynamic resource allocation."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from llmd_render.diagnostics import DataPath, Violation
from llmd_render.validate.words import show

from .reading import mapping_at

if TYPE_CHECKING:
    from collections.abc import Iterator

    from .subject import Subject

_PREFIX = "serving.kserve.io/exp-dra-"
_CLASS = f"{_PREFIX}device-class"
_COUNT = f"{_PREFIX}device-count"
_SELECTOR = f"{_PREFIX}cel-selector"
_CONTAINER = f"{_PREFIX}container-name"

_LABEL = r"[a-z0-9]([-a-z0-9]*[a-z0-9])?"
_DNS_LABEL = re.compile(_LABEL)
_DNS_SUBDOMAIN = re.compile(rf"{_LABEL}(\.{_LABEL})*")
_LABEL_LIMIT = 63
_SUBDOMAIN_LIMIT = 253
_WHOLE = re.compile(r"[+-]?0*(\d{0,20})", re.ASCII)
_INT64_LIMIT = 2**63


def check_device_claims(subject: Subject) -> Iterator[Violation]:
    """Check the annotations of managed DRA, which need a device class."""
    annotations = mapping_at(subject.metadata, "annotations") or {}
    texts = {key: value for key, value in annotations.items() if isinstance(value, str)}
    others = [key for key in (_COUNT, _SELECTOR, _CONTAINER) if key in texts]
    if others and _CLASS not in annotations:
        yield Violation(
            _path(others[0]),
            f"{others[0]} is set without {_CLASS}, which turns managed DRA on",
            hint=f"set {_CLASS}, or leave the exp-dra annotations out",
            code="kserve-dra-without-device-class",
            key=True,
        )
    yield from _check_values(texts)


def _check_values(texts: dict[str, str]) -> Iterator[Violation]:
    if _CLASS in texts and not _is_subdomain(texts[_CLASS].strip()):
        yield Violation(
            _path(_CLASS),
            f"the device class is {show(texts[_CLASS])}; it must be a DNS name of at most "
            f"{_SUBDOMAIN_LIMIT} small letters, digits, '-' and '.'",
            hint="write the name of a DeviceClass",
            code="kserve-dra-device-class-invalid",
        )
    if _COUNT in texts and not _is_count(texts[_COUNT].strip()):
        yield Violation(
            _path(_COUNT),
            f"the device count is {show(texts[_COUNT])}; it must be a whole number of 1 or more",
            hint='write a number in quotes such as "4", or leave it out for 1',
            code="kserve-dra-device-count-invalid",
        )
    if _SELECTOR in texts and not texts[_SELECTOR].strip():
        yield Violation(
            _path(_SELECTOR),
            "the CEL selector is empty; it must have at least one line with a CEL expression",
            hint="write one CEL expression a line, or leave it out",
            code="kserve-dra-selector-empty",
        )
    if _CONTAINER in texts and not _is_label(texts[_CONTAINER].strip()):
        yield Violation(
            _path(_CONTAINER),
            f"the container name is {show(texts[_CONTAINER])}; it must be a DNS label of at most "
            f"{_LABEL_LIMIT} small letters, digits and '-'",
            hint="write the name of a container of the template, or leave it out",
            code="kserve-dra-container-name-invalid",
        )


def _path(key: str) -> DataPath:
    return ("metadata", "annotations", key)


def _is_subdomain(text: str) -> bool:
    return len(text) <= _SUBDOMAIN_LIMIT and _DNS_SUBDOMAIN.fullmatch(text) is not None


def _is_label(text: str) -> bool:
    return len(text) <= _LABEL_LIMIT and _DNS_LABEL.fullmatch(text) is not None


def _is_count(text: str) -> bool:
    """Judge as Go's Atoi does; blank text means the default."""
    match = _WHOLE.fullmatch(text)
    if not text or not match:
        return not text
    return not text.startswith("-") and 0 < int(match[1] or 0) < _INT64_LIMIT
