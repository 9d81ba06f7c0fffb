"""Scripts of one tree have the same default for the same variable.

A script that names another cluster than its neighbour works on that other cluster, as soon as
somebody runs it without setting the variable. One file that all of them source is the way out.

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

import re
from typing import TYPE_CHECKING

from llmd_render.diagnostics import Location, Severity, Violation

from .rule import TreeRule, TreeViolation
from .scripts import scripts

if TYPE_CHECKING:
    from collections.abc import Iterator

    from llmd_render.manifest import Tree

# What is one for a whole deployment; a number of replicas or a folder may differ by script.
_NAMES = r"(?:\w*_)?(?:CLUSTER|CLUSTER_NAME|GATEWAY|GATEWAY_NAME|MODEL|MODEL_NAME|NAMESPACE)"
_PLACES = r"(?:\w*_)?(?:PROJECT|PROJECT_ID|REGION|ZONE)"
_DEFAULT = re.compile(
    rf"\$\{{(?P<name>{_NAMES}|{_PLACES}):?[-=](?P<value>[\w./:@-]+)\}}", re.IGNORECASE
)


def _check(tree: Tree) -> Iterator[TreeViolation]:
    first: dict[str, tuple[str, Location]] = {}
    for script in scripts(tree):
        for found in _DEFAULT.finditer(script.text):
            name, value = found["name"], found["value"]
            line = script.text.count("\n", 0, found.start()) + 1
            column = found.start() - script.text.rfind("\n", 0, found.start())
            place = Location(script.file, line, column)
            known, there = first.setdefault(name, (value, place))
            if known == value or there.file == place.file:
                continue
            message = f"{name} is {value} by default, and {known} in {there.file}:{there.line}"
            hint = "set it in one file that both scripts source"
            yield TreeViolation(place, Violation((), message, hint))


RULE = TreeRule("script-default-contradicts-other", Severity.WARNING, _check, acknowledgeable=True)
