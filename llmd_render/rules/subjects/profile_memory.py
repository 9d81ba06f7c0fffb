"""A profile's model beside the TPUs that it runs on; shared by the rules about memory."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from llmd_render.diagnostics import Violation

from .facts import (
    chosen_slice,
    flags_of,
    listed,
    model_row,
    slices_of,
    tensor_parallel,
    vllm_version,
)
from .model_memory import (
    SHARE_FLAG,
    SHORTEST,
    Devices,
    Need,
    compare,
    find_roomier,
    is_sized_otherwise,
    least_need,
    most_need,
    shares,
)

if TYPE_CHECKING:
    from llmd_render.catalog import Catalog, LanguageModel, Topology
    from llmd_render.diagnostics import DataPath
    from llmd_render.profile import Profile


@dataclass(frozen=True, slots=True)
class Fit:
    """A model on the devices of a profile, by both accounts."""

    profile: Profile
    catalog: Catalog
    model: LanguageModel
    chosen: Topology
    least: Need
    most: Need
    devices: Devices
    """With the least share of the memory that vLLM may use."""
    largest_share: float

    @property
    def best_devices(self) -> Devices:
        """The devices with the largest share of the memory that vLLM may use."""
        return replace(self.devices, share=self.largest_share)

    @property
    def length(self) -> int:
        """The longest request that vLLM is to serve."""
        return self.profile.server.max_model_len

    @property
    def has_room_for_weights(self) -> bool:
        """Whether the weights alone are no larger than all the memory."""
        return self.least.weights <= self.devices.memory

    @property
    def fits_at_best(self) -> bool:
        """Whether vLLM may start: one request fits by the lower account."""
        return self.least.fits(self.length, self.best_devices.budget)

    @property
    def fits_at_worst(self) -> bool:
        """Whether vLLM ought to start: one request fits by the upper account."""
        return self.most.fits(self.length, self.devices.budget)

    def violation(self, message: str) -> Violation:
        """Make a violation of what to change, where the first change would be."""
        careful = min(self.most.longest(self.devices.budget), self.model.context)
        most = min(self.least.longest(self.best_devices.budget), self.model.context)
        roomier = self._roomier()
        ways: list[str] = []
        path: DataPath = ("server", "maxModelLen")
        if careful >= SHORTEST:
            ways.append(f"set server.maxModelLen to {careful} or less")
        elif SHORTEST <= most < self.length:
            ways.append(f"lower server.maxModelLen to {most}, the most that can fit")
        else:
            own = self.profile.server.tensor_parallel and self.chosen in roomier
            path = ("server", "tensorParallel") if own else ("tpu", "topology")
        if self.chosen in roomier:
            ways.append(f"set server.tensorParallel to {self.chosen.tensor_parallel}")
        others = [row for row in roomier if row != self.chosen]
        if others:
            names = listed(f"{row.topology} on {row.machine_type}" for row in others)
            ways.append(f"use the topology {names}")
        return Violation(path, message, ", or ".join(ways) or "use a smaller model")

    def compare(self, verb: str, *, worst: bool) -> str:
        """Write the sum of one of the two accounts."""
        need, devices = (self.most, self.devices) if worst else (self.least, self.best_devices)
        return compare(self.model, need, self.length, devices, verb)

    def _roomier(self) -> list[Topology]:
        """List the slices of one host with room by the upper account, split over all devices."""
        rows = slices_of(self.catalog, self.chosen.accelerator, single_host=True)
        return find_roomier(rows, self.model, self.length, self.devices, self.catalog)


def fit_of(profile: Profile, catalog: Catalog) -> Fit | None:
    """Size a profile's model; None where model, slice or split is unknown or wrong."""
    model, chosen = model_row(profile, catalog), chosen_slice(profile, catalog)
    size = tensor_parallel(profile, catalog)
    if model is None or chosen is None or size is None:
        return None
    if chosen.tensor_parallel % size or not model.allows_tensor_parallel(size):
        return None
    flags = {flag.name: flag.value for flag in flags_of(profile)}
    if is_sized_otherwise(flags, profile.server.env):
        return None
    version = vllm_version(profile, catalog)
    given = flags.get(SHARE_FLAG)
    least_share, largest_share = shares(catalog, version, "" if given is None else given or "?")
    return Fit(
        profile,
        catalog,
        model,
        chosen,
        least_need(model, size),
        most_need(model, size, catalog),
        Devices(catalog.accelerators[chosen.accelerator], size, least_share),
        largest_share,
    )
