"""A stack and templates to files in memory: one template is one output file, its path the path."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from jinja2 import Environment
from jinja2.exceptions import TemplateSyntaxError

from llmd_render.diagnostics import Diagnostic, InputError, Location
from llmd_render.resources import walk_files

from .allowed import find_forbidden
from .evaluate import Evaluator, TemplateError
from .quoting import FILTERS

if TYPE_CHECKING:
    from collections.abc import Sequence
    from importlib.resources.abc import Traversable

    from jinja2 import nodes

    from llmd_render.stack import Stack

SUFFIX = ".j2"
_LIMIT_BYTES = 1_000_000


@dataclass(frozen=True, slots=True)
class RenderedFile:
    """One file of the tree: its path in the tree, its text, and the template it came from."""

    path: str
    text: str
    template: str

    @property
    def executable(self) -> bool:
        """Whether the file is a program: scripts are, by their suffix."""
        return self.path.endswith(".sh") and not self.path.startswith("lib/")


@dataclass(frozen=True, slots=True)
class TemplateFolder:
    """A folder of templates and what diagnostics call it."""

    name: str
    root: Traversable


@dataclass(frozen=True, slots=True)
class _Source:
    """A template as text: what diagnostics call it, and what stands in it."""

    shown: str
    text: str

    def diagnose(self, line: int, message: str, code: str, hint: str = "") -> Diagnostic:
        lines = self.text.split("\n")
        excerpt = lines[line - 1] if 0 < line <= len(lines) else ""
        column = len(excerpt) - len(excerpt.lstrip()) + 1
        location = Location(self.shown, line, column)
        return Diagnostic(location, message, code, hint=hint, excerpt=excerpt)


def render(stack: Stack, folders: Sequence[TemplateFolder]) -> tuple[RenderedFile, ...]:
    """Render every template; a file in an earlier folder replaces that of a later one.

    A template that renders to white space makes no file; `_name` is a partial and never makes
    one. Raises InputError when a template is malformed, computes, or names what does not exist.
    """
    sources = _collect(folders)
    evaluator = Evaluator(_parse_allowed(sources))
    rendered: list[RenderedFile] = []
    for name in sorted(sources):
        if name.rpartition("/")[2].startswith("_"):
            continue
        try:
            text = evaluator.render(name, {"stack": stack})
        except TemplateError as error:
            found = sources[error.template].diagnose(error.line, error.message, error.code)
            raise InputError(found) from error
        if text.strip():
            rendered.append(RenderedFile(name.removesuffix(SUFFIX), text, sources[name].shown))
    return tuple(rendered)


def _collect(folders: Sequence[TemplateFolder]) -> dict[str, _Source]:
    """Read all templates by path."""
    sources: dict[str, _Source] = {}
    for folder in reversed(folders):
        for path, entry in walk_files(folder.root).items():
            if not path.endswith(SUFFIX):
                continue
            shown = f"{folder.name}/{path}"
            sources[path] = _Source(shown, _read(entry, shown))
    return sources


def _read(entry: Traversable, shown: str) -> str:
    def refuse(message: str, code: str = "template-not-readable") -> InputError:
        return InputError(Diagnostic(Location(shown), message, code))

    if not entry.is_file():
        raise refuse("cannot read it: it is no regular file")
    try:
        with entry.open("rb") as stream:
            raw = stream.read(_LIMIT_BYTES + 1)
        if len(raw) > _LIMIT_BYTES:
            message = f"the template is larger than {_LIMIT_BYTES:,} bytes"
            raise refuse(message, "template-too-large")
        return raw.decode("utf-8")
    except OSError as error:
        raise refuse(f"cannot read it: {error.strerror or error}") from error
    except UnicodeDecodeError as error:
        raise refuse(f"it is not UTF-8 text (byte {error.start})") from error


def make_environment() -> Environment:
    """Make the Jinja environment that templates are parsed in."""
    environment = Environment(
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        autoescape=False,  # noqa: S701 - the output is YAML and shell, each with its own filter
    )
    environment.filters = dict(FILTERS)
    return environment


def _parse_allowed(sources: dict[str, _Source]) -> dict[str, nodes.Template]:
    """Parse all templates; raises InputError with everything in them that is not allowed."""
    environment = make_environment()
    trees: dict[str, nodes.Template] = {}
    problems: list[Diagnostic] = []
    for name, source in sources.items():
        try:
            trees[name] = environment.parse(source.text, name)
        except RecursionError:
            message = "the template is nested too deep"
            problems.append(source.diagnose(1, message, "template-too-large"))
            continue
        except TemplateSyntaxError as error:
            message = error.message or "malformed"
            problems.append(source.diagnose(error.lineno, message, "template-syntax-error"))
            continue
        problems += [
            source.diagnose(line, f"the template has {what}", "template-not-allowed", hint)
            for line, what, hint in find_forbidden(trees[name], name)
        ]
    if problems:
        raise InputError(*problems)
    return trees
