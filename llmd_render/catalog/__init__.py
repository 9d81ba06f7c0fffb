"""Facts about Google Cloud, vLLM and models: our own dated, sourced data behind closed models."""

from __future__ import annotations

from .catalog import Catalog, load_catalog
from .flag_table import FlagForm, FlagTable, VllmRelease, load_flag_table
from .google_cloud import GatewayApiBundle, GatewayClass, GkeFeature, Quota
from .kserve import CertManagerRelease, Infrastructure, KserveRelease
from .language_models import LanguageModel
from .lookup import (
    cpu_price,
    find_topology,
    find_zone,
    gateway_api_bundle,
    machine_types_forming,
    topologies_of,
    tpu_price,
)
from .prices import CpuPrice, Fee, PriceKind, Prices, TpuPrice
from .row import Source, Status
from .serving import Image, RedHatVersion, SupportStatement, VllmFlag, VllmVariable
from .sizing import Figure
from .tpus import (
    Accelerator,
    MachineType,
    MachineTypeRegions,
    NamePatterns,
    Topology,
    Zone,
    region_of,
)

__all__ = [
    "Accelerator",
    "Catalog",
    "CertManagerRelease",
    "CpuPrice",
    "Fee",
    "Figure",
    "FlagForm",
    "FlagTable",
    "GatewayApiBundle",
    "GatewayClass",
    "GkeFeature",
    "Image",
    "Infrastructure",
    "KserveRelease",
    "LanguageModel",
    "MachineType",
    "MachineTypeRegions",
    "NamePatterns",
    "PriceKind",
    "Prices",
    "Quota",
    "RedHatVersion",
    "Source",
    "Status",
    "SupportStatement",
    "Topology",
    "TpuPrice",
    "VllmFlag",
    "VllmRelease",
    "VllmVariable",
    "Zone",
    "cpu_price",
    "find_topology",
    "find_zone",
    "gateway_api_bundle",
    "load_catalog",
    "load_flag_table",
    "machine_types_forming",
    "region_of",
    "topologies_of",
    "tpu_price",
]
