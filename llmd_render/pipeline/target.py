"""The versions that something is judged against, where they are not those that it names."""

from __future__ import annotations

from typing import TYPE_CHECKING

from llmd_render.diagnostics import did_you_mean
from llmd_render.validate import KSERVE_RELEASES, SchemaStore, UnknownKubernetesVersionError
from llmd_render.versions import UNSTATED, Versions, is_older, kubernetes_minor, parse_gke_version

from .usage import UsageProblem, usage_problem

if TYPE_CHECKING:
    from llmd_render.catalog import Catalog
    from llmd_render.profile import Profile

_FIELDS = {
    "kubernetes": "kubernetes",
    "gke": "gke",
    "gateway-api": "gateway_api",
    "kserve": "kserve",
}
_NAMES = f"names: {', '.join(_FIELDS)}"


def parse_target(text: str) -> Versions:
    """Read `kubernetes=1.35,gke=1.35,gateway-api=1.5,kserve=0.17`, any of them.

    What follows from what is given is stated, too: GKE brings Kubernetes and the Gateway API.
    Raises UsageProblem.
    """
    shown = f"--target {text}"
    given: dict[str, str] = {}
    for part in filter(None, map(str.strip, text.split(","))):
        name, equals, version = (item.strip() for item in part.partition("="))
        if not equals or not version:
            message = f"`{part}` is not of the form name=version"
            raise usage_problem(shown, message, "target-form-wrong", _NAMES)
        field = _FIELDS.get(name.lower().replace("_", "-").replace("gatewayapi", "gateway-api"))
        if field is None:
            hint = did_you_mean(name, _FIELDS, _NAMES)
            raise usage_problem(shown, f"there is no target {name}", "target-name-unknown", hint)
        if field in given:
            message = f"{name} is given twice"
            raise usage_problem(shown, message, "target-form-wrong", f"keep one {name}=")
        given[field] = version.removeprefix("v")
    return _complete(_check(Versions(**given), shown)) if given else UNSTATED


def versions_of(profile: Profile, catalog: Catalog) -> Versions:
    """Give the versions that a profile names, and what follows from them."""
    gke = profile.cluster.version
    return Versions(
        kubernetes=kubernetes_minor(gke),
        gke=gke,
        gateway_api=_bundled_gateway_api(gke, catalog),
        kserve=profile.kserve.version,
    )


def judged_profile(profile: Profile, target: Versions, catalog: Catalog) -> Profile:
    """Give the profile as it would be with the versions of the target.

    A KServe that no tree can be rendered for is for the rules about trees to judge.
    """
    updated = profile
    if target.gke:
        cluster = profile.cluster.model_copy(update={"version": target.gke})
        updated = updated.model_copy(update={"cluster": cluster})
    if target.kserve in catalog.kserve_releases:
        kserve = profile.kserve.model_copy(update={"version": target.kserve})
        updated = updated.model_copy(update={"kserve": kserve})
    return updated


def _check(target: Versions, shown: str) -> Versions:
    """Refuse what nothing is known of; write the others as the rest of the program does."""
    if target.gke:
        try:
            parse_gke_version(target.gke)
        except ValueError as error:
            hint = "write it as 1.35 or 1.35.2-gke.1842000"
            raise usage_problem(shown, str(error), "target-version-malformed", hint) from error
    kubernetes = ""
    for wanted in filter(None, (target.kubernetes, kubernetes_minor(target.gke))):
        try:
            kubernetes = SchemaStore(wanted).kubernetes
        except UnknownKubernetesVersionError as error:
            raise usage_problem(shown, str(error), "target-version-unknown") from error
        if target.gke and not target.gke.startswith(f"{kubernetes}.") and target.gke != kubernetes:
            message = f"GKE {target.gke} is not Kubernetes {kubernetes}"
            hint = "leave kubernetes out; it follows from gke"
            raise usage_problem(shown, message, "target-versions-contradict", hint)
    kserve = _choose("KServe", target.kserve, KSERVE_RELEASES, shown)
    known = _gateway_apis() if target.gateway_api else ()
    gateway_api = _choose("the Gateway API", target.gateway_api, known, shown)
    return Versions(kubernetes, target.gke, gateway_api, kserve)


def _choose(what: str, version: str, known: tuple[str, ...], shown: str) -> str:
    """Find the release line that a version such as 0.17.1 is of."""
    if not version:
        return ""
    line = next((item for item in known if f"{version}.".startswith(f"{item}.")), None)
    if line is None:
        raise _unknown(what, version, known, shown)
    return line


def _unknown(what: str, version: str, known: tuple[str, ...], shown: str) -> UsageProblem:
    message = f"nothing is known of {what} {version!r}; known are {', '.join(known)}"
    return usage_problem(shown, message, "target-version-unknown")


def _complete(target: Versions) -> Versions:
    from llmd_render.catalog import load_catalog  # noqa: PLC0415 - most runs have no target

    if not target.gke:
        return target
    implied = _bundled_gateway_api(target.gke, load_catalog())
    return target.completed(Versions(gateway_api=implied))


def _gateway_apis() -> tuple[str, ...]:
    from llmd_render.catalog import load_catalog  # noqa: PLC0415 - most runs have no target

    bundles = [_minor(row.bundle) for row in load_catalog().gateway_api_bundles]
    return tuple(dict.fromkeys(bundles))


def _bundled_gateway_api(gke: str, catalog: Catalog) -> str:
    """Give the release of the Gateway API that a GKE version surely brings, if one is known."""
    first: dict[str, list[str]] = {}
    for row in catalog.gateway_api_bundles:
        first.setdefault(_minor(row.bundle), []).append(row.minimum)
    brought = [
        bundle
        for bundle, builds in first.items()
        if not any(is_older(gke, build) for build in builds)
    ]
    return brought[-1] if brought else ""


def _minor(bundle: str) -> str:
    return bundle.rpartition(".")[0]
