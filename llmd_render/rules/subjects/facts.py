"""What several rules ask: facts that follow from a profile and the catalog, not a rule itself."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from llmd_render.catalog import find_topology, region_of
from llmd_render.stack import choose_machine_type, model_name

from .image_names import split_image

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from llmd_render.catalog import Catalog, GatewayClass, LanguageModel, Topology
    from llmd_render.profile import Profile

_VLLM_VERSION = re.compile(r"v?(\d+(?:\.\d+)+)")
_UPSTREAM_IMAGES = {"docker.io/vllm/vllm-tpu", "vllm/vllm-tpu"}
_RED_HAT = "registry.redhat.io/"


def listed(words: Iterable[str], last: str = "or") -> str:
    """Write words as a sentence lists them: `1x1, 2x2 or 2x4`."""
    *head, tail = words
    return f"{', '.join(head)} {last} {tail}" if head else tail


def model_row(profile: Profile, catalog: Catalog) -> LanguageModel | None:
    """Return what the catalog knows of the model; None unless it comes from Hugging Face."""
    scheme = profile.model.uri.partition("://")[0]
    return catalog.models.get(model_name(profile.model.uri)) if scheme == "hf" else None


def chosen_slice(profile: Profile, catalog: Catalog) -> Topology | None:
    """Return the slice of each replica; None where no machine type, or more than one, forms it."""
    machine = choose_machine_type(profile, catalog)
    return find_topology(catalog, machine.name, profile.tpu.topology) if machine else None


def slices_of(catalog: Catalog, accelerator: str, *, single_host: bool) -> list[Topology]:
    """Return the slices of an accelerator, all or those of one host, smallest first."""
    rows = [
        row
        for row in catalog.topologies
        if row.accelerator == accelerator and not (single_host and row.multi_host)
    ]
    return sorted(rows, key=lambda row: (row.chips, row.hosts))


def tensor_parallel(profile: Profile, catalog: Catalog) -> int | None:
    """Return over how many devices vLLM splits the model; None where the slice is unknown."""
    chosen = chosen_slice(profile, catalog)
    return profile.server.tensor_parallel or (chosen.tensor_parallel if chosen else None)


def load_balancer(profile: Profile, catalog: Catalog) -> GatewayClass | None:
    """Return the GatewayClass where GKE makes a load balancer of it; None for all others."""
    known = catalog.gateway_classes.get(profile.gateway.class_name)
    return known if known and known.name.startswith("gke-") else None


@dataclass(frozen=True, slots=True)
class Flag:
    """An argument of vLLM: which one of the list, its name as vLLM lists it, its value."""

    index: int
    name: str
    value: str


def flags_of(profile: Profile) -> Iterator[Flag]:
    """Read server.args the way vLLM does: `--a=b`, `--a b`, and `_` in names for `-`."""
    args = profile.server.args
    for index, argument in enumerate(args):
        name, has_value, value = re.sub(r"\s+", "=", argument.strip(), count=1).partition("=")
        if not name.startswith("-"):
            continue
        following = args[index + 1] if index + 1 < len(args) else ""
        if not has_value and not following.startswith("-"):
            value = following
        yield Flag(index, name.replace("_", "-"), value.strip())


def vllm_version(profile: Profile, catalog: Catalog) -> tuple[int, ...] | None:
    """Return the version of vLLM inside the image; None where the catalog cannot tell."""
    return version_in_image(profile.server.image, catalog)


def version_in_image(reference: str, catalog: Catalog) -> tuple[int, ...] | None:
    """Return the version of vLLM inside any image; None where the catalog cannot tell."""
    image = split_image(reference)
    known = catalog.images.get(f"{image.repository}:{image.tag}")
    version = known.vllm if known else None
    if image.repository in _UPSTREAM_IMAGES:
        version = image.tag
    elif version is None and image.repository.startswith(_RED_HAT):
        release = catalog.red_hat_versions.get(image.tag)
        version = release.vllm if release else None
    match = _VLLM_VERSION.fullmatch(version or "")
    return version_numbers(match.group(1)) if match else None


def version_numbers(version: str) -> tuple[int, ...]:
    """Turn 0.10.1.1 into numbers to compare."""
    return tuple(int(number) for number in version.split("."))


def zones_with(catalog: Catalog, accelerator: str, near: str) -> list[str]:
    """Return the zones GKE lists an accelerator in, those in the region of `near` first.

    Last are those that had none left when somebody tried.
    """
    rows = [row for row in catalog.zones if row.accelerator == accelerator and row.listed]
    rows.sort(key=lambda row: (row.sold_out is not None, row.region != region_of(near)))
    return [row.zone for row in rows]


def requirements(profile: Profile, catalog: Catalog) -> list[tuple[str, str]]:
    """Return what the deployment cannot do without, each with the first GKE version that has it."""
    gateway = catalog.gke_features.get("inference-gateway")
    accelerator = catalog.accelerators.get(profile.tpu.type)
    found = [
        ("the GKE Inference Gateway", gateway.minimum if gateway else None),
        (f"TPU {profile.tpu.type}", accelerator.gke_min_version if accelerator else None),
    ]
    return [(what, minimum) for what, minimum in found if minimum]
