"""No script, volume or command in a text names a path in somebody's home directory.

`/home/alice` and `/Users/alice` are on one machine. Whoever runs the script elsewhere gets an error
at best, and another version of a file at worst; a volume of the node with such a path is empty, or
keeps a Pod from starting. `$HOME`, the folder of the script and arguments go everywhere.

Source: https://pubs.opengroup.org/onlinepubs/9799919799/basedefs/V1_chap08.html (2024)

Passes:

    deploy.sh: |
      kubectl apply -k "$HOME/deployments/example"

Fails:

    deploy.sh: |
      kubectl apply -k /home/alice/deployments/example
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from llmd_render.diagnostics import Location, Severity, Violation
from llmd_render.lookup import text_at

from .rule import TreeRule, TreeViolation
from .subjects.objects import items_at, pod_specs
from .subjects.scripts import scripts

if TYPE_CHECKING:
    from collections.abc import Iterator

    from llmd_render.diagnostics import DataPath
    from llmd_render.manifest import Manifest, Tree

_FOLDERS = ("/home/", "/Users/")
_PATH = re.compile(rf"(?<![\w.$}}])({'|'.join(_FOLDERS)})(?P<name>[A-Za-z_][\w.-]*)(?=/)")
# In texts much is shown that nobody runs: only what a command works on counts.
_COMMAND = re.compile(
    r"(?<![\w/-])(?:cd|source|bash|sh|kubectl (?:apply|create|delete) [^`]*|export \w+=\S*)\s+"
    r"/(?:home|Users)/"
)
# Users of images and of nodes, which are the same everywhere.
_EVERYWHERE = {
    *("Shared", "app", "appuser", "jovyan", "kubernetes", "model-server", "nonroot", "ray"),
    *("ubuntu", "user", "vllm"),
}


def _check(tree: Tree) -> Iterator[TreeViolation]:
    for script in scripts(tree):
        if not any(folder in script.text for folder in _FOLDERS):
            continue
        for index, line in enumerate(script.text.split("\n")):
            if not line.lstrip().startswith("#"):
                hint = "write $HOME, or a path relative to the script"
                yield from _judge(script.file, index, line, hint)
    for path, text in tree.files.items():
        if path.endswith(".md") and _PATH.search(text):
            for index, line in enumerate(text.split("\n")):
                if _COMMAND.search(line):
                    yield from _judge(path, index, line, "write $HOME, or a relative path")
    for manifest in tree.manifests:
        yield from _check_volumes(manifest)


def _check_volumes(manifest: Manifest) -> Iterator[TreeViolation]:
    for place, folder in _list_node_folders(manifest):
        found = _PATH.match(f"{folder}/")
        if found and found["name"] not in _EVERYWHERE:
            hint = "write a path that each node has, or use another kind of volume"
            yield TreeViolation(manifest, Violation(place, _explain(found), hint))


def _judge(file: str, index: int, line: str, hint: str) -> Iterator[TreeViolation]:
    for found in _PATH.finditer(line):
        if found["name"] not in _EVERYWHERE:
            place = Location(file, index + 1, found.start() + 1)
            yield TreeViolation(place, Violation((), _explain(found), hint))


def _explain(found: re.Match[str]) -> str:
    return f"{found.group()} is the home of {found['name']}, and is on no other machine"


def _list_node_folders(manifest: Manifest) -> Iterator[tuple[DataPath, str]]:
    """List the folders of a node that an object names as volumes."""
    for base, spec in pod_specs(manifest):
        for path, volume in items_at(spec, "volumes"):
            place: DataPath = (*base, *path, "hostPath", "path")
            yield place, text_at(volume, "hostPath", "path")
    if manifest.kind == "PersistentVolume":
        for field in ("hostPath", "local"):
            yield ("spec", field, "path"), text_at(manifest.data, "spec", field, "path")


RULE = TreeRule("home-path-hardcoded", Severity.WARNING, _check, acknowledgeable=True)
