"""The forms of names: DNS labels, port names, label keys and values, keys of data."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from llmd_render.diagnostics import DataPath, Violation
from llmd_render.validate.words import name_of, show

from .findings import named

if TYPE_CHECKING:
    from collections.abc import Iterator

_PART = r"[a-z0-9]([-a-z0-9]*[a-z0-9])?"
_IS_PART = re.compile(_PART)
_IS_SUBDOMAIN = re.compile(rf"{_PART}(\.{_PART})*")
_IS_QUALIFIED = re.compile(r"[A-Za-z0-9]([-A-Za-z0-9_.]*[A-Za-z0-9])?")
_IS_DATA_KEY = re.compile(r"[-._A-Za-z0-9]+")
_IS_ENV_NAME = re.compile(r"[ -<>-~]+")

_LABEL_LIMIT = 63
_SUBDOMAIN_LIMIT = 253
_PORT_NAME_LIMIT = 15

_LABEL = "at most 63 small letters, digits and '-', with a letter or digit at both ends"
_SUBDOMAIN = "small letters, digits, '-' and '.', with a letter or digit at both ends of each part"
_QUALIFIED = "at most 63 letters, digits, '-', '_' and '.', with a letter or digit at both ends"


def is_dns_label(text: str) -> bool:
    """Whether a text is a label of RFC 1123."""
    return len(text) <= _LABEL_LIMIT and _IS_PART.fullmatch(text) is not None


def is_subdomain(text: str) -> bool:
    """Whether a text is a DNS name in small letters."""
    return len(text) <= _SUBDOMAIN_LIMIT and _IS_SUBDOMAIN.fullmatch(text) is not None


def is_label_value(text: str) -> bool:
    """Whether a text may be the value of a label."""
    return not text or (len(text) <= _LABEL_LIMIT and _IS_QUALIFIED.fullmatch(text) is not None)


def is_qualified_name(text: str) -> bool:
    """Whether a text may be the key of a label: a name, with a domain before it or without."""
    prefix, slash, name = text.rpartition("/")
    return bool(name) and is_label_value(name) and (not slash or is_subdomain(prefix))


def is_port_name(text: str) -> bool:
    """Whether a text may name a port that something else refers to."""
    has_letter = any(character.isalpha() for character in text)
    return len(text) <= _PORT_NAME_LIMIT and has_letter and "--" not in text and is_dns_label(text)


def is_data_key(text: str) -> bool:
    """Whether a text may be a key of a ConfigMap or a Secret."""
    fits = len(text) <= _SUBDOMAIN_LIMIT and _IS_DATA_KEY.fullmatch(text) is not None
    return fits and text != "." and not text.startswith("..")


def is_env_name(text: str) -> bool:
    """Whether a text may name an environment variable, by the laxer rule of Kubernetes 1.30."""
    return _IS_ENV_NAME.fullmatch(text) is not None


def check_dns_label(name: str, path: DataPath) -> Iterator[Violation]:
    """Report a name that is no DNS label."""
    if not is_dns_label(name):
        yield _wrong_name(name, _LABEL, path)


def check_subdomain(name: str, path: DataPath) -> Iterator[Violation]:
    """Report a name that is no DNS subdomain."""
    if not is_subdomain(name):
        yield _wrong_name(name, _SUBDOMAIN, path)


def check_qualified_name(name: str, path: DataPath) -> Iterator[Violation]:
    """Report a name that could not be the key of a label."""
    if not is_qualified_name(name):
        yield _wrong_name(name, f"{_QUALIFIED}, after a domain and '/' or alone", path)


def check_labels(value: object, path: DataPath) -> Iterator[Violation]:
    """Report keys and values of labels that have not their form."""
    code = "native-label-format-invalid"
    for key, item in named(value):
        place = (*path, key)
        if not is_qualified_name(key):
            message = f"{show(key)} is a label key; its name must be {_QUALIFIED}"
            hint = "in front of the name may stand a domain in small letters and '/'"
            yield Violation(place, message, hint, code, key=True)
        if isinstance(item, str) and not is_label_value(item):
            message = f"{key} is {show(item)}; a label's value must be {_QUALIFIED}, or empty"
            yield Violation(place, message, code=code)


def _wrong_name(name: str, wanted: str, path: DataPath) -> Violation:
    message = f"{name_of(path, 'the name')} is {show(name)}; it must be {wanted}"
    return Violation(path, message, code="native-name-format-invalid")
