"""YAML text to plain data plus the position of every key and value.

Data stays plain (dict, list, str, int …) and positions lie beside it, so that no other library
ever meets a strange type. Profiles are read as YAML 1.2: `on` and `010` are what they look like.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from .bounds import Excess, find_excess
from .diagnostics import DataPath, Diagnostic, InputError, Location, Severity

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    Node = Any  # ruamel's nodes are untyped

PROFILE_LIMIT_BYTES = 1_000_000
_MOST_VALUES = 100_000
# JSON writes some characters in two halves; in YAML a half is no character.
_HALF = re.compile("[\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class SourceMap:
    """Where each key and each value of the data stands; knows the lines for excerpts."""

    file: str
    keys: dict[DataPath, Location] = field(default_factory=dict)
    values: dict[DataPath, Location] = field(default_factory=dict)
    lines: dict[str, tuple[str, ...]] = field(default_factory=dict)

    def locate(self, path: DataPath, *, key: bool = False) -> Location:
        """Find the position of a path, or of the nearest ancestor that the file really has."""
        for length in range(len(path), -1, -1):
            prefix = path[:length]
            places = (self.keys, self.values) if key else (self.values, self.keys)
            for place in places:
                if prefix in place:
                    return place[prefix]
        return Location(self.file)

    def excerpt(self, location: Location) -> str:
        """Give the line of text that a location points at, or nothing."""
        lines = self.lines.get(location.file, ())
        return lines[location.line - 1] if 0 < location.line <= len(lines) else ""

    def diagnose(
        self,
        path: DataPath,
        message: str,
        code: str,
        *,
        hint: str = "",
        severity: Severity = Severity.ERROR,
        key: bool = False,
    ) -> Diagnostic:
        """Make a diagnostic that points at a path of this source."""
        location = self.locate(path, key=key)
        return Diagnostic(
            location, message, code, severity, hint, path, excerpt=self.excerpt(location)
        )

    def overlay(self, upper: SourceMap, replaced: list[DataPath]) -> SourceMap:
        """Lay the positions of a map merged on top over these, dropping what it replaced."""

        def kept(places: dict[DataPath, Location]) -> dict[DataPath, Location]:
            return {
                path: place
                for path, place in places.items()
                if not any(path[: len(gone)] == gone for gone in replaced)
            }

        return SourceMap(
            upper.file,
            {**kept(self.keys), **upper.keys},
            {**kept(self.values), **upper.values},
            {**self.lines, **upper.lines},
        )


@dataclass(frozen=True, slots=True)
class Document:
    """One YAML document: its data and where everything in it stands."""

    data: Any
    positions: SourceMap


def read_text(path: Path, limit: int, file: str = "") -> str:
    """Read a UTF-8 text file of at most `limit` bytes.

    Raises InputError when the file is missing, a folder, unreadable, too large or not text.
    """
    shown = file or str(path)

    def refuse(message: str, code: str, hint: str = "") -> InputError:
        return InputError(Diagnostic(Location(shown), message, code, hint=hint))

    try:
        with path.open("rb") as stream:
            raw = stream.read(limit + 1)
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or error
        raise refuse(f"cannot read the file: {reason}", "file-not-readable") from error
    if len(raw) > limit:
        raise refuse(
            f"the file is larger than {limit:,} bytes",
            "file-too-large",
            "check that this is the file you meant",
        )
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw[: error.start].count(b"\n") + 1
        raise refuse(
            f"the file is not UTF-8 text (byte {error.start}, line {line})",
            "file-not-text",
            "save it as UTF-8, or check that this is the file you meant",
        ) from error


def parse(text: str, file: str) -> Document:
    """Parse one YAML 1.2 document.

    Raises InputError on any text that is not exactly one well-formed, reasonably sized document.
    """
    # ruamel costs 30 ms to import and only files that need positions go through it.
    from ruamel.yaml import YAML  # noqa: PLC0415
    from ruamel.yaml.error import MarkedYAMLError, YAMLError  # noqa: PLC0415

    lines = tuple(text.split("\n"))
    positions = SourceMap(file, lines={file: lines})
    excess = find_excess(text, _MOST_VALUES)
    if excess:
        raise InputError(_too_much(excess, positions))
    try:
        yaml = _make_loader(YAML)
        node = yaml.compose(text)
        if node is None:
            return Document(None, positions)
        data = yaml.constructor.construct_document(node)
    except MarkedYAMLError as error:
        raise InputError(_explain_syntax(error, positions)) from error
    except RecursionError as error:
        # What the two parsers read differently may be deep to one of them only.
        deep = Excess(1, 1, "the data is nested too deep to be read", "yaml-nested-too-deep")
        raise InputError(_too_much(deep, positions)) from error
    except (YAMLError, ValueError, AttributeError, TypeError, LookupError) as error:
        # ruamel lets plain Python errors out on some malformed scalars and directives.
        line, column = _place_of_reader_error(error, text)
        location = Location(file, line, column)
        message = f"this is not YAML: {_first_line(error)}"
        raise InputError(
            Diagnostic(location, message, "yaml-syntax-error", excerpt=positions.excerpt(location))
        ) from error
    for path, key, value in _walk(node, ()):
        if key is not None:
            positions.keys[path] = _location(key, file)
        # An empty value stands nowhere: its mark is wherever the next token begins.
        shown = key if key is not None and _is_empty(value) else value
        positions.values[path] = _location(shown, file)
        for part in (key, value):
            if part is not None and part.id == "scalar" and _HALF.search(part.value):
                raise InputError(_refuse_half(part, positions))
    return Document(data, positions)


def _make_loader(yaml_class: Any) -> Any:
    from ruamel.yaml.constructor import SafeConstructor  # noqa: PLC0415

    # A subclass per use: ruamel keeps constructors in class attributes, shared by the process.
    class Constructor(SafeConstructor):
        pass

    Constructor.add_constructor(
        "tag:yaml.org,2002:timestamp", Constructor.construct_yaml_str
    )  # JSON has no dates
    for name in ("binary", "set", "omap", "pairs"):  # nor these
        Constructor.add_constructor(f"tag:yaml.org,2002:{name}", Constructor.construct_undefined)
    yaml = yaml_class(typ="safe", pure=True)
    yaml.Constructor = Constructor
    return yaml


def _location(node: Node, file: str) -> Location:
    mark = node.start_mark
    return Location(file, mark.line + 1, mark.column + 1)


def _is_empty(node: Node) -> bool:
    return bool(node.id == "scalar" and node.value == "" and node.style is None)


def _walk(node: Node, path: DataPath) -> Iterator[tuple[DataPath, Node | None, Node]]:
    if not path:
        yield path, None, node
    if node.id == "mapping":
        for key, value in node.value:
            step = (*path, key.value if isinstance(key.value, str) else str(key.value))
            yield step, key, value
            yield from _walk(value, step)
    elif node.id == "sequence":
        for index, item in enumerate(node.value):
            step = (*path, index)
            yield step, None, item
            yield from _walk(item, step)


def _too_much(excess: Excess, positions: SourceMap) -> Diagnostic:
    location = Location(positions.file, excess.line, excess.column)
    hints = {"yaml-alias-bomb": "write the values out", "yaml-nested-too-deep": "flatten the data"}
    hint = hints.get(excess.code, "check that this is the file you meant")
    excerpt = positions.excerpt(location)
    return Diagnostic(location, excess.message, excess.code, hint=hint, excerpt=excerpt)


def _refuse_half(node: Node, positions: SourceMap) -> Diagnostic:
    location = _location(node, positions.file)
    message = "this is not YAML: an escape such as \\ud83d is only half of a character"
    hint = "write the character itself, or \\U and eight digits"
    excerpt = positions.excerpt(location)
    return Diagnostic(location, message, "yaml-syntax-error", hint=hint, excerpt=excerpt)


def _explain_syntax(error: Any, positions: SourceMap) -> Diagnostic:
    mark = error.problem_mark or error.context_mark
    problem = str(error.problem or error.context or error).strip()
    if "end of stream" in problem and error.context_mark:
        # What never ends is better shown where it begins.
        mark, problem = error.context_mark, "what begins here never ends"
    location = Location(positions.file, mark.line + 1, mark.column + 1) if mark else None
    location = location or Location(positions.file)
    excerpt = positions.excerpt(location)
    code, hint = "yaml-syntax-error", ""
    if "duplicate key" in problem:
        code = "yaml-duplicate-key"
        problem = problem.split(" with value")[0].replace("found ", "")
        hint = "keep one of the two"
    elif "'\\t'" in problem or excerpt[: max(location.column, 1)].strip(" ").startswith("\t"):
        problem, hint = "a tab indents this line", "indent with spaces"
        code = "yaml-tab-indentation"
    elif "expected a single document" in f"{error.context} {error.problem}":
        problem = "a second document begins here; a profile is one document"
        hint = "remove the line `---` and what follows, or make it a file of its own"
    else:
        problem = f"this is not YAML: {problem}"
    return Diagnostic(location, problem, code, hint=hint, excerpt=excerpt)


def _first_line(error: Exception) -> str:
    return (str(error).strip() or type(error).__name__).splitlines()[0]


def _place_of_reader_error(error: Exception, text: str) -> tuple[int, int]:
    position = getattr(error, "position", None)
    if not isinstance(position, int):
        return 1, 1
    before = text[:position]
    return before.count("\n") + 1, position - (before.rfind("\n") + 1) + 1
