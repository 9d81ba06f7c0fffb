"""The command lines of vLLM in containers; shared by the rules about them.

A command line stands in `command` and `args`, or in a script that a shell runs.
"""

from __future__ import annotations

import re
import shlex
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from llmd_render.lookup import text_at, value_at

from .image_names import split_image
from .objects import KSERVE, group_of, items_at, once
from .tpu_pods import TpuPod, read_count, requested_chips, tpu_pods

if TYPE_CHECKING:
    from collections.abc import Iterator

    from llmd_render.diagnostics import DataPath
    from llmd_render.manifest import Manifest, Tree

_SHELLS = {"sh", "bash", "dash", "ash"}
_MODULE = "vllm.entrypoints"
_OPERATORS = "();<>|&\n"
# Those that take the flags of `vllm serve`; older servers have others.
_SAME_FLAGS = {"vllm.entrypoints.openai.api_server", "vllm.entrypoints.cli.main"}
# In `2>&1` the number is no word of its own.
_DESCRIPTOR = re.compile(r"(?<=\s)\d(?=[<>])")
_COMMENT = re.compile(r"(^|\s)#.*$", re.MULTILINE)
# With these, arguments stand in a file, or vLLM serves on no port.
_ELSEWHERE = {"--config", "--uds", "--headless"}
_DEFAULT_PORT = 8000
# What a probe of Kubernetes has that says nothing.
_PROBE_DEFAULTS = {"periodSeconds": 10, "failureThreshold": 3}

SERVED_NAME = "--served-model-name"
"""The flag for the names that clients use."""

PROBES = ("startupProbe", "readinessProbe", "livenessProbe")
"""The probes of a container, in the order in which they begin."""

Word = tuple["DataPath", str]
"""A word of a command line, and where it stands."""


@dataclass(frozen=True, slots=True)
class Argument:
    """An argument of vLLM: where it stands, its name as vLLM lists it, its values."""

    path: DataPath
    name: str
    values: tuple[str, ...]

    @property
    def value(self) -> str:
        """The first value, or nothing."""
        return self.values[0] if self.values else ""


@dataclass(frozen=True, slots=True)
class VllmContainer:
    """A container that runs vLLM, mostly on TPU chips.

    `words` are what follows the start of the server, as they stand there, or nothing where that may
    be no `vllm serve`; `is_complete` says that `arguments` are all there are, and that nothing else
    serves.
    """

    pod: TpuPod
    path: DataPath
    container: dict[str, Any]
    arguments: tuple[Argument, ...]
    model: str
    is_complete: bool
    words: tuple[Word, ...]

    @property
    def manifest(self) -> Manifest:
        """The object that it is in."""
        return self.pod.manifest

    @property
    def image(self) -> str:
        """The image, or nothing."""
        return text_at(self.container, "image")

    @property
    def place(self) -> DataPath:
        """The list that an argument would be added to."""
        return (*self.path, "args" if self.container.get("args") else "command")

    def last(self, *names: str) -> Argument | None:
        """Find the argument that counts: of several, vLLM takes the last."""
        found = [item for item in self.arguments if item.name in names]
        return found[-1] if found else None

    @property
    def port(self) -> int | None:
        """The port that it serves on; None where that cannot be read."""
        argument = self.last("--port")
        if argument is None:
            return _DEFAULT_PORT if self.is_complete else None
        return read_count(argument.value)


@once
def vllm_containers(tree: Tree) -> Iterator[VllmContainer]:
    """List the containers that run vLLM on TPU chips."""
    for pod in tpu_pods(tree):
        for place, container in items_at(pod.spec, "containers"):
            found = read_server(pod, (*pod.path, *place), container)
            if found and requested_chips(container):
                yield found


def read_server(pod: TpuPod, path: DataPath, container: dict[str, Any]) -> VllmContainer | None:
    """Read the command line of a container; None where it runs no vLLM."""
    words = [
        ((*path, field, index), word)
        for field in ("command", "args")
        for index, word in enumerate(_texts(container, field))
    ]
    script = _script(words)
    if script is not None:
        words, alone = script
    else:
        alone = bool(container.get("command"))
    tail = _after_start(words)
    if tail is None:
        alone = False
        named = "vllm" in split_image(text_at(container, "image")).repository.rpartition("/")[2]
        if not named or container.get("command"):
            return None
        tail = words
    model, arguments = _parse(tail)
    hidden = any("$" in word or "`" in word for _, word in tail)
    hidden = hidden or any(item.name in _ELSEWHERE for item in arguments)
    complete = alone and not hidden
    known = tuple(tail) if _takes_flags(words, tail) else ()
    return VllmContainer(pod, path, container, arguments, model, complete, known)


def _takes_flags(words: list[Word], tail: list[Word]) -> bool:
    """Whether words are surely flags of `vllm serve`; an image may be there to run others."""
    module = next((text for _, text in words if text.startswith(_MODULE)), "")
    if len(tail) < len(words):
        return not module or module in _SAME_FLAGS
    first = tail[0][1] if tail else ""
    return first == "serve" or first.startswith("-")


def _texts(container: dict[str, Any], field: str) -> list[str]:
    value = container.get(field)
    words = value if isinstance(value, list) else []
    return [word if isinstance(word, str) else "" for word in words]


def _script(words: list[Word]) -> tuple[list[Word], bool] | None:
    """Take the words of a shell's script, and whether they are all that runs in the end."""
    texts = [text for _, text in words]
    if texts and texts[0].rpartition("/")[2] in _SHELLS:
        flags = [n for n, text in enumerate(texts) if re.fullmatch(r"-[a-z]*c", text)]
        place = flags[0] + 1 if flags else len(texts)
    elif len(texts) == 1 and " " in texts[0].strip():
        place = 0  # KServe's preset hands it to a shell
    else:
        return None
    if place >= len(words):
        return [], False
    path, text = words[place]
    try:
        found = _split(text)
    except ValueError:
        return [], False
    end = next((n for n, word in enumerate(found) if _starts(found, n)), len(found))
    stop = next((n for n in range(end, len(found)) if _is_operator(found[n])), len(found))
    others = [word for word in found[:end] if _is_operator(word) and word not in {"&&", ";"}]
    alone = not others and not any(word != ";" for word in found[stop:])
    return [(path, word) for word in found[:stop]], alone


def _split(script: str) -> list[str]:
    text = _DESCRIPTOR.sub("", _COMMENT.sub("", script.replace("\\\n", " ")))
    lexer = shlex.shlex(text, posix=True, punctuation_chars=_OPERATORS)
    lexer.whitespace_split = True
    lexer.commenters = ""
    # Between quotes the end of a line is part of a word; elsewhere it ends a command.
    lexer.whitespace = lexer.whitespace.replace("\n", "")
    return [(word.strip("\n") or ";") if _is_operator(word) else word for word in lexer]


def _is_operator(word: str) -> bool:
    return bool(word) and not word.strip(_OPERATORS)


def _starts(words: list[str], index: int) -> int:
    """Say how many words from here on start the server; 0 where they do not."""
    word, following = words[index], words[index + 1 : index + 2]
    if word.rpartition("/")[2] == "vllm" and following == ["serve"]:
        return 2
    if word == "-m" and following and following[0].startswith(_MODULE):
        return 2
    return 0


def _after_start(words: list[Word]) -> list[Word] | None:
    texts = [text for _, text in words]
    for index in range(len(texts)):
        length = _starts(texts, index)
        if length:
            return words[index + length :]
    return None


def _parse(words: list[Word]) -> tuple[str, tuple[Argument, ...]]:
    """Read arguments the way vLLM does: `--a=b`, `--a b`, and `_` in names for `-`."""
    found: list[Argument] = []
    positional = ""
    is_open = False
    for path, word in words:
        if re.match(r"-[^\d.]", word):
            name, joined, value = re.sub(r"\s+", "=", word.strip(), count=1).partition("=")
            found.append(Argument(path, name.replace("_", "-"), (value.strip(),) if joined else ()))
            is_open = not joined
        elif is_open:
            found[-1] = replace(found[-1], values=(*found[-1].values, word))
        elif word != "serve":
            positional = positional or word
    named = [item.value for item in found if item.name == "--model"]
    return (named[-1] if named else positional), tuple(found)


def runs_vllm(manifest: Manifest, container: dict[str, Any]) -> bool:
    """Whether a container is there for vLLM, with chips or without."""
    if manifest.kind == "LLMInferenceService" and group_of(manifest) == KSERVE:
        return container.get("name") == "main"
    lists = [container.get(field) for field in ("command", "args")]
    words = [str(word) for words in lists if isinstance(words, list) for word in words]
    return "vllm serve" in " ".join(words) or "vllm" in text_at(container, "image")


def find_whole_command(path: DataPath, container: dict[str, Any]) -> DataPath | None:
    """Find where `args` start the server again, as only a shell or `command` should."""
    words = [((*path, "args", n), word) for n, word in enumerate(_texts(container, "args"))]
    script = _script(words)
    found = script[0] if script else words
    texts = [text for _, text in found]
    starts = [n for n in range(len(texts)) if _starts(texts, n)]
    return found[starts[0]][0] if starts else None


def probe_port(container: dict[str, Any], probe: str) -> int | None:
    """Give the number of the port that an HTTP probe asks on, if it says one."""
    port = value_at(container, probe, "httpGet", "port")
    if isinstance(port, str):
        for _, item in items_at(container, "ports"):
            if item.get("name") == port:
                port = item.get("containerPort")
    return port if isinstance(port, int) else None


def seconds_to_failure(probe: dict[str, Any], delay: int = 0) -> int | None:
    """Count the seconds until a probe has failed too often; None where that cannot be read.

    `delay` is what it waits at first where it does not say so.
    """
    values = {"initialDelaySeconds": delay, **_PROBE_DEFAULTS}
    first, period, failures = (probe.get(name, default) for name, default in values.items())
    if not all(isinstance(value, int) for value in (first, period, failures)):
        return None
    seconds: int = first + period * failures
    return seconds


def serves_https(server: VllmContainer) -> bool:
    """Whether vLLM is given a certificate."""
    return any(item.name.startswith("--ssl-certfile") for item in server.arguments)


def served_names(server: VllmContainer) -> tuple[DataPath, tuple[str, ...]]:
    """Find the names under which vLLM serves; none where they cannot be read."""
    named = server.last(SERVED_NAME)
    if named:
        return named.path, named.values
    if not server.is_complete or not server.model:
        return server.path, ()
    return server.place, (server.model,)
