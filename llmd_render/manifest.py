"""A YAML file read back as kubectl reads it: objects, and where everything in them stands."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

import yaml

from .ambiguity import find_ambiguous
from .bounds import find_excess
from .diagnostics import DataPath, Diagnostic, Location, Severity, Violation
from .source import SourceMap

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from .render import RenderedFile

LIMIT_BYTES = 64_000_000
_MOST_VALUES = 5_000_000
_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_DROPPED_TAGS = {
    "tag:yaml.org,2002:timestamp",  # the API server knows no dates, only text
    "tag:yaml.org,2002:value",
    "tag:yaml.org,2002:int",
    "tag:yaml.org,2002:float",
}
# kubectl's parser reads numbers without base-60 but with bare exponents, other than PyYAML.
_INT = re.compile(r"[-+]?(0b[01_]+|0o?[0-7_]+|0x[0-9a-fA-F_]+|0|[1-9][0-9_]*)")
_FLOAT = re.compile(
    r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?|[-+]?\.(inf|Inf|INF)|\.(nan|NaN|NAN)"
)


class _KubernetesLoader(_Loader):  # type: ignore[misc]  # the C loader has no type stubs
    """Reads YAML as kubectl does, and refuses duplicate keys as strict decoding does."""

    def construct_mapping(self, node: Any, deep: bool = False) -> dict[Any, Any]:  # noqa: FBT001, FBT002 - PyYAML's signature
        seen: set[Any] = set()
        for key, _ in node.value:
            if key.tag == "tag:yaml.org,2002:merge":
                continue
            name = self.construct_object(key, deep=True)
            if not isinstance(name, str | int | float | bool) and name is not None:
                raise yaml.constructor.ConstructorError(
                    None, None, "a key that is not text", key.start_mark
                )
            if name in seen:
                raise yaml.constructor.ConstructorError(
                    None, None, f"duplicate key {name!r}", key.start_mark
                )
            seen.add(name)
        mapping: dict[Any, Any] = super().construct_mapping(node, deep)
        return mapping


_KubernetesLoader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if tag not in _DROPPED_TAGS]
    for first, resolvers in _Loader.yaml_implicit_resolvers.items()
}
_KubernetesLoader.add_implicit_resolver(
    "tag:yaml.org,2002:bool", re.compile("^[yYnN]$"), list("yYnN")
)
_KubernetesLoader.add_implicit_resolver(
    "tag:yaml.org,2002:int", re.compile(f"^(?:{_INT.pattern})$"), list("-+0123456789")
)
_KubernetesLoader.add_implicit_resolver(
    "tag:yaml.org,2002:float", re.compile(f"^(?:{_FLOAT.pattern})$"), list("-+0123456789.")
)


def _construct_int(_loader: Any, node: Any) -> int:
    text = node.value.replace("_", "").lower()
    sign = -1 if text.startswith("-") else 1
    digits = text.lstrip("+-")
    if digits.startswith("0") and digits[1:].isdigit():
        return sign * int(digits, 8)
    return sign * int(digits, 0)


def _construct_bool(_loader: Any, node: Any) -> bool:
    return node.value.lower() in {"y", "yes", "true", "on"}


_KubernetesLoader.add_constructor("tag:yaml.org,2002:int", _construct_int)
_KubernetesLoader.add_constructor("tag:yaml.org,2002:bool", _construct_bool)


@dataclass(frozen=True)
class Manifest:
    """One object of a file: a YAML document, or what stands at `within` in a document.

    `index` counts the documents of the file; `template` says what it was rendered from.
    """

    file: str
    index: int
    data: Any
    text: str
    template: str = ""
    within: DataPath = ()

    @property
    def api_version(self) -> str:
        """Group and version, or nothing."""
        return self._text("apiVersion")

    @property
    def kind(self) -> str:
        """The kind, or nothing."""
        return self._text("kind")

    @property
    def is_object(self) -> bool:
        """Whether this is a Kubernetes object and not some other YAML."""
        return bool(self.api_version and self.kind)

    def _text(self, key: str) -> str:
        value = self.data.get(key) if isinstance(self.data, dict) else None
        return value if isinstance(value, str) else ""

    @cached_property
    def positions(self) -> SourceMap:
        """Where each key and value stands; made only when somebody has something to say."""
        positions = SourceMap(self.file, lines={self.file: tuple(self.text.split("\n"))})
        for index, node in enumerate(yaml.compose_all(self.text, Loader=_KubernetesLoader)):
            if index == self.index and node is not None:
                for path, key, value in _walk(node, ()):
                    if key is not None:
                        positions.keys[path] = _location(key, self.file)
                    positions.values[path] = _location(value, self.file)
        return positions

    def diagnose(self, violation: Violation) -> Diagnostic:
        """Give a violation its place in the file, and name the template it came from."""
        hint = violation.hint
        if self.template:
            origin = f"rendered from {self.template}"
            hint = f"{hint}; {origin}" if hint else origin
        found = self.positions.diagnose(
            (*self.within, *violation.path),
            violation.message,
            violation.code,
            hint=hint,
            severity=violation.severity,
            key=violation.key,
        )
        return replace(found, acknowledged=violation.acknowledged)


@dataclass(frozen=True, slots=True)
class Tree:
    """All files of a deployment, by path, and the YAML documents in them.

    `elsewhere` holds paths that exist beside these files and that they refer to.
    """

    files: Mapping[str, str]
    manifests: tuple[Manifest, ...]
    elsewhere: frozenset[str] = frozenset()

    def documents_of(self, file: str) -> Iterator[Manifest]:
        """List the documents of one file."""
        return (item for item in self.manifests if item.file == file)


def read_tree(files: Iterable[RenderedFile]) -> tuple[Tree, list[Diagnostic]]:
    """Read all files of a tree back; what cannot be read is a diagnostic, the rest is kept."""
    texts: dict[str, str] = {}
    manifests: list[Manifest] = []
    problems: list[Diagnostic] = []
    for item in files:
        texts[item.path] = item.text
        if item.path.endswith((".yaml", ".yml")):
            found, wrong = read_manifests(item.text, item.path, item.template)
            manifests += found
            problems += wrong
    return Tree(texts, tuple(manifests)), problems


def read_manifests(
    text: str, file: str, template: str = ""
) -> tuple[list[Manifest], list[Diagnostic]]:
    """Read the YAML documents of one file; empty documents are dropped, as kubectl does."""
    manifests: list[Manifest] = []
    excess = find_excess(text, _MOST_VALUES)
    if excess:
        location = Location(file, excess.line, excess.column)
        return [], [_diagnose(location, excess.message, excess.code, text, template)]
    try:
        for index, data in enumerate(yaml.load_all(text, Loader=_KubernetesLoader)):
            if data is not None:
                manifests += _unroll(Manifest(file, index, data, text, template))
    except yaml.MarkedYAMLError as error:
        return manifests, [_explain(error, text, file, template)]
    except (yaml.YAMLError, ValueError) as error:
        message = f"this is not YAML: {str(error).splitlines()[0]}"
        return manifests, [Diagnostic(Location(file), message, "yaml-syntax-error")]
    return manifests, [
        replace(
            _diagnose(_location(node, file), sentence, "yaml-value-ambiguous", text, template),
            severity=Severity.WARNING,
            hint="put text in quotes; write true, false and decimal numbers as they are",
        )
        for node, sentence in find_ambiguous(text, _KubernetesLoader)
    ]


def _unroll(manifest: Manifest) -> Iterator[Manifest]:
    """Give the objects of a list, as `kubectl get --output yaml` writes one; it is none itself."""
    items = manifest.data.get("items") if isinstance(manifest.data, dict) else None
    if not manifest.is_object or not manifest.kind.endswith("List") or not isinstance(items, list):
        yield manifest
        return
    for index, item in enumerate(items):
        yield from _unroll(replace(manifest, data=item, within=(*manifest.within, "items", index)))


def _explain(error: yaml.MarkedYAMLError, text: str, file: str, template: str) -> Diagnostic:
    mark = error.problem_mark or error.context_mark
    location = Location(file, mark.line + 1, mark.column + 1) if mark else Location(file)
    problem = (error.problem or error.context or "").strip()
    if problem.startswith("duplicate key"):
        return _diagnose(location, problem, "yaml-duplicate-key", text, template)
    message = f"this is not YAML: {problem}"
    found = _diagnose(location, message, "yaml-syntax-error", text, template)
    if "{{" in found.excerpt:
        return replace(found, hint="this looks like a template; render the chart first")
    return found


def _diagnose(location: Location, message: str, code: str, text: str, template: str) -> Diagnostic:
    lines = text.split("\n")
    excerpt = lines[location.line - 1] if 0 < location.line <= len(lines) else ""
    hint = f"rendered from {template}" if template else ""
    return Diagnostic(location, message, code, hint=hint, excerpt=excerpt)


def _location(node: Any, file: str) -> Location:
    return Location(file, node.start_mark.line + 1, node.start_mark.column + 1)


def _walk(node: Any, path: DataPath) -> Iterator[tuple[DataPath, Any, Any]]:
    if not path:
        yield path, None, node
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            step = (*path, str(key.value))
            yield step, key, value
            yield from _walk(value, step)
    elif isinstance(node, yaml.SequenceNode):
        for index, item in enumerate(node.value):
            step = (*path, index)
            yield step, None, item
            yield from _walk(item, step)
