"""No counter that is still 0 ends a script with `set -e`.

`((count++))`, or `let count++`, has the old value as its result, and a result of 0 counts as a
failure. Under `set -e` the script ends there without a word, at the first thing that it wanted to
count.

Source: https://www.gnu.org/software/bash/manual/html_node/Conditional-Constructs.html (2025)

Passes:

    check.sh: |
      set -e
      count=0
      count=$((count + 1))

Fails:

    check.sh: |
      set -e
      count=0
      ((count++))
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from llmd_render.diagnostics import Severity, Violation, locate_offset

from .rule import TreeRule, TreeViolation
from .subjects.scripts import scripts

if TYPE_CHECKING:
    from collections.abc import Iterator

    from llmd_render.manifest import Tree
    from llmd_render.script import Script

# Alone on its line: after `&&`, `||` or `if` a result of 0 ends nothing.
_INCREMENT = re.compile(
    r"^[ \t]*(?P<call>\(\( *(?P<name>\w+)(\+\+|--) *\)\)"
    r"|let +(?P<quote>[\"']?)(?P<let>\w+)(\+\+|--)(?P=quote))[ \t]*;?[ \t]*(#.*)?$",
    re.MULTILINE,
)
_OPTION = re.compile(r"-[A-Za-z]*e[A-Za-z]*")


def _check(tree: Tree) -> Iterator[TreeViolation]:
    for script in scripts(tree):
        if not _ends_on_failure(script):
            continue
        for found in _INCREMENT.finditer(script.text):
            start = found.start("call")
            name = found["name"] or found["let"]
            yield TreeViolation(
                locate_offset(script.file, script.text, start),
                Violation(
                    (),
                    f"the script ends here when {name} is 0, because of set -e",
                    f"write {name}=$(({name} + 1))"
                    if "++" in found.group()
                    else f"write {name}=$(({name} - 1))",
                ),
            )


def _ends_on_failure(script: Script) -> bool:
    """Whether `set -e` holds, by its first line or by a call of `set`."""
    first = script.text.partition("\n")[0]
    if first.startswith("#!") and re.search(r"\s-\w*e", first):
        return True
    return any(
        call.program == "set"
        and any(_OPTION.fullmatch(word.text) or word.text == "errexit" for word in call.words)
        for call in script.calls
    )


RULE = TreeRule("arithmetic-increment-ends-script", Severity.WARNING, _check, acknowledgeable=True)
