"""A Secret that is copied into another namespace leaves behind what the cluster wrote into it.

What `kubectl get --output=yaml` prints has a resourceVersion, a uid and perhaps an owner. With sed
the namespace alone is changed: the rest goes along, applying the copy again can end in a conflict,
and an owner of another namespace lets the garbage collector delete it.

Source: https://kubernetes.io/docs/concepts/architecture/garbage-collection/ (2026)

Passes:

    copy.sh: |
      kubectl get secret pull-secret --namespace=cert-manager --output=json |
        jq '{apiVersion, kind, type, data, metadata: {name: .metadata.name}}' |
        kubectl apply --namespace=llm --filename=-

Fails:

    copy.sh: |
      kubectl get secret pull-secret --namespace=cert-manager --output=yaml |
        sed 's/namespace: cert-manager/namespace: llm/' |
        kubectl apply --filename=-
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from llmd_render.diagnostics import Location, Severity, Violation
from llmd_render.script.structure import list_pipelines

from .rule import TreeRule, TreeViolation
from .subjects.scripts import scripts

if TYPE_CHECKING:
    from collections.abc import Iterator

    from llmd_render.manifest import Tree
    from llmd_render.script.structure import Part

_READS = re.compile(r"\bget\s+secrets?\b.*(-o|--output)[ =]?[\"']?(yaml|json)\b", re.DOTALL)
_WRITES = re.compile(r"\s(apply|create|replace)\s.*(-f|--filename)", re.DOTALL)
# By one of these, what the cluster wrote may go.
_CLEANERS = re.compile(r"\b(jq|yq|neat|awk|python3?|grep)\b|resourceVersion|/d\b")


def _check(tree: Tree) -> Iterator[TreeViolation]:
    for script in scripts(tree):
        if "secret" not in script.text or "sed" not in script.text:
            continue
        for parts in list_pipelines(script.text):
            if _copies(parts):
                message = "the Secret is copied with its resourceVersion, uid and owner"
                hint = (
                    "keep apiVersion, kind, type, data and metadata.name alone, as in jq "
                    "'{apiVersion, kind, type, data, metadata: {name: .metadata.name}}'"
                )
                place = Location(script.file, parts[0].line, parts[0].column)
                yield TreeViolation(place, Violation((), message, hint))


def _copies(parts: tuple[Part, ...]) -> bool:
    between = [part.text for part in parts[1:-1]]
    return (
        any(text.lstrip().startswith("sed") for text in between)
        and _READS.search(parts[0].text) is not None
        and _WRITES.search(parts[-1].text) is not None
        and not any(_CLEANERS.search(text) for text in between)
    )


RULE = TreeRule("secret-copied-with-metadata", Severity.WARNING, _check, acknowledgeable=True)
