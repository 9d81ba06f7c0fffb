"""What a person writes: shapes and types only; whatever depends on other things is a rule."""
# No `from __future__ import annotations`: Pydantic would have to compile each of them at start-up.

from typing import Annotated, Literal

from pydantic import Field

from .benchmark import Benchmark
from .cluster import CertManager, Cluster, Kserve, Monitoring, NetworkPolicies, Secrets
from .gateway import Gateway
from .section import _Model
from .server import Server, Service
from .types import (
    ProjectId,
    Reason,
    ResourceName,
    RuleName,
    ServiceName,
    ShortText,
    Topology,
    Uri,
    Zone,
)

API_VERSION = "llmd-render/v1"


class Model(_Model):
    """The model that is served."""

    uri: Uri = Field(
        description="Where KServe downloads the model from: hf://, s3://, pvc:// or oci://.",
        examples=["hf://Qwen/Qwen2.5-3B-Instruct"],
    )


class Tpu(_Model):
    """The TPU slice that each replica runs on."""

    type: Literal["tpu7x", "v4", "v5e", "v5p", "v6e"] = Field(
        description="TPU generation.", examples=["v6e"]
    )
    topology: Topology = Field(
        description="Chips per dimension of one slice.", examples=["2x2", "2x2x1"]
    )
    machine_type: ResourceName | None = Field(
        default=None,
        description="Machine type of a TPU node; derived where only one can form the topology.",
        examples=["ct6e-standard-4t"],
    )


class Prices(_Model):
    """Prices that replace the catalog's list prices, in US dollars."""

    tpu_chip_hour: Annotated[float, Field(gt=0, le=1000)] | None = Field(
        default=None, description="One TPU chip for one hour."
    )
    cpu_node_hour: Annotated[float, Field(gt=0, le=1000)] | None = Field(
        default=None, description="One CPU node for one hour."
    )
    basis: ShortText | None = Field(default=None, description="Where these prices come from.")


class Ignore(_Model):
    """A finding that somebody decided to live with."""

    rule: RuleName = Field(description="The rule.")
    reason: Reason = Field(description="Why it is acceptable here.")


class Lint(_Model):
    """What the rules may pass over in this profile."""

    ignore: list[Ignore] = Field(default_factory=list, description="Acknowledged findings.")


class Profile(_Model):
    """One deployment: everything a person decides."""

    api_version: Literal["llmd-render/v1"] = Field(description="Version of this language.")
    name: ServiceName = Field(description="Names the output folder.", examples=["qwen-3b-v6e"])
    extends: ShortText | None = Field(
        default=None, description="A profile to begin from: a name, or a path from this file."
    )
    project: ProjectId = Field(description="Google Cloud project ID.")
    zone: Zone = Field(
        description="Zone of the TPUs, and of a zonal cluster.", examples=["europe-west4-a"]
    )
    model: Model = Field(description="The model.")
    tpu: Tpu = Field(description="The TPU slice.")
    gateway: Gateway = Field(description="The Gateway.")
    service: Service = Field(default_factory=Service, description="The LLMInferenceService.")
    server: Server = Field(default_factory=Server, description="The vLLM model server.")
    cluster: Cluster = Field(default_factory=Cluster, description="The GKE cluster.")
    kserve: Kserve = Field(default_factory=Kserve, description="The KServe release.")
    cert_manager: CertManager = Field(
        default_factory=CertManager, description="The cert-manager that KServe needs."
    )
    routing: Literal["declared", "managed"] = Field(
        default="declared",
        description="Whether the tree holds its own HTTPRoute or leaves it to KServe.",
    )
    managed_route: Literal["preset", "shadow"] = Field(
        default="shadow",
        description="With routing managed: KServe's preset, or a copy without its time-outs.",
    )
    secrets: Secrets = Field(default_factory=Secrets, description="Secrets by reference.")
    network_policies: NetworkPolicies = Field(
        default_factory=NetworkPolicies, description="NetworkPolicies of the namespace."
    )
    monitoring: Monitoring = Field(default_factory=Monitoring, description="Metrics collection.")
    benchmark: Benchmark = Field(
        default_factory=Benchmark, description="The benchmark of the service."
    )
    prices: Prices = Field(default_factory=Prices, description="Prices of your contract.")
    use: Literal["commercial", "evaluation"] = Field(
        default="evaluation", description="What the service is for; licences depend on it."
    )
    lint: Lint = Field(default_factory=Lint, description="Acknowledged findings.")
