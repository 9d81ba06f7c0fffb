"""A file or heading that a Markdown text links to exists.

A runbook is read when something is on fire: a link in it that leads nowhere costs the time that
was to be saved.

Source: https://spec.commonmark.org/0.31.2/#links (2024-01-28)

Passes:

    README.md: |
      See the [troubleshooting](docs/troubleshooting.md#pods).
    docs/troubleshooting.md: |
      # Pods

Fails:

    README.md: |
      See the [troubleshooting](docs/troubleshooting.md#pods).
"""

from __future__ import annotations

import posixpath
from typing import TYPE_CHECKING

from llmd_render.diagnostics import Severity, Violation
from llmd_render.markdown import list_anchors, list_links

from .rule import TreeRule, TreeViolation

if TYPE_CHECKING:
    from collections.abc import Iterator

    from llmd_render.manifest import Tree


def _check(tree: Tree) -> Iterator[TreeViolation]:
    folders = {posixpath.dirname(path) for path in tree.files}
    for link in list_links(tree):
        if link.target in tree.files or link.target in tree.elsewhere:
            continue
        # What lies beside the tree may be there for those who have all of it.
        if link.written.startswith("..") and posixpath.dirname(link.target) not in folders:
            continue
        message = f"the text links to {link.written}, which does not exist"
        hint = "write the file, or remove the link"
        yield TreeViolation(link.location, Violation((), message, hint))
    for anchor in list_anchors(tree):
        message = f"the text links to #{anchor.written}, and {anchor.target} has no such heading"
        hint = "write the name of a heading, in lower case and with - for spaces"
        yield TreeViolation(anchor.location, Violation((), message, hint))


RULE = TreeRule("markdown-link-broken", Severity.WARNING, _check, acknowledgeable=True)
