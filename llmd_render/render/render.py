"""A stack and templates to files in memory: one template is one output file, its path the path."""

from __future__ import annotations

import traceback
from dataclasses import dataclass
from typing import TYPE_CHECKING

from jinja2 import Environment, FunctionLoader, StrictUndefined, TemplateNotFound
from jinja2.exceptions import TemplateSyntaxError, UndefinedError

from llmd_render.diagnostics import Diagnostic, InputError, Location
from llmd_render.resources import walk_files

from .allowed import find_forbidden
from .quoting import FILTERS

if TYPE_CHECKING:
    from collections.abc import Sequence
    from importlib.resources.abc import Traversable

    from llmd_render.stack import Stack

SUFFIX = ".j2"


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


def render(stack: Stack, folders: Sequence[TemplateFolder]) -> tuple[RenderedFile, ...]:
    """Render every template; a file in an earlier folder replaces that of a later one.

    A template that renders to white space makes no file; `_name` is a partial and never makes
    one. Raises InputError when a template is malformed, computes, or names what does not exist.
    """
    sources = _collect(folders)
    environment = _make_environment(sources)
    problems = [problem for name in sources for problem in _check(environment, sources, name)]
    if problems:
        raise InputError(*problems)
    rendered: list[RenderedFile] = []
    for name in sorted(sources):
        if name.rpartition("/")[2].startswith("_"):
            continue
        text = _render_one(environment, sources, name, stack)
        if text.strip():
            shown = sources[name][0]
            rendered.append(RenderedFile(name.removesuffix(SUFFIX), text, shown))
    return tuple(rendered)


def _collect(folders: Sequence[TemplateFolder]) -> dict[str, tuple[str, str]]:
    """Read all templates: path to what it is called and its text."""
    sources: dict[str, tuple[str, str]] = {}
    for folder in reversed(folders):
        for path, entry in walk_files(folder.root).items():
            if not path.endswith(SUFFIX):
                continue
            shown = f"{folder.name}/{path}"
            try:
                sources[path] = shown, entry.read_text(encoding="utf-8")
            except (OSError, UnicodeDecodeError) as error:
                raise InputError(
                    Diagnostic(Location(shown), f"cannot read it: {error}", "template-not-readable")
                ) from error
    return sources


def _make_environment(sources: dict[str, tuple[str, str]]) -> Environment:
    def load(name: str) -> tuple[str, str, None] | None:
        if name not in sources:
            return None
        shown, text = sources[name]
        return text, shown, None

    environment = Environment(
        loader=FunctionLoader(load),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        autoescape=False,  # noqa: S701 - the output is YAML and shell, each with its own filter
    )
    environment.filters = dict(FILTERS)
    return environment


def _check(
    environment: Environment, sources: dict[str, tuple[str, str]], name: str
) -> list[Diagnostic]:
    shown, text = sources[name]
    lines = text.split("\n")
    try:
        tree = environment.parse(text, name)
    except TemplateSyntaxError as error:
        return [_diagnose(shown, lines, error.lineno, error.message or "", "template-syntax-error")]
    return [
        _diagnose(shown, lines, line, f"the template has {what}", "template-not-allowed", hint)
        for line, what, hint in find_forbidden(tree)
    ]


def _diagnose(  # noqa: PLR0913 - the parts of a diagnostic
    shown: str, lines: list[str], line: int, message: str, code: str, hint: str = ""
) -> Diagnostic:
    excerpt = lines[line - 1] if 0 < line <= len(lines) else ""
    column = len(excerpt) - len(excerpt.lstrip()) + 1
    return Diagnostic(Location(shown, line, column), message, code, hint=hint, excerpt=excerpt)


def _render_one(
    environment: Environment, sources: dict[str, tuple[str, str]], name: str, stack: Stack
) -> str:
    shown, text = sources[name]
    try:
        return environment.get_template(name).render(stack=stack)
    except UndefinedError as error:
        place, line = _find_frame(error, shown)
        lines = next((src.split("\n") for where, src in sources.values() if where == place), [])
        message = f"{error.message}"
        raise InputError(
            _diagnose(place, lines or text.split("\n"), line, message, "template-name-undefined")
        ) from error
    except TemplateNotFound as error:
        message = f"it includes `{error.name}`, which no template folder has"
        raise InputError(
            Diagnostic(Location(shown), message, "template-include-unknown")
        ) from error
    except RecursionError as error:
        raise InputError(
            Diagnostic(Location(shown), "templates include each other", "template-include-cycle")
        ) from error
    except TypeError as error:
        place, line = _find_frame(error, shown)
        raise InputError(
            _diagnose(place, text.split("\n"), line, str(error), "template-value-unprintable")
        ) from error


def _find_frame(error: Exception, shown: str) -> tuple[str, int]:
    """Find the template line that an error arose on: Jinja maps its frames to the source."""
    for frame in reversed(traceback.extract_tb(error.__traceback__)):
        if frame.name == "top-level template code" and frame.lineno:
            return frame.filename, frame.lineno
    return shown, 0
