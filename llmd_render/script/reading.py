"""Reading scripts: which other files they source, and what they call in the end."""

from __future__ import annotations

import posixpath
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from .functions import Functions
from .outline import outline
from .programs import strip_launchers
from .values import Values
from .words import HOLE, Call, Reader, Word

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_SHEBANG = re.compile(r"#!.*\b(ba|da)?sh\b")
_DEEPEST = 8


@dataclass(frozen=True)
class Script:
    """A shell script: what it sources, as paths, and the calls of programs in it, in order.

    A call through a function of the script, such as `run gcloud …`, is the call that the function
    makes. Functions themselves are not listed.
    """

    file: str
    text: str
    sources: tuple[str, ...]
    calls: tuple[Call, ...]

    def excerpt(self, line: int) -> str:
        """Give one line of it."""
        lines = self.text.split("\n")
        return lines[line - 1] if 0 < line <= len(lines) else ""


def is_script(path: str, text: str) -> bool:
    """Whether a file is a shell script, by its name or its first line."""
    return path.endswith((".sh", ".bash")) or _SHEBANG.match(text) is not None


def read_scripts(files: Mapping[str, str]) -> dict[str, Script]:
    """Read the shell scripts among some files, by path."""
    texts = {path: text for path, text in files.items() if is_script(path, text)}
    sources = {path: tuple(_list_sources(path, texts)) for path in texts}
    return {path: _read(path, texts, sources) for path in texts}


def _read(path: str, texts: Mapping[str, str], sources: Mapping[str, tuple[str, ...]]) -> Script:
    # A library is written for the scripts that source it, and knows what they source beside it.
    beside = {item for others in sources.values() if path in others for item in others}
    shared = dict.fromkeys((*sources[path], *sorted(beside - {path}), path))
    outlines = [outline(texts[item]) for item in shared]
    values = Values(outlines)
    functions = Functions(outlines, values)
    own = outline(texts[path])
    reader = Reader(own.lines, values)
    calls: dict[Call, None] = {}
    for node in own.commands:
        for words in _read_commands(node, reader):
            calls |= dict.fromkeys(_resolve(words, functions, path, 0))
    return Script(path, texts[path], sources[path], tuple(calls))


def _list_sources(path: str, texts: Mapping[str, str]) -> Iterator[str]:
    """List the files that a script sources, and those that these source, each once."""
    seen, todo = {path}, [path]
    while todo:
        current = todo.pop(0)
        own = outline(texts[current])
        reader = Reader(own.lines, Values([own]))
        for node in own.sourcing:
            words = next(_read_commands(node, reader))
            found = _find_source(current, words[1].text, texts) if len(words) > 1 else ""
            if found and found not in seen:
                seen.add(found)
                todo.append(found)
                yield found


def _find_source(path: str, name: str, texts: Mapping[str, str]) -> str:
    """Find a sourced file; what comes from a run before the first slash is the script's folder."""
    folder = posixpath.dirname(path)
    if name.startswith(f"{HOLE}/"):
        name = name[2:]
    if HOLE in name:
        return ""
    for base in (folder, ""):
        found = posixpath.normpath(posixpath.join(base, name))
        if found in texts:
            return found
    return ""


def _read_commands(node: Any, reader: Reader) -> Iterator[tuple[Word, ...]]:
    """Read the words of a command, and of those that the grammar took for a part of it."""
    *whole, last = _list_parts(node)
    for parts in whole:
        yield tuple(word for part in parts for word in reader.read(part))
    words = [word for part in last for word in reader.read(part)]
    yield (*words, *_read_redirected(node, reader))


def _list_parts(node: Any) -> list[list[Any]]:
    """List the words of a command; where a line ends the grammar may have missed its end."""
    found: list[list[Any]] = [[]]
    end, row = node.start_byte, node.start_point[0]
    for field in ("name", "argument"):
        for child in node.children_by_field_name(field):
            if found[-1] and child.start_point[0] != row:
                gap = node.text[end - node.start_byte : child.start_byte - node.start_byte]
                if b"\n" in gap.replace(b"\\\n", b""):
                    found.append([])
            found[-1].append(child)
            end, row = child.end_byte, child.end_point[0]
    return found


def _read_redirected(node: Any, reader: Reader) -> Iterator[Word]:
    """Read what the grammar does not give to a command that is redirected."""
    statement = node.parent
    if statement is None or statement.type != "redirected_statement":
        return
    redirects = statement.children_by_field_name("redirect")
    first, last = node.end_byte, redirects[0].start_byte if redirects else 0
    if last - first > 1 and statement.children[0] == node:
        gap = statement.text[first - statement.start_byte : last - statement.start_byte]
        if gap.strip() == b"-":  # it loses a dash that stands before `<<`
            row, column = node.end_point
            yield Word("-", row + 1, column + gap.index(b"-") + 1)
    for redirect in redirects:
        # What follows a redirection is an argument, too.
        for extra in redirect.children_by_field_name("destination")[1:]:
            yield from reader.read(extra)


def _resolve(
    words: tuple[Word, ...], functions: Functions, path: str, depth: int
) -> Iterator[Call]:
    words = strip_launchers(words)
    if not words or depth > _DEEPEST:
        return
    program = words[0]
    forwards = functions.find(program.text)
    if forwards is None or any(item.names(program.text) for item in forwards):
        if program.is_known and program.text:
            yield Call(program.text, words[1:], path, program.line, program.column)
        return
    for forward in forwards:
        given = forward.fill(words[1:])
        if given:
            head = given[0]._replace(line=program.line, column=program.column)
            inner = (head, *given[1:]) if forward.before else given
            yield from _resolve(inner, functions, path, depth + 1)
