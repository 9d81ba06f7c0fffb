r"""A backslash that is to continue a line is the last character of it.

Before a space it makes an argument of one space instead, whether or not a comment follows. The call
ends there: gcloud refuses the argument, and bash takes the options in the next line for a command.

Source: https://www.gnu.org/software/bash/manual/html_node/Escape-Character.html (2025)

Passes:

    list.sh: |
      # All of them.
      gcloud container clusters list --zone=europe-west4-a \
        --limit=5

Fails:

    list.sh: |
      gcloud container clusters list --zone=europe-west4-a \ # all of them
        --limit=5
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from llmd_render.diagnostics import Severity, Violation, locate_offset
from llmd_render.script import is_code

from .rule import TreeRule, TreeViolation
from .subjects.scripts import scripts

if TYPE_CHECKING:
    from collections.abc import Iterator

    from llmd_render.manifest import Tree
    from llmd_render.script import Script

_BROKEN = re.compile(r"[ \t](?P<place>\\)[ \t]+(?:#[^\n]*)?\n(?P<option>[ \t]+-)?")
# Any of these refuses an argument of one space; `tr -d \ ` means it.
_PROGRAMS = {"curl", "gcloud", "helm", "kubectl"}


def _check(tree: Tree) -> Iterator[TreeViolation]:
    for script in scripts(tree):
        for found in _BROKEN.finditer(f"{script.text}\n"):
            place = found.start("place")
            is_meant = found["option"] or _ends_call(script, place)
            if is_meant and is_code(script.text, place):
                yield TreeViolation(
                    locate_offset(script.file, script.text, place),
                    Violation(
                        (),
                        "the backslash continues no line: before a space it makes an argument of "
                        "one space, and the call ends here",
                        "end the line with the backslash, and put a comment on a line of its own",
                    ),
                )


def _ends_call(script: Script, place: int) -> bool:
    line = script.text.count("\n", 0, place) + 1
    return any(
        call.program in _PROGRAMS and (call.words[-1].line if call.words else call.line) == line
        for call in script.calls
    )


RULE = TreeRule("backslash-continues-no-line", Severity.ERROR, _check, acknowledgeable=True)
