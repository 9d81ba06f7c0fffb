"""The named formats of Kubernetes' `format` library: what a text of each must be."""

from __future__ import annotations

import re
from functools import partial
from typing import TYPE_CHECKING, Any

from llmd_render.validate.formats import wrong_format

from .networks import Opaque, parse_url, unwrap

if TYPE_CHECKING:
    from collections.abc import Callable

FORMAT = "llmd_format"
_LABEL = r"[a-z0-9]([-a-z0-9]*[a-z0-9])?"
_SUBDOMAIN = rf"{_LABEL}(\.{_LABEL})*"
_QUALIFIED = r"([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]"
_DNS_LABEL = (
    "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', "
    "and must start and end with an alphanumeric character"
)
_DNS_SUBDOMAIN = (
    "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or "
    "'.', and must start and end with an alphanumeric character"
)
_DNS_1035_LABEL = (
    "a DNS-1035 label must consist of lower case alphanumeric characters or '-', start with an "
    "alphabetic character, and end with an alphanumeric character"
)
_VALUE = (
    "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or "
    "'.', and must start and end with an alphanumeric character"
)
_NAME = (
    "name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end "
    "with an alphanumeric character"
)
# What a text must match, how long it may be, and what the server says if it is not so.
_SHAPES = {
    "dns1123Label": (_LABEL, 63, _DNS_LABEL),
    "dns1123Subdomain": (_SUBDOMAIN, 253, _DNS_SUBDOMAIN),
    "dns1035Label": (r"[a-z]([-a-z0-9]*[a-z0-9])?", 63, _DNS_1035_LABEL),
    "labelValue": (rf"({_QUALIFIED})?", 63, _VALUE),
}
_SHARED = {"uuid": "uuid", "byte": "byte", "date": "date", "datetime": "date-time"}


def check_shape(name: str, text: str) -> list[str]:
    """List what is wrong with a text that has to be of one of the four plain shapes."""
    pattern, longest, meaning = _SHAPES[name]
    problems = []
    if len(text) > longest:
        problems.append(f"must be no more than {longest} characters")
    if not re.fullmatch(pattern, text):
        problems.append(meaning)
    return problems


def _check_prefix(name: str, text: str) -> list[str]:
    # What the server will append may follow a dash.
    if len(text) > 1 and text.endswith("-"):
        text = f"{text[:-2]}a"
    return check_shape(name, text)


def _check_qualified_name(text: str) -> list[str]:
    prefix, slash, name = text.rpartition("/")
    problems = check_shape("dns1123Subdomain", prefix) if slash else []
    problems = [f"prefix part {problem}" for problem in problems]
    if len(name) > _SHAPES["labelValue"][1]:
        problems.append("name part must be no more than 63 characters")
    if not re.fullmatch(_QUALIFIED, name):
        problems.append(_NAME)
    return problems


def _check_uri(text: str) -> list[str]:
    try:
        parse_url(text)
    except ValueError as error:
        return [str(error)]
    return []


def _check_shared(name: str, text: str) -> list[str]:
    meaning = wrong_format(text, _SHARED[name])
    return [f"must be {meaning}"] if meaning else []


_CHECKS: dict[str, Callable[[str], list[str]]] = {
    **{name: partial(check_shape, name) for name in _SHAPES},
    **{
        f"{name}Prefix": partial(_check_prefix, name)
        for name in ("dns1123Label", "dns1123Subdomain", "dns1035Label")
    },
    "qualifiedName": _check_qualified_name,
    "uri": _check_uri,
    **{name: partial(_check_shared, name) for name in _SHARED},
}

FORMATS = tuple(_CHECKS)
"""The names of all formats; each is a function of no arguments in a rule."""


def make_format(name: str) -> Opaque:
    """Do what `format.dns1123Label()` and the like do in a rule."""
    return {FORMAT: name}


def named(name: str) -> list[Opaque]:
    """Do what `format.named` does, with a list in the place of an optional."""
    return [make_format(name)] if name in _CHECKS else []


def validate(value: Any, text: str) -> list[list[str]]:
    """List what is wrong with a text, in a list that is empty if nothing is."""
    problems = _CHECKS[unwrap(value, FORMAT)](text)
    return [problems] if problems else []
