"""KServe releases and the infrastructure charts beside them, pinned."""

from pydantic import BaseModel, ConfigDict

from .row import Count, Text, _Row


class LeaderWorkerSet(BaseModel):
    """The LeaderWorkerSet release whose CRD a KServe release watches; `crd` has {ref} open."""

    model_config = ConfigDict(extra="forbid", frozen=True, defer_build=True)

    version: Text
    ref: Text
    crd: Text


class KserveRelease(_Row):
    """A release of opendatahub-io/kserve: where it is, and what differs between releases."""

    version: Text
    repository: Text
    ref: Text
    """The commit that is installed."""
    branch: Text
    images_pinned: bool
    """Whether its overlay names images by tags that do not move."""
    pki_overlay: Text
    overlay: Text
    issuer: Text
    controller_deployment: Text
    validating_webhooks: tuple[Text, ...]
    presets: Count
    """How many LLMInferenceServiceConfigs it brings."""
    route_preset: Text
    uri_schemes: tuple[Text, ...]
    scheduler_args: tuple[Text, ...]
    """Arguments of the Endpoint Picker, with {pool}, {namespace} and {metrics_scheme} open."""
    leader_worker_set: LeaderWorkerSet


class CertManagerRelease(_Row):
    """The cert-manager release that is installed; its `manifest` has {version} open."""

    version: Text
    manifest: Text
    kubernetes: tuple[Text, ...]
    """The minor versions of Kubernetes that it supports."""


class Infrastructure(_Row):
    """The charts that install cert-manager, and the tools they need."""

    repository: Text
    ref: Text
    kustomize_minimum: Text
    """The first kustomize that can build the overlay."""
