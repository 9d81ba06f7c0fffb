"""A script that depends on a property of gcloud looks at its value, not at the exit status.

`gcloud config get-value project` succeeds and prints nothing where no project is set. An `if` or
`||` that waits for it to fail never does anything, and the next command fails in its stead.

Source: https://cloud.google.com/sdk/gcloud/reference/config/get-value (2026)

Passes:

    check.sh: |
      project=$(gcloud config get-value project)
      [ -n "$project" ] || exit 1

Fails:

    check.sh: |
      if ! gcloud config get-value project >/dev/null; then
        exit 1
      fi
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from llmd_render.diagnostics import Location, Severity, Violation
from llmd_render.script.structure import list_conditions

from .rule import TreeRule, TreeViolation
from .subjects.scripts import scripts

if TYPE_CHECKING:
    from collections.abc import Iterator

    from llmd_render.manifest import Tree

_READS = re.compile(r"gcloud\s+config\s+(get|get-value)\s+([\w/]+)")


def _check(tree: Tree) -> Iterator[TreeViolation]:
    for script in scripts(tree):
        if "config get" not in script.text:
            continue
        for part in list_conditions(script.text):
            found = _READS.match(part.text)
            if found:
                message = f"gcloud config {found[1]} succeeds, too, where {found[2]} is not set"
                hint = f'test the value, as in [ -n "$(gcloud config {found[1]} {found[2]})" ]'
                place = Location(script.file, part.line, part.column)
                yield TreeViolation(place, Violation((), message, hint))


RULE = TreeRule("gcloud-property-taken-as-set", Severity.WARNING, _check, acknowledgeable=True)
