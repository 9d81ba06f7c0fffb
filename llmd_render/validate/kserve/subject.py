"""What a rule looks at, and when it holds."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from llmd_render.diagnostics import DataPath, Violation

from .reading import mapping_at
from .release import KServeRelease

SERVICE = "LLMInferenceService"
CONFIG = "LLMInferenceServiceConfig"
GROUP = "serving.kserve.io"
ALPHA1 = "v1alpha1"
ALPHA2 = "v1alpha2"
POD_SPECS: tuple[tuple[str, ...], ...] = (
    ("spec", "template"),
    ("spec", "worker"),
    ("spec", "prefill", "template"),
    ("spec", "prefill", "worker"),
    ("spec", "router", "scheduler", "template"),
)
"""Where a service or a config describes Pods."""


@dataclass(frozen=True, slots=True)
class Subject:
    """One object as the webhook gets it; `version` is the one that it was written in."""

    kind: str
    version: str
    release: KServeRelease
    metadata: dict[str, Any]
    spec: dict[str, Any]

    def workloads(self) -> Iterator[tuple[DataPath, dict[str, Any]]]:
        """List the workload of the service and, where there is one, that of its prefill."""
        yield ("spec",), self.spec
        prefill = mapping_at(self.spec, "prefill")
        if prefill is not None:
            yield ("spec", "prefill"), prefill


Check = Callable[[Subject], Iterator[Violation]]
"""Everything that one function of the webhook refuses."""


@dataclass(frozen=True, slots=True)
class Rule:
    """A check and the kind, releases and API versions that it holds for; both ends included."""

    check: Check
    kind: str = SERVICE
    since: KServeRelease = KServeRelease.V0_15
    until: KServeRelease = KServeRelease.V0_17
    versions: tuple[str, ...] = (ALPHA1, ALPHA2)

    def holds_for(self, subject: Subject) -> bool:
        """Whether the webhook of this release puts this rule to this object."""
        return (
            self.kind == subject.kind
            and self.since <= subject.release <= self.until
            and subject.version in self.versions
        )
