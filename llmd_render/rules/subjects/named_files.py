"""The files that scripts run, source and apply by paths; shared by those who look for them."""

from __future__ import annotations

import posixpath
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from llmd_render.placeholders import has_placeholder
from llmd_render.script import HOLE, Word

from .applied_files import list_parents
from .objects import once
from .scripts import calls, kubectl_calls, list_values, scripts

if TYPE_CHECKING:
    from collections.abc import Iterator

    from llmd_render.manifest import Tree
    from llmd_render.script import Call, Script

_SHELLS = ("bash", "sh", "zsh", "source", ".")
_READING = ("apply", "create", "delete", "diff", "replace")
_SUFFIXES = (".sh", ".yaml", ".yml")
_FOLDER = re.compile(r"[\w.-]+(/[\w.-]+)*/?")
# A variable, or the words themselves, for the folder that the script is in, or one near it.
_HERE = (
    r"\"?\$\(\s*dirname\s+(?:--\s+)?\"?(?:\$0|\$\{0\}|\$BASH_SOURCE|\$\{BASH_SOURCE(?:\[0\])?\})"
)
_OWN_FOLDER = re.compile(
    r"^[ \t]*(?:(?:readonly|export|declare|local)(?:\s+-\w+)?\s+)?(?P<name>\w+)="
    rf"\"?\$\(\s*cd\s+(?:-P\s+)?(?:--\s+)?{_HERE}\"?\s*\)(?P<more>(?:/[\w.-]+)*)/?\"?"
    r"(?:\s*>\s*/dev/null(?:\s*2>&1)?)?\s*(?:&&|;)\s*pwd(?:\s+-P)?\s*\)\"?[ \t]*(?:#.*)?$",
    re.MULTILINE,
)
# The same in several lines, for a script that may be called by a link.
_OWN_FOLDER_BEHIND_LINKS = re.compile(
    r"^[ \t]*(?P<name>\w+)=\$\(\n(?:[ \t].*\n)*?[ \t]*\w+=\$\{?BASH_SOURCE\b.*\n(?:[ \t].*\n)*?"
    r"[ \t]+(?:CDPATH=\S* )?cd (?:-P )?(?:-- )?\"\$\(dirname (?:-- )?\"\$\w+\"\)\" && pwd\n"
    r"\)(?P<more>)$",
    re.MULTILINE,
)
_DIRECT = re.compile(rf"{_HERE}\"?\s*\)\"?/")
_FARTHEST = 4


@dataclass(frozen=True, slots=True)
class NamedFile:
    """A file or folder that a call needs: as written, and the paths that this may mean.

    With `is_certain` the one path is relative to the script itself.
    """

    call: Call
    word: Word
    use: str
    written: str
    paths: tuple[str, ...]
    is_certain: bool = False
    is_folder: bool = False


@once
def named_files(tree: Tree) -> Iterator[NamedFile]:
    """List the files that scripts name, where nothing but the start of their paths is open."""
    by_path = {script.file: script for script in scripts(tree)}
    for script in by_path.values():
        for call in script.calls:
            yield from _of_shell(script, call)
    for reading in kubectl_calls(tree, *_READING):
        own = by_path[reading.call.file]
        for word, text in list_values(reading, "--filename"):
            for item in text.split(","):
                yield from _resolve(own, reading.call, word, "applies", item)
        for word, text in list_values(reading, "--kustomize"):
            yield from _resolve(own, reading.call, word, "builds", text, is_folder=True)
    for build in calls(tree, "kustomize"):
        if [word.text for word in build.words[:1]] == ["build"] and len(build.words) > 1:
            word = build.words[1]
            own = by_path[build.file]
            yield from _resolve(own, build, word, "builds", word.text, is_folder=True)


def _of_shell(script: Script, call: Call) -> Iterator[NamedFile]:
    if call.program.startswith(("./", "../")):
        word = Word(call.program, call.line, call.column)
        yield from _resolve(script, call, word, "runs", call.program)
    if call.program in _SHELLS and call.words and not call.words[0].text.startswith("-"):
        word = call.words[0]
        use = "sources" if call.program in {"source", "."} else "runs"
        yield from _resolve(script, call, word, use, word.text)


def _resolve(
    script: Script, call: Call, word: Word, use: str, text: str, *, is_folder: bool = False
) -> Iterator[NamedFile]:
    if is_folder:
        suitable = bool(_FOLDER.fullmatch(text.removeprefix(f"{HOLE}/")))
        suitable = suitable and "." not in text.removeprefix(f"{HOLE}/").split("/")[0].strip(".")
    else:
        suitable = text.endswith(_SUFFIXES)
    if word.is_many or not suitable or "://" in text or has_placeholder(text):
        return
    certain = _find_own(script, word, text)
    if certain:
        yield NamedFile(call, word, use, text[2:], (certain,), is_certain=True, is_folder=is_folder)
    elif HOLE not in text and not text.startswith(("/", "~", "-")) and "*" not in text:
        paths = tuple(_list_paths(script.file, text))
        yield NamedFile(call, word, use, text, paths, is_folder=is_folder)


def _find_own(script: Script, word: Word, text: str) -> str:
    """Give the path of what is named from the script's own folder; nothing where it is not so."""
    rest = text.removeprefix(f"{HOLE}/")
    if rest == text or HOLE in rest:
        return ""
    line, folder = script.excerpt(word.line), posixpath.dirname(script.file)
    if _DIRECT.search(line) and f"/{rest}" in line:
        return posixpath.normpath(posixpath.join(folder, rest))
    own = (_OWN_FOLDER, _OWN_FOLDER_BEHIND_LINKS)
    for found in (found for form in own for found in form.finditer(script.text)):
        name = found["name"]
        used = re.search(rf"\$\{{?{name}\}}?\"?/{re.escape(rest)}(?![\w./-])", line)
        if used and len(re.findall(rf"\b{name}=", script.text)) == 1:
            return posixpath.normpath(posixpath.join(folder, found["more"].strip("/"), rest))
    return ""


def _list_paths(script: str, text: str) -> Iterator[str]:
    """List the paths that a name may mean, by where a script may be started."""
    starts = ["", *list_parents(script), *("../" * step for step in range(1, _FARTHEST))]
    for start in dict.fromkeys(starts):
        yield posixpath.normpath(posixpath.join(start, text))
