"""The versions that something is judged against, where they are not those that it names."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from typing import TYPE_CHECKING

from llmd_render.diagnostics import did_you_mean
from llmd_render.validate import SchemaStore, UnknownKubernetesVersionError
from llmd_render.versions import kubernetes_minor, parse_gke_version

from .usage import usage_problem

if TYPE_CHECKING:
    from llmd_render.profile import Profile

DEFAULT_KUBERNETES = "1.34"


@dataclass(frozen=True, slots=True)
class Target:
    """Versions to judge against as well as those of the profile; an empty one changes nothing."""

    kubernetes: str = ""
    gke: str = ""
    kserve: str = ""

    def judged(self, profile: Profile) -> Profile:
        """Give the profile as it would be with the versions of the target."""
        updated = profile
        if self.gke:
            cluster = profile.cluster.model_copy(update={"version": self.gke})
            updated = updated.model_copy(update={"cluster": cluster})
        if self.kserve:
            kserve = profile.kserve.model_copy(update={"version": self.kserve})
            updated = updated.model_copy(update={"kserve": kserve})
        return updated

    def schemas_of(self, kubernetes: str) -> str:
        """Choose the Kubernetes version of the core schemas; `kubernetes` is the profile's."""
        return self.kubernetes or kubernetes_minor(self.gke) or kubernetes


def parse_target(text: str) -> Target:
    """Read `kubernetes=1.34,gke=1.34,kserve=0.15`, any of them; raises UsageProblem."""
    target = Target()
    shown = f"--target {text}"
    known = [item.name for item in fields(Target)]
    for part in filter(None, text.split(",")):
        name, equals, version = part.partition("=")
        if not equals or not version:
            message = f"`{part}` is not of the form name=version"
            raise usage_problem(shown, message, "target-form-wrong", f"names: {', '.join(known)}")
        if name not in known:
            hint = did_you_mean(name, known, f"names: {', '.join(known)}")
            raise usage_problem(shown, f"there is no target {name}", "target-name-unknown", hint)
        target = replace(target, **{name: version})
    try:
        parse_gke_version(target.gke or DEFAULT_KUBERNETES)
    except ValueError as error:
        raise usage_problem(shown, str(error), "target-version-malformed") from error
    try:
        SchemaStore(target.schemas_of(DEFAULT_KUBERNETES))
    except UnknownKubernetesVersionError as error:
        raise usage_problem(shown, str(error), "target-version-unknown") from error
    return target
