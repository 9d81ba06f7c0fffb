"""One object as the API server takes it in: find its schema, default, check."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from llmd_render.diagnostics import Severity, Violation
from llmd_render.lookup import value_at
from llmd_render.versions import ASSUMED

from .cel import check_rules, gather_missing
from .defaults import apply_defaults
from .kserve import ALPHA2, GROUP, POD_SPECS, KServeRelease, check_kserve
from .metadata import check_metadata
from .native import check_embedded_pod_spec, check_native
from .structure import check_structure
from .words import show_with_type

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from .store import Schema, SchemaStore

_NOT_EVALUATED = "cel-rule-not-evaluated"
_PARTIAL = "schema-unknown-field-partial"
# After these the API server still asks the rules in CEL. It does so, too, after a wrong pattern or
# a number out of bounds, but what the rules then say mostly follows from that.
_NOT_BLOCKING = frozenset({_PARTIAL, "schema-duplicate-item"})


@dataclass(slots=True)
class Admission:
    """An API server that has certain schemas: what it would say, and how much it was asked.

    `unknown` allows kinds without a schema, as `Kind.group`, each for a reason; `unevaluated` is
    the reason for which rules in CEL may stay unjudged.
    """

    store: SchemaStore
    unknown: Mapping[str, str] = field(default_factory=dict)
    kserve: str = ASSUMED.kserve
    unevaluated: str = ""
    objects: int = 0
    cel_rules: int = 0
    schemas: set[tuple[str, str]] = field(default_factory=set)
    allowed: set[str] = field(default_factory=set)

    def check(self, data: Any) -> Iterator[Violation]:
        """Find everything that is wrong with one object."""
        self.objects += 1
        if not isinstance(data, dict):
            message = f"the manifest is {show_with_type(data)}; it must be a mapping"
            yield Violation((), message, code="manifest-without-kind")
            return
        problems = list(_check_identity(data))
        if problems:
            yield from problems
            return
        schema = self.store.find(data["apiVersion"], data["kind"])
        if schema is None:
            yield self._refuse_unknown(data["apiVersion"], data["kind"])
            return
        self.schemas.add((schema.api_version, schema.kind))
        for violation in self._check(data, schema):
            partial = violation.code == _PARTIAL
            yield replace(violation, severity=Severity.WARNING) if partial else violation

    def _check(self, data: dict[str, Any], schema: Schema) -> Iterator[Violation]:
        defaulted = apply_defaults(data, schema)
        problems = list(check_structure(defaulted, schema))
        yield from problems
        yield from check_metadata(data, schema)
        # What follows relies on the structure, and the API server does not come to it either.
        passing = {_PARTIAL} if schema.core else _NOT_BLOCKING
        if any(item.code not in passing for item in problems):
            return
        yield from check_native(data)
        report = check_rules(defaulted, schema)
        self.cel_rules += report.evaluated
        for violation in gather_missing(report.violations, schema):
            if violation.code == _NOT_EVALUATED:
                yield replace(violation, acknowledged=self.unevaluated)
            else:
                yield violation
        # KServe's webhook has some of the same rules, and comes last.
        if not report.violations and not any(item.code != _PARTIAL for item in problems):
            yield from self._check_service(data, schema)

    def _check_service(self, data: dict[str, Any], schema: Schema) -> Iterator[Violation]:
        if schema.group != GROUP:
            return
        release = KServeRelease.serving(self.kserve)
        # What is written in a version that an old release does not serve is meant for a newer one.
        if schema.version == ALPHA2:
            release = max(release, KServeRelease.V0_17)
        yield from check_kserve(data, release)
        for path in POD_SPECS:
            yield from check_embedded_pod_spec(value_at(data, *path), path)

    def _refuse_unknown(self, api_version: str, kind: str) -> Violation:
        group = api_version.rpartition("/")[0]
        name = f"{kind}.{group}" if group else kind
        if name in self.unknown:
            self.allowed.add(name)
        near = self.store.suggest_kind(api_version, kind)
        meant = f"did you mean {near}? Otherwise " if near else ""
        return Violation(
            ("kind",),
            f"{api_version} {kind} is a kind without a schema, so nothing of it can be checked",
            hint=f"{meant}give its CRD with --crds, or allow it: --allow-unknown {name}=REASON",
            code="schema-missing-for-kind",
            acknowledged=self.unknown.get(name, ""),
        )


def check_object(data: Any, store: SchemaStore) -> Iterator[Violation]:
    """Find everything that is wrong with one object."""
    return Admission(store).check(data)


def _check_identity(data: dict[str, Any]) -> Iterator[Violation]:
    for name in ("apiVersion", "kind"):
        value = data.get(name)
        if isinstance(value, str) and value:
            continue
        path = (name,) if name in data else ()
        yield Violation(path, _what_is_wrong(name, data), code="manifest-without-kind")


def _what_is_wrong(name: str, data: dict[str, Any]) -> str:
    if name not in data:
        return f"{name} is missing"
    wanted = "name a kind" if name == "kind" else "name a group and version"
    if not isinstance(data[name], str):
        wanted = "be a string"
    return f"{name} is {show_with_type(data[name])}; it must {wanted}"
