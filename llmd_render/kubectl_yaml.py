"""YAML as kubectl reads it: YAML 1.1 with the numbers of 1.2, and no key twice."""

from __future__ import annotations

import math
import re
from typing import TYPE_CHECKING, Any

import yaml

from .ambiguity import judge_scalar

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

Node = Any
"""A node of PyYAML, which has no types."""

_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_TAG = "tag:yaml.org,2002:"
_STRING = f"{_TAG}str"
_MERGE = f"{_TAG}merge"
# The API server knows no dates, only text; and these numbers are read otherwise, see below.
_DROPPED = {f"{_TAG}{name}" for name in ("timestamp", "value", "int", "float")}
# kubectl's parser reads numbers without base-60 but with bare exponents, other than PyYAML.
_INT = r"[-+]?(?:0b[01_]+|0o?[0-7_]+|0x[0-9a-fA-F_]+|0|[1-9][0-9_]*)$"
_FLOAT = (
    r"(?:[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?"
    r"|[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN))$"
)
# As many as 64 binary digits have, with what stands in front of them.
_MOST_DIGITS = 66
_TRUE = {"y", "yes", "true", "on"}
_TEXT_TAGS = {f"{_TAG}{name}" for name in ("str", "timestamp", "value")}


class _KubernetesLoader(_Loader):  # type: ignore[misc]  # the C loader has no type stubs
    """Composes nodes; of the loader's own construction nothing is used."""

    def resolve(self, kind: Any, value: Any, implicit: Any) -> str:
        """Find the tag of a node that has none of its own."""
        if kind is not yaml.ScalarNode:
            return f"{_TAG}seq" if kind is yaml.SequenceNode else f"{_TAG}map"
        if implicit[0]:
            for tag, matches in _RESOLVERS.get(value[:1], ()):
                if matches(value):
                    return tag
        return _STRING

    def descend_resolver(self, *_: Any) -> None:
        """Do nothing: no tag depends on a path."""

    ascend_resolver = check_resolver_prefix = descend_resolver


def _make_resolvers() -> dict[str, list[tuple[str, Callable[[str], Any]]]]:
    found: dict[str, list[tuple[str, Callable[[str], Any]]]] = {}
    for first, rows in yaml.SafeLoader.yaml_implicit_resolvers.items():
        found[first] = [(tag, row.match) for tag, row in rows if tag not in _DROPPED]
    for name, pattern, firsts in (
        ("bool", r"[yYnN]$", "yYnN"),
        ("int", _INT, "-+0123456789"),
        ("float", _FLOAT, "-+0123456789."),
    ):
        for first in firsts:
            found.setdefault(first, []).append((f"{_TAG}{name}", re.compile(pattern).match))
    return found


_RESOLVERS = _make_resolvers()


def compose(text: str) -> Iterator[Node]:
    """Give the root node of each document; an empty one is None. Raises yaml.YAMLError."""
    return iter(yaml.compose_all(text, Loader=_KubernetesLoader))


def read_document(text: str) -> Any:
    """Read the one document of a text that ships with the program, twice as fast as PyYAML."""
    return Construction().construct(next(compose(text)))


class Construction:
    """Makes data of nodes, and remembers what readers of YAML would disagree about."""

    def __init__(self) -> None:
        self._made: dict[int, Any] = {}
        self._judged: set[int] = set()
        self.ambiguous: list[tuple[Node, str]] = []

    def construct(self, root: Node) -> Any:
        """Make the data of a document. Raises yaml.MarkedYAMLError at the node that is wrong."""
        self._made.clear()
        return self._construct(root)

    def _construct(self, node: Node) -> Any:
        kind = type(node)
        if kind is yaml.ScalarNode:
            if node.tag == _STRING:
                return node.value
            if not node.style:
                self._judge(node)
            return construct_scalar(node)
        # An alias is the same node again, and becomes the same data.
        known = self._made.get(id(node))
        if known is not None:
            return known
        if kind is yaml.SequenceNode:
            _expect(node, f"{_TAG}seq")
            made: Any = [self._construct(item) for item in node.value]
        else:
            _expect(node, f"{_TAG}map")
            made = self._construct_mapping(node)
        self._made[id(node)] = made
        return made

    def _construct_mapping(self, node: Node) -> dict[str, Any]:
        mapping: dict[str, Any] = {}
        merged: list[dict[str, Any]] = []
        for key, value in node.value:
            if key.tag == _MERGE:
                merged += self._merged(value)
                continue
            name = self._construct_key(key)
            if name in mapping:
                raise _refuse(key, f"duplicate key {name!r}")
            mapping[name] = self._construct(value)
        for part in merged:
            for name, item in part.items():
                mapping.setdefault(name, item)
        return mapping

    def _construct_key(self, node: Node) -> str:
        if type(node) is not yaml.ScalarNode or node.tag == f"{_TAG}null":
            raise _refuse(node, "a key that is not text")
        if node.tag == _STRING:
            return str(node.value)
        value = self._construct(node)
        return str(value).lower() if isinstance(value, bool) else str(value)

    def _merged(self, node: Node) -> list[dict[str, Any]]:
        parts = node.value if type(node) is yaml.SequenceNode else [node]
        for part in parts:
            if type(part) is not yaml.MappingNode:
                raise _refuse(part, "what is merged by << must be a mapping")
        return [self._construct(part) for part in parts]

    def _judge(self, node: Node) -> None:
        sentence = judge_scalar(node)
        if sentence and id(node) not in self._judged:
            self._judged.add(id(node))
            self.ambiguous.append((node, sentence))


def _expect(node: Node, tag: str) -> None:
    if node.tag != tag:
        raise _refuse(node, f"the tag {node.tag.replace(_TAG, '!!')} is not one that JSON knows")


def _refuse(node: Node, message: str) -> yaml.MarkedYAMLError:
    return yaml.MarkedYAMLError(None, None, message, node.start_mark)


def construct_scalar(node: Node) -> Any:
    """Make the value of a scalar. Raises yaml.MarkedYAMLError where its tag does not allow it."""
    tag, text = node.tag, node.value
    if tag == f"{_TAG}null":
        return None
    try:
        if tag == f"{_TAG}bool":
            return text.lower() in _TRUE
        if tag == f"{_TAG}int":
            return _read_int(text)
        if tag == f"{_TAG}float":
            return _read_float(text)
    except ValueError as error:
        raise _refuse(node, f"{text[:40]!r} is not what its tag says") from error
    if tag not in _TEXT_TAGS:
        _expect(node, _STRING)
    return text


def _read_int(text: str) -> int | float | str:
    plain = text.replace("_", "").lower()
    digits = plain.lstrip("+-")
    # What has more than 64 bits is no integer in Go: a float if it is decimal, otherwise text.
    if len(digits) > _MOST_DIGITS:
        return _read_large(text, plain)
    base = 8 if digits.startswith("0") and digits[1:].isdigit() else 0
    number = int(digits, base) * (-1 if plain.startswith("-") else 1)
    return number if -(2**63) <= number < 2**64 else _read_large(text, plain)


def _read_large(text: str, plain: str) -> float | str:
    number = float(plain) if plain.lstrip("+-").isdigit() else math.inf
    return number if math.isfinite(number) else text


def _read_float(text: str) -> float:
    word = text.lower().lstrip("+-")
    if word == ".inf":
        return -math.inf if text.startswith("-") else math.inf
    if word == ".nan":
        return math.nan
    return float(text)
