"""Scripts of one tree have the same default for the same variable.

A script that names another cluster than its neighbour works on that other cluster, as soon as
somebody runs it without setting the variable. One file that all of them source is the way out.
Compared are scripts of one folder, and of folders side by side at the top of what is judged; a
variable with several defaults in one script depends on something.

Source: https://www.gnu.org/software/bash/manual/html_node/Shell-Parameter-Expansion.html (2025)

Passes:

    create.sh: |
      gcloud container clusters create "${CLUSTER_NAME:-llmd-tpu}" --quiet
    delete.sh: |
      gcloud container clusters delete "${CLUSTER_NAME:-llmd-tpu}" --quiet

Fails:

    create.sh: |
      CLUSTER_NAME="${CLUSTER_NAME:-llmd-gke-tpu}"
    delete.sh: |
      CLUSTER_NAME="${CLUSTER_NAME:-llmd-istio-tpu}"
"""

from __future__ import annotations

import posixpath
import re
from typing import TYPE_CHECKING

from llmd_render.diagnostics import Location, Severity, Violation, locate_offset

from .rule import TreeRule, TreeViolation
from .subjects.scripts import scripts

if TYPE_CHECKING:
    from collections.abc import Iterator

    from llmd_render.manifest import Tree
    from llmd_render.script import Script

# What is one for a whole deployment; a number of replicas or a folder may differ by script.
_NAMES = r"(?:\w*_)?(?:CLUSTER|CLUSTER_NAME|GATEWAY|GATEWAY_NAME|MODEL|MODEL_NAME|NAMESPACE)"
_PLACES = r"(?:\w*_)?(?:PROJECT|PROJECT_ID|REGION|ZONE)"
_DEFAULT = re.compile(
    rf"\$\{{(?P<name>{_NAMES}|{_PLACES}):?[-=](?P<value>[\w./:@-]+)\}}", re.IGNORECASE
)


def _check(tree: Tree) -> Iterator[TreeViolation]:
    first: dict[str, list[tuple[str, Location]]] = {}
    top = _find_top([script.file for script in scripts(tree)])
    for script in scripts(tree):
        for name, (value, place) in _read_defaults(script).items():
            known = first.setdefault(name, [])
            other = next((item for item in known if _are_near(item[1], place, top)), None)
            if other is None:
                known.append((value, place))
            elif other[0] != value:
                there = f"{other[1].file}:{other[1].line}"
                message = f"{name} is {value} by default, and {other[0]} in {there}"
                hint = "set it in one file that both scripts source"
                yield TreeViolation(place, Violation((), message, hint))


def _read_defaults(script: Script) -> dict[str, tuple[str, Location]]:
    """Give the default of each variable; none where it depends on something."""
    defaults: dict[str, tuple[str, Location]] = {}
    open_ones = set()
    for found in _DEFAULT.finditer(script.text):
        given = found["value"], locate_offset(script.file, script.text, found.start())
        if defaults.setdefault(found["name"], given)[0] != given[0]:
            open_ones.add(found["name"])
    return {name: item for name, item in defaults.items() if name not in open_ones}


def _find_top(files: list[str]) -> str:
    return posixpath.commonpath([posixpath.dirname(file) for file in files]) if files else ""


def _are_near(one: Location, other: Location, top: str) -> bool:
    """Whether two scripts are of one deployment: in one folder, or in folders at the top."""
    folders = {posixpath.dirname(item.file) for item in (one, other)}
    return len(folders) == 1 or all(
        item == top or posixpath.dirname(item) == top for item in folders
    )


RULE = TreeRule("script-default-contradicts-other", Severity.WARNING, _check, acknowledgeable=True)
