"""What `lint` is given: files, folders, standard input, kustomizations to build."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from llmd_render.diagnostics import Diagnostic, InputError, Location
from llmd_render.kustomization import is_kustomization
from llmd_render.manifest import LIMIT_BYTES
from llmd_render.script import is_script
from llmd_render.source import read_text

from .usage import UsageProblem, usage_problem

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

STANDARD_INPUT = "-"
_SCRIPTS = (".bash", ".sh")
# Texts are judged by their links only.
_SUFFIXES = (".md", ".yaml", ".yml", *_SCRIPTS)
# Files of other tools, in which people leave tokens: nothing else is looked for there.
_SETTINGS = (
    *(".cfg", ".conf", ".env", ".ini", ".j2", ".json", ".properties", ".py"),
    *(".tf", ".tfvars", ".toml", ".tpl", ".txt"),
)
_NAMED_SETTINGS = {"Containerfile", "Dockerfile", "Makefile"}
# The parser of scripts takes two hundred times as much memory.
_SCRIPT_LIMIT_BYTES = 1_000_000
_LONGEST_FIRST_LINE = 200


@dataclass(slots=True)
class Inputs:
    """Texts to judge, as (path, text), and what could not be read.

    `settings` are files beside them in which only secrets are looked for.
    """

    texts: list[tuple[str, str]] = field(default_factory=list)
    settings: dict[str, str] = field(default_factory=dict)
    diagnostics: list[Diagnostic] = field(default_factory=list)

    def add(self, path: Path) -> None:
        """Read a file; one that cannot be read is a finding."""
        shown = show_path(path)
        try:
            limit = _SCRIPT_LIMIT_BYTES if shown.endswith(_SCRIPTS) else LIMIT_BYTES
            self.texts.append((shown, read_text(path, limit, shown)))
        except InputError as error:
            self.diagnostics += error.diagnostics

    def add_settings(self, path: Path) -> None:
        """Read a file of another tool; one that cannot be read is nobody's fault."""
        shown = show_path(path)
        with suppress(InputError):
            self.settings[shown] = read_text(path, _SCRIPT_LIMIT_BYTES, shown)


def collect_inputs(paths: Sequence[str], *, kustomize: bool = False) -> Inputs:
    """Read what is to be judged; a folder stands for the YAML files and scripts under it.

    Its settings of other tools are only searched for secrets.
    With `kustomize` each path is a kustomization, and what it builds is judged instead.
    Raises UsageProblem when a path does not exist.
    """
    inputs = Inputs()
    for name in dict.fromkeys(paths):
        path = Path(name)
        if name == STANDARD_INPUT:
            _read_standard_input(inputs)
        elif kustomize:
            _build(path, inputs)
        elif path.is_dir():
            before = len(inputs.texts) + len(inputs.diagnostics)
            for file in _walk(path):
                if _is_judged(file):
                    inputs.add(file)
                elif _is_settings(file.name):
                    inputs.add_settings(file)
            if len(inputs.texts) + len(inputs.diagnostics) == before:
                message = "the folder holds no YAML file and no script"
                inputs.diagnostics.append(
                    Diagnostic(Location(show_path(path)), message, "lint-path-empty")
                )
        elif not os.path.lexists(name):
            hint = "no file matches; the shell leaves a pattern as it is" if "*" in name else ""
            raise usage_problem(show_path(path), "there is no such path", "file-not-readable", hint)
        else:
            inputs.add(path)
    return inputs


def show_path(path: Path) -> str:
    """Write a path on one line and in characters that can be printed anywhere."""
    text = os.fsencode(path.as_posix()).decode("utf-8", "backslashreplace")
    return "".join(item if item.isprintable() else repr(item)[1:-1] for item in text)


def _walk(folder: Path) -> Iterator[Path]:
    for place, folders, names in os.walk(folder):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted(names):
            path = Path(place, name)
            # A link that leads nowhere is told of; a pipe in a folder is nobody's manifest.
            if path.is_file() or path.is_symlink():
                yield path


def _is_judged(path: Path) -> bool:
    name = path.name
    if name.startswith("."):
        return False
    named = name.endswith(_SUFFIXES) or is_kustomization(name)
    return named or ("." not in name and _is_script(path))


def _is_settings(name: str) -> bool:
    if name.startswith("."):
        return name.split(".")[1] == "env"
    return name.endswith(_SETTINGS) or name in _NAMED_SETTINGS


def _is_script(path: Path) -> bool:
    """Whether the first line of a file without a suffix says that a shell runs it."""
    try:
        with path.open("rb") as file:
            first = file.readline(_LONGEST_FIRST_LINE) if path.is_file() else b""
    except OSError:
        return False
    return is_script("", first.decode("utf-8", "replace"))


def _read_standard_input(inputs: Inputs) -> None:
    if sys.stdin is None:
        raise usage_problem(STANDARD_INPUT, "standard input is closed", "file-not-readable")
    raw = sys.stdin.buffer.read(LIMIT_BYTES + 1)
    location = Location(STANDARD_INPUT)
    if len(raw) > LIMIT_BYTES:
        message = f"the input is larger than {LIMIT_BYTES:,} bytes"
        inputs.diagnostics.append(Diagnostic(location, message, "file-too-large"))
        return
    try:
        inputs.texts.append((STANDARD_INPUT, raw.decode("utf-8-sig")))
    except UnicodeDecodeError:
        message = "the input is not UTF-8 text"
        inputs.diagnostics.append(Diagnostic(location, message, "file-not-text"))


def _build(path: Path, inputs: Inputs) -> None:
    shown = show_path(path)
    if not path.is_dir():
        message = "this is no folder, and --kustomize builds the kustomization of one"
        raise usage_problem(shown, message, "folder-not-found")
    built = subprocess.run(  # noqa: S603 - the user asked for it
        [*_find_builder(), str(path)], capture_output=True, check=False
    )
    if built.returncode == 0:
        text = built.stdout.decode("utf-8", "replace")
        inputs.texts.append((f"{shown} (built)", text))
        return
    reason = built.stderr.decode("utf-8", "replace").strip().splitlines()
    message = f"kustomize cannot build this: {reason[-1] if reason else 'it does not say why'}"
    inputs.diagnostics.append(Diagnostic(Location(shown), message, "kustomize-build-failed"))


def _find_builder() -> list[str]:
    for program, verb in (("kubectl", "kustomize"), ("kustomize", "build")):
        found = shutil.which(program)
        if found:
            return [found, verb]
    raise UsageProblem(
        Diagnostic(
            Location("--kustomize"),
            "neither kubectl nor kustomize is on PATH",
            "kustomize-not-installed",
            hint="install one of them, or lint the files without building them",
        )
    )
