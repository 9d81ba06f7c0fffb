"""No script names a path in somebody's home directory.

`/home/alice` and `/Users/alice` are on one machine. Whoever runs the script elsewhere gets an error
at best, and another version of a file at worst. `$HOME`, the folder of the script and arguments
go everywhere.

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

from .rule import TreeRule, TreeViolation
from .subjects.scripts import scripts

if TYPE_CHECKING:
    from collections.abc import Iterator

    from llmd_render.manifest import Tree

_FOLDERS = ("/home/", "/Users/")
_PATH = re.compile(rf"(?<![\w.$}}])({'|'.join(_FOLDERS)})(?P<name>[A-Za-z_][\w.-]*)(?=/)")
# Users of images and of nodes, which are the same everywhere.
_EVERYWHERE = {"Shared", "appuser", "kubernetes", "nonroot", "ubuntu", "user", "vllm", "app"}


def _check(tree: Tree) -> Iterator[TreeViolation]:
    for script in scripts(tree):
        if not any(folder in script.text for folder in _FOLDERS):
            continue
        for index, line in enumerate(script.text.split("\n")):
            if line.lstrip().startswith("#"):
                continue
            for found in _PATH.finditer(line):
                if found["name"] in _EVERYWHERE:
                    continue
                yield TreeViolation(
                    Location(script.file, index + 1, found.start() + 1),
                    Violation(
                        (),
                        f"{found.group()} is the home of {found['name']}, and is on no other "
                        "machine",
                        "write $HOME, or a path relative to the script",
                    ),
                )


RULE = TreeRule("home-path-hardcoded", Severity.WARNING, _check, acknowledgeable=True)
