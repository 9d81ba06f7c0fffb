"""The CustomResourceDefinitions in the documents of a file, as kubectl writes them."""

from __future__ import annotations

import json
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING, Any

from llmd_render.bounds import DEEPEST
from llmd_render.diagnostics import Diagnostic, Location
from llmd_render.manifest import Manifest, explain_json_error, read_manifests, unroll

from .shape import CRD, check_crd

if TYPE_CHECKING:
    from collections.abc import Mapping

# Who sees ten mistakes in one file knows that it is the wrong file.
_MOST_SHOWN = 10


@dataclass(frozen=True, slots=True)
class FoundCRD:
    """A CustomResourceDefinition of the right shape, and where it stands."""

    crd: Mapping[str, Any]
    manifest: Manifest


def find_crds(text: str, file: str) -> tuple[list[FoundCRD], list[Diagnostic]]:
    """Find the CustomResourceDefinitions of a file, and what is wrong with them or the file.

    Other kinds are passed over.
    """
    manifests, problems = _read_documents(text, file)
    found: list[FoundCRD] = []
    for manifest in manifests:
        if not isinstance(manifest.data, dict) or manifest.kind != CRD:
            continue
        violations = islice(check_crd(manifest.data), _MOST_SHOWN)
        wrong = [manifest.diagnose(item) for item in violations]
        problems += wrong
        if not wrong:
            found.append(FoundCRD(manifest.data, manifest))
    return found, problems


def _read_documents(text: str, file: str) -> tuple[list[Manifest], list[Diagnostic]]:
    if not file.endswith(".json"):
        return read_manifests(text, file)
    # JSON is YAML, too, but to read it as YAML takes many times as long.
    try:
        data = json.loads(
            text, object_pairs_hook=_without_duplicates, parse_constant=_refuse_constant
        )
        too_deep = _is_too_deep(data)
    except RecursionError:
        too_deep = True
    except ValueError as error:
        return [], [explain_json_error(error, text, file)]
    if too_deep:
        message = f"the data is nested more than {DEEPEST} levels deep"
        return [], [Diagnostic(Location(file), message, "json-nested-too-deep")]
    return list(unroll(Manifest(file, 0, data, text))), []


def _without_duplicates(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    made = dict(pairs)
    if len(made) != len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise ValueError(f"duplicate key {twice!r}")
    return made


def _refuse_constant(name: str) -> None:
    raise ValueError(f"{name} is no number of JSON")


def _is_too_deep(data: Any) -> bool:
    waiting = [(data, 1)]
    while waiting:
        value, depth = waiting.pop()
        if isinstance(value, dict):
            value = list(value.values())
        if isinstance(value, list):
            if depth > DEEPEST:
                return True
            waiting.extend((item, depth + 1) for item in value)
    return False
