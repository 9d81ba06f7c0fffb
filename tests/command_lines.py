"""What tests about calls in scripts share: the calls of all rendered trees, and findings in one."""

from __future__ import annotations

import shlex
from typing import TYPE_CHECKING

from support import OUT, SHIPPED, files_of

from llmd_render.command_line import Invocation, read_call
from llmd_render.lint import lint_calls
from llmd_render.manifest import Tree
from llmd_render.script import HOLE, Call, Word, read_scripts

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path

    from llmd_render.command_line import Given


def golden_calls(program: str) -> Iterator[Call]:
    """List the calls of a program in the trees of the shipped profiles, each once."""
    yield from calls_in((OUT / name for name in SHIPPED), program)


def calls_in(trees: Iterable[Path], program: str) -> Iterator[Call]:
    """List the calls of a program in the scripts of trees, each once."""
    seen = set()
    for tree in trees:
        files = {path: text.decode() for path, text in files_of(tree).items()}
        for script in read_scripts(files).values():
            for call in script.calls:
                if call.program == program and str(call) not in seen:
                    seen.add(str(call))
                    yield call


def make_call(program: str, arguments: Sequence[str]) -> Call:
    """Make the call of a script that has one word a line."""
    words = tuple(Word(text, index + 2, 1) for index, text in enumerate(arguments))
    return Call(program, words, "call.sh", 1, 1)


def judge(program: str, arguments: Sequence[str]) -> list[tuple[str, int]]:
    """Lint a script of one call, one word a line: what is found, at which line."""
    text = " \\\n".join([program, *map(shlex.quote, arguments)])
    return [(item.code, item.location.line) for item in lint_calls(Tree({"call.sh": text}, ()))]


def fill(invocation: Invocation) -> list[str]:
    """Give the arguments of a call, with something likely for what only a run would tell."""
    likely = {
        id(item.word): _likely(item) for item in invocation.given if item.value is not None
    } | {
        id(item.value): _likely(item)
        for item in invocation.given
        if item.value is not None and item.value is not item.word
    }
    return [
        word.text.replace(HOLE, likely.get(id(word), "x1"))
        for word in invocation.call.words
        if not (word.is_many and word.text == HOLE and id(word) not in likely)
    ]


def _likely(given: Given) -> str:
    kind = given.flag.kind
    if kind is None:
        return "true"
    examples = {"int": "1", "float": "1", "size": "10GB", "duration": "5m", "go-duration": "5m"}
    if kind.name == "map":
        return "a=1"
    if given.flag.name == "--format":
        return "name"  # the key that everything has
    return kind.choices[0] if kind.choices else examples.get(kind.name, "x1")


def known(call: Call) -> Invocation:
    """Read a call that the table has to know."""
    found = read_call(call)
    assert found is not None, str(call)
    return found
