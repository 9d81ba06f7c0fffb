"""The objects in YAML files, and where everything in them stands."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING, Any

import yaml

from .bounds import find_excess
from .diagnostics import DataPath, Diagnostic, Location, Severity, Violation
from .kubectl_yaml import Construction, compose
from .source import SourceMap
from .versions import UNSTATED, Versions

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from .render import RenderedFile

LIMIT_BYTES = 64_000_000
_LONGEST_EXCERPT = 200
_MOST_VALUES = 500_000
_MOST_VALUES_IN_ALL = 4_000_000


@dataclass(frozen=True)
class Manifest:
    """One object of a file: a YAML document, or what stands at `within` in a document.

    `index` counts the documents of the file; `text` is the one that this came from, which begins
    after `line` lines; `template` says what the file was rendered from.
    """

    file: str
    index: int
    data: Any
    text: str
    line: int = 0
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

    def locate(self, path: DataPath) -> Location:
        """Find where the value at a path stands."""
        return self._move(_find_positions(self.text, self.file).locate((*self.within, *path)))

    def diagnose(self, violation: Violation) -> Diagnostic:
        """Give a violation its place in the file, and name the template it came from."""
        found = _find_positions(self.text, self.file).diagnose(
            (*self.within, *violation.path),
            violation.message,
            violation.code,
            hint=_add_origin(violation.hint, self.template),
            severity=violation.severity,
            key=violation.key,
        )
        location = self._move(found.location)
        return replace(found, location=location, acknowledged=violation.acknowledged)

    def _move(self, location: Location) -> Location:
        return replace(location, line=location.line + self.line) if location.line else location


# One at a time is enough: findings come document by document.
@lru_cache(maxsize=1)
def _find_positions(text: str, file: str) -> SourceMap:
    """Find where each key and value of one document stands."""
    positions = SourceMap(file, lines={file: tuple(text.split("\n"))})
    try:
        root = next(compose(text), None)
    except yaml.YAMLError:  # a %TAG of the whole file is not known to one document of it
        root = None
    if root is not None:
        for path, key, value in _walk(root, ()):
            if key is not None:
                positions.keys[path] = _location(key, file)
            positions.values[path] = _location(value, file)
    return positions


def _add_origin(hint: str, template: str) -> str:
    if not template:
        return hint
    origin = f"rendered from {template}"
    return f"{hint}; {origin}" if hint else origin


@dataclass(frozen=True)
class Tree:
    """All files of a deployment, by path, and the YAML documents in them.

    `elsewhere` holds paths that exist beside these files and that they refer to; `target` says
    which releases the tree meets, as far as somebody stated it; `settings` are files of other
    tools, in which only secrets are looked for.
    """

    files: Mapping[str, str]
    manifests: tuple[Manifest, ...]
    elsewhere: frozenset[str] = frozenset()
    target: Versions = UNSTATED
    settings: Mapping[str, str] = field(default_factory=dict)
    memory: dict[Any, Any] = field(default_factory=dict, compare=False, repr=False)
    """What rules worked out about the tree, so that none has to do it again."""

    @cached_property
    def by_kind(self) -> dict[tuple[str, str], tuple[Manifest, ...]]:
        """The objects by group and kind, in any version; of copies in a file only the last."""
        found: dict[tuple[str, str], dict[Any, Manifest]] = {}
        for manifest in self.manifests:
            if manifest.is_object:
                group = manifest.api_version.rpartition("/")[0]
                same = (manifest.file, manifest.text, manifest.within)
                found.setdefault((group, manifest.kind), {})[same] = manifest
        return {key: tuple(items.values()) for key, items in found.items()}

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
    excess = find_excess(text, _MOST_VALUES, _MOST_VALUES_IN_ALL)
    if excess:
        location = Location(file, excess.line, excess.column)
        return [], [_diagnose(location, excess.message, excess.code, text, template)]
    construction = Construction()
    try:
        for index, root in enumerate(compose(text)):
            if root is not None:
                data = construction.construct(root)
                if data is not None:
                    own, line = _cut(text, root), root.start_mark.line
                    manifests += unroll(Manifest(file, index, data, own, line, template))
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
        for node, sentence in construction.ambiguous
    ]


def _cut(text: str, root: Any) -> str:
    """Cut a document out of its file, from the beginning of its first line."""
    begin = text.rfind("\n", 0, root.start_mark.index) + 1
    return text[begin : root.end_mark.index]


def unroll(manifest: Manifest) -> Iterator[Manifest]:
    """Give the objects of a list, as `kubectl get --output yaml` writes one; it is none itself."""
    items = manifest.data.get("items") if isinstance(manifest.data, dict) else None
    if not manifest.is_object or not manifest.kind.endswith("List") or not isinstance(items, list):
        yield manifest
        return
    # The items of a typed list do not repeat what they are.
    kind = manifest.kind.removesuffix("List")
    known = {"apiVersion": manifest.api_version, "kind": kind} if kind else {}
    for index, item in enumerate(items):
        data = known | item if isinstance(item, dict) else item
        yield from unroll(replace(manifest, data=data, within=(*manifest.within, "items", index)))


def _explain(error: yaml.MarkedYAMLError, text: str, file: str, template: str) -> Diagnostic:
    mark = error.problem_mark or error.context_mark
    problem = (error.problem or error.context or "").strip()
    if "end of stream" in problem and error.context_mark:
        # What never ends is better shown where it begins.
        mark, problem = error.context_mark, "what begins here never ends"
    location = _locate_within(mark, text, file) if mark else Location(file)
    if problem.startswith("duplicate key"):
        return _diagnose(location, problem, "yaml-duplicate-key", text, template)
    message = f"this is not YAML: {problem}"
    found = _diagnose(location, message, "yaml-syntax-error", text, template)
    if "{{" in found.excerpt:
        return replace(found, hint="this looks like a template; render the chart first")
    return found


def explain_json_error(error: ValueError, text: str, file: str) -> Diagnostic:
    """Say where and why a text is not JSON."""
    line, column = getattr(error, "lineno", 0), getattr(error, "colno", 0)
    excerpt = text.split("\n")[line - 1] if line else ""
    message = f"this is not JSON: {getattr(error, 'msg', error)}"
    # JSON may be one line of megabytes, of which nobody shows so much.
    location, shown = Location(file, line, column), excerpt[:_LONGEST_EXCERPT]
    return Diagnostic(location, message, "json-syntax-error", excerpt=shown)


def _locate_within(mark: Any, text: str, file: str) -> Location:
    lines = text.split("\n")
    if mark.line < len(lines):
        return Location(file, mark.line + 1, mark.column + 1)
    return Location(file, len(lines), len(lines[-1]) + 1)


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
