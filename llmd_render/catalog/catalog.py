"""The catalog: our YAML data, parsed subject by subject when somebody asks for it."""

from __future__ import annotations

from functools import cache, cached_property
from importlib.resources import files
from typing import TYPE_CHECKING, Any, TypeVar, cast

from llmd_render.kubectl_yaml import read_document

from .google_cloud import GatewayApiBundle, GatewayClass, GkeFeature, Quota
from .kserve import CertManagerRelease, Infrastructure, KserveRelease
from .language_models import LanguageModel
from .prices import CpuPrice, Fee, Prices, TpuPrice
from .row import Source, _Row
from .serving import Image, RedHatVersion, SupportStatement, VllmFlag, VllmVariable
from .sizing import Figure
from .tpus import Accelerator, MachineType, MachineTypeRegions, NamePatterns, Topology, Zone

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from importlib.resources.abc import Traversable

_R = TypeVar("_R", bound=_Row)


class Catalog:
    """The facts, by subject; a run pays only for the subjects it asks about.

    Each file but `sources` holds sections of `{common, rows}`: what `common` says holds for every
    row that does not say otherwise.
    """

    def __init__(self, directory: Traversable, *, trusted: bool = False) -> None:
        """Open a folder of subject files.

        Trusted rows were validated when the program was tested and are only put into their
        models, which spares each run the building of validators.
        """
        self._directory = directory
        self._trusted = trusted
        self._files: dict[str, dict[str, Any]] = {}

    @cached_property
    def sources(self) -> Mapping[str, Source]:
        """Where the facts come from, by the ids that rows name."""
        return {id_: Source.model_validate(data) for id_, data in self._file("sources").items()}

    @cached_property
    def accelerators(self) -> Mapping[str, Accelerator]:
        """TPU generations by id, such as `v6e`."""
        rows = self._rows("accelerators", "accelerators", Accelerator)
        return {row.id: row for row in rows}

    @cached_property
    def machine_types(self) -> Mapping[str, MachineType]:
        """TPU machine types by name."""
        rows = self._rows("machine_types", "machine_types", MachineType)
        return {row.name: row for row in rows}

    @cached_property
    def machine_types_not_on_gke(self) -> tuple[NamePatterns, ...]:
        """Names that look like machine types and that GKE does not have."""
        return self._rows("machine_types", "not_on_gke", NamePatterns)

    @cached_property
    def machine_types_unverified(self) -> tuple[NamePatterns, ...]:
        """Names of machine types that nobody confirmed for GKE."""
        return self._rows("machine_types", "unverified", NamePatterns)

    @cached_property
    def topologies(self) -> tuple[Topology, ...]:
        """Slices by machine type, smallest first within one."""
        rows = self._data("topologies", "topologies")
        return tuple(self._make(Topology, self._with_devices(data)) for data in rows)

    @cached_property
    def zones(self) -> tuple[Zone, ...]:
        """Zones by accelerator, best supported first within one."""
        return self._rows("zones", "zones", Zone)

    @cached_property
    def machine_type_regions(self) -> Mapping[str, MachineTypeRegions]:
        """Regions by machine family, such as `ct6e`."""
        rows = self._rows("zones", "machine_type_regions", MachineTypeRegions)
        return {row.family: row for row in rows}

    @cached_property
    def gke_features(self) -> Mapping[str, GkeFeature]:
        """Minimum GKE versions by feature id, such as `inference-pool-v1`."""
        return {row.id: row for row in self._rows("gke_versions", "features", GkeFeature)}

    @cached_property
    def gateway_api_bundles(self) -> tuple[GatewayApiBundle, ...]:
        """Gateway API bundles and the GKE versions that bring them, oldest first."""
        return self._rows("gke_versions", "gateway_api_bundles", GatewayApiBundle)

    @cached_property
    def gateway_classes(self) -> Mapping[str, GatewayClass]:
        """GatewayClasses by name."""
        rows = self._rows("gateway_classes", "gateway_classes", GatewayClass)
        return {row.name: row for row in rows}

    @cached_property
    def quotas(self) -> Mapping[str, Quota]:
        """Quotas by our own id, such as `v6e-on-demand`."""
        return {row.id: row for row in self._rows("quotas", "quotas", Quota)}

    @cached_property
    def models(self) -> Mapping[str, LanguageModel]:
        """Models by Hugging Face id."""
        return {row.id: row for row in self._rows("models", "models", LanguageModel)}

    @cached_property
    def sizing(self) -> Mapping[str, Figure]:
        """Numbers that sizes and times are estimated with, by our own id."""
        return {row.id: row for row in self._rows("sizing", "sizing", Figure)}

    @cached_property
    def images(self) -> Mapping[str, Image]:
        """Images by reference."""
        return {row.ref: row for row in self._rows("images", "images", Image)}

    @cached_property
    def red_hat_versions(self) -> Mapping[str, RedHatVersion]:
        """Releases of the Red Hat AI Inference Server by version."""
        rows = self._rows("images", "red_hat_versions", RedHatVersion)
        return {row.version: row for row in rows}

    @cached_property
    def support(self) -> tuple[SupportStatement, ...]:
        """What vendors say they support."""
        return self._rows("images", "support", SupportStatement)

    @cached_property
    def prices(self) -> Prices:
        """List prices of TPUs, CPU nodes and fees."""
        return Prices(
            tpu=self._rows("prices", "tpu", TpuPrice),
            cpu=self._rows("prices", "cpu", CpuPrice),
            fees={row.id: row for row in self._rows("prices", "fees", Fee)},
        )

    @cached_property
    def kserve_releases(self) -> Mapping[str, KserveRelease]:
        """KServe releases that can be rendered for, by version."""
        return {row.version: row for row in self._rows("kserve", "releases", KserveRelease)}

    @cached_property
    def infrastructure(self) -> Infrastructure:
        """The charts that install cert-manager."""
        return self._rows("kserve", "infrastructure", Infrastructure)[0]

    @cached_property
    def cert_manager(self) -> CertManagerRelease:
        """The release of cert-manager that is installed where a profile names none."""
        return self._rows("kserve", "cert_manager", CertManagerRelease)[0]

    @cached_property
    def vllm_environment(self) -> Mapping[str, VllmVariable]:
        """Environment variables of vLLM and libtpu by name."""
        return {row.name: row for row in self._rows("vllm", "environment", VllmVariable)}

    @cached_property
    def vllm_flags(self) -> Mapping[str, VllmFlag]:
        """Flags of vLLM by name, with what becomes of them on a TPU."""
        return {row.name: row for row in self._rows("vllm", "flags", VllmFlag)}

    def _with_devices(self, data: dict[str, Any]) -> dict[str, Any]:
        accelerator = self.accelerators[self.machine_types[data["machine_type"]].accelerator]
        return data | {
            "accelerator": accelerator.id,
            "devices_per_chip": accelerator.devices_per_chip,
        }

    def _rows(self, subject: str, section: str, model: type[_R]) -> tuple[_R, ...]:
        return tuple(self._make(model, data) for data in self._data(subject, section))

    def _make(self, model: type[_R], data: dict[str, Any]) -> _R:
        # A row that holds other models has to be taken apart by a validator in any case.
        if not self._trusted or any(isinstance(value, dict) for value in data.values()):
            return model.model_validate(data)
        tuples = {key: tuple(value) for key, value in data.items() if isinstance(value, list)}
        return cast("_R", model.model_construct(**data | tuples))

    def _data(self, subject: str, section: str) -> Iterator[dict[str, Any]]:
        content = self._file(subject)[section]
        common: dict[str, Any] = content.get("common", {})
        rows: Iterable[dict[str, Any]] = content["rows"]
        return (common | row for row in rows)

    def _file(self, subject: str) -> dict[str, Any]:
        if subject not in self._files:
            text = (self._directory / f"{subject}.yaml").read_text(encoding="utf-8")
            self._files[subject] = read_document(text)
        return self._files[subject]


@cache
def load_catalog() -> Catalog:
    """Return the catalog that comes with the program, the same one every time."""
    return Catalog(files("llmd_render") / "data" / "catalog", trusted=True)
