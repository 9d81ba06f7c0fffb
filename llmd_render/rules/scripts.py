"""What the scripts of a tree call; shared by the rules about them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from llmd_render.script import HOLE, read_scripts

from .objects import once

if TYPE_CHECKING:
    from collections.abc import Iterator

    from llmd_render.manifest import Tree
    from llmd_render.script import Call, Script, Word

# Flags of kubectl that take a value in a word of its own, among those that people write.
_WITH_VALUE = frozenset(
    {
        "--as",
        "--cluster",
        "--container",
        "--context",
        "--field-selector",
        "--filename",
        "--for",
        "--from-env-file",
        "--from-file",
        "--from-literal",
        "--kubeconfig",
        "--kustomize",
        "--label-columns",
        "--namespace",
        "--output",
        "--patch",
        "--patch-file",
        "--replicas",
        "--selector",
        "--server",
        "--since",
        "--sort-by",
        "--tail",
        "--timeout",
        "--token",
        "--type",
        "--user",
        "-c",
        "-f",
        "-k",
        "-L",
        "-l",
        "-n",
        "-o",
        "-p",
        "-s",
    }
)
_SHORT = {"-n": "--namespace", "-l": "--selector", "-f": "--filename", "-k": "--kustomize"}


@dataclass(frozen=True, slots=True)
class KubectlCall:
    """A call of kubectl, by its verb, what follows that, and its flags.

    `operands` are the words that are no flags; `is_complete` says that no other may come to them
    when the script runs.
    """

    call: Call
    verb: str
    operands: tuple[Word, ...]
    flags: tuple[tuple[str, Word, str], ...]
    is_complete: bool

    @property
    def namespace(self) -> str:
        """The namespace that it names, or nothing; one that only a run tells is nothing."""
        named = [value for name, _, value in self.flags if name == "--namespace"]
        return named[-1] if named and HOLE not in named[-1] else ""

    def list_flags(self, name: str) -> Iterator[tuple[Word, str]]:
        """List the values of a flag, each with the word it is in."""
        for flag, word, value in self.flags:
            if flag == name:
                yield word, value


@once
def scripts(tree: Tree) -> Iterator[Script]:
    """List the shell scripts of a tree."""
    return iter(read_scripts(tree.files).values())


@once
def calls(tree: Tree, program: str) -> Iterator[Call]:
    """List the calls of a program in all scripts, whatever folder it is called in."""
    for script in scripts(tree):
        for call in script.calls:
            if call.program.rpartition("/")[2] == program:
                yield call


@once
def kubectl_calls(tree: Tree) -> Iterator[KubectlCall]:
    """List the calls of kubectl, or oc, which takes the same words."""
    for program in ("kubectl", "oc"):
        for call in calls(tree, program):
            yield _take_apart(call)


def _take_apart(call: Call) -> KubectlCall:
    operands: list[Word] = []
    flags: list[tuple[str, Word, str]] = []
    words = list(call.words)
    only_operands = False
    while words:
        word = words.pop(0)
        text = word.text
        if text == "--":
            only_operands = True
        elif only_operands or not text.startswith("-") or text == "-":
            operands.append(word)
        elif text.startswith("--") and "=" in text:
            name, _, value = text.partition("=")
            flags.append((name, word, value))
        elif text in _WITH_VALUE and words:
            following = words.pop(0)
            flags.append((_SHORT.get(text, text), following, following.text))
        elif text[:2] in _SHORT and len(text) > len("-n"):
            flags.append((_SHORT[text[:2]], word, text[2:].removeprefix("=")))
        else:
            flags.append((text, word, ""))
    verb = operands[0].text if operands else ""
    complete = not any(word.is_many for word in call.words)
    return KubectlCall(call, verb, tuple(operands[1:]), tuple(flags), complete)


def list_targets(call: KubectlCall) -> Iterator[tuple[str, str, Word]]:
    """List the objects that a call names, as (kind, name, word): `pod/a` or `pods a b`."""
    kind = ""
    for word in call.operands:
        if not word.is_known:
            return
        before, slash, after = word.text.partition("/")
        if slash:
            yield before.lower(), after, word
        elif kind:
            yield kind, word.text, word
        else:
            kind = word.text.lower()
