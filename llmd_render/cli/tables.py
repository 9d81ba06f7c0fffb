"""What `llmd-render list` shows of each subject: headers and rows, each with source and date."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from llmd_render.diagnostics import InputError

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from llmd_render.catalog import Catalog

Table = tuple[list[str], list[list[Any]]]
_FACT = ["status", "as of", "sources"]


def make_table(kind: str, profiles: tuple[Path, ...]) -> Table:
    """Make the table of one subject."""
    if kind == "profiles":
        return _list_profiles(profiles)
    if kind == "rules":
        return _list_rules()
    if kind == "findings":
        return _list_findings()
    if kind == "schemas":
        return _list_schemas()
    from llmd_render.catalog import load_catalog  # noqa: PLC0415

    catalog = load_catalog()
    if kind == "prices":
        return _list_prices(catalog)
    columns, rows = _CATALOG[kind](catalog)
    return _facts(columns, rows)


def _facts(columns: dict[str, str], rows: Iterable[Any]) -> Table:
    table = [
        [*(getattr(row, field) for field in columns.values()), row.status, row.as_of, row.sources]
        for row in rows
    ]
    return [*columns, *_FACT], table


def _list_profiles(folders: tuple[Path, ...]) -> Table:
    from llmd_render import pipeline, report  # noqa: PLC0415

    given = pipeline.Folders(folders)
    rows: list[list[Any]] = []
    for name, entry in pipeline.list_profiles(given).items():
        shown = report.make_printable(name)
        try:
            loaded = pipeline.load(name, (), given).profile
        except InputError:
            # One bad file hides no good one.
            file = report.make_printable(str(entry))
            why = f"`llmd-render --profile {file} --dry-run` says why"
            click.echo(f"{file}: this cannot be read as a profile; {why}", err=True)
            rows.append([shown, None, None, None, None])
            continue
        tpu = f"{loaded.tpu.type} {loaded.tpu.topology}"
        rows.append([shown, loaded.model.uri, tpu, loaded.zone, loaded.gateway.class_name])
    return ["profile", "model", "tpu", "zone", "gateway class"], rows


def _list_rules() -> Table:
    from llmd_render.rules import ALL_RULES  # noqa: PLC0415

    rows = [
        [rule.name, rule.severity.value, rule.documentation.partition("\n")[0]]
        for rule in ALL_RULES
    ]
    return ["rule", "severity", "requirement"], rows


def _list_findings() -> Table:
    from llmd_render.findings import load_findings  # noqa: PLC0415

    return ["finding", "meaning"], [[row.code, row.meaning] for row in load_findings().values()]


def _list_schemas() -> Table:
    from llmd_render.validate import SchemaStore  # noqa: PLC0415
    from llmd_render.versions import ASSUMED  # noqa: PLC0415

    rows = [
        [
            schema.api_version,
            schema.kind,
            schema.scope,
            "partial" if schema.partial else "complete",
            ", ".join(release.name for release in schema.releases),
            ", ".join(release.date for release in schema.releases),
        ]
        for schema in SchemaStore(ASSUMED.kubernetes).known_kinds()
    ]
    return ["api version", "kind", "scope", "fields", "releases", "dates"], rows


def _list_prices(catalog: Catalog) -> Table:
    rows: list[list[Any]] = []
    prices = catalog.prices
    for tpu in prices.tpu:
        what = [f"TPU {tpu.accelerator}", tpu.region, tpu.kind, tpu.usd_per_chip_hour, "chip-hour"]
        rows.append([*what, tpu.status, tpu.as_of, tpu.sources])
    for cpu in prices.cpu:
        what = [cpu.machine_type, cpu.region, "on-demand", cpu.usd_per_hour, "node-hour"]
        rows.append([*what, cpu.status, cpu.as_of, cpu.sources])
    rows += [
        [fee.id, "any", "fee", fee.usd, fee.unit, fee.status, fee.as_of, fee.sources]
        for fee in prices.fees.values()
    ]
    return ["what", "region", "kind", "usd", "unit", *_FACT], rows


def _machine_types(catalog: Catalog) -> tuple[dict[str, str], Iterable[Any]]:
    columns = {
        "machine type": "name",
        "accelerator": "accelerator",
        "chips": "chips",
        "vcpu": "vcpu",
        "memory gb": "memory_gb",
        "multi-host": "multi_host",
    }
    return columns, catalog.machine_types.values()


def _topologies(catalog: Catalog) -> tuple[dict[str, str], Iterable[Any]]:
    columns = {
        "machine type": "machine_type",
        "topology": "topology",
        "chips": "chips",
        "hosts": "hosts",
        "tensor parallel": "tensor_parallel",
        "chips per host": "chips_per_host_bounds",
        "host bounds": "host_bounds",
    }
    return columns, catalog.topologies


def _zones(catalog: Catalog) -> tuple[dict[str, str], Iterable[Any]]:
    columns = {"accelerator": "accelerator", "zone": "zone", "on gke": "listed", "note": "note"}
    return columns, catalog.zones


def _gateway_classes(catalog: Catalog) -> tuple[dict[str, str], Iterable[Any]]:
    columns = {
        "gateway class": "name",
        "scope": "scope",
        "exposure": "exposure",
        "inference pool": "inference_pool",
        "proxy-only subnet": "proxy_only_subnet",
        "route timeouts": "httproute_timeouts",
    }
    return columns, catalog.gateway_classes.values()


def _models(catalog: Catalog) -> tuple[dict[str, str], Iterable[Any]]:
    columns = {
        "model": "id",
        "parameters (b)": "parameters_billion",
        "heads": "attention_heads",
        "kv heads": "kv_heads",
        "context": "context",
        "weights gib": "weights_gib_bf16",
        "tensor parallel": "tensor_parallel",
        "gated": "gated",
        "licence": "licence",
    }
    return columns, catalog.models.values()


def _images(catalog: Catalog) -> tuple[dict[str, str], Iterable[Any]]:
    columns = {"image": "ref", "vllm": "vllm", "pull secret": "pull_secret_needed", "note": "note"}
    return columns, catalog.images.values()


_CATALOG = {
    "machine-types": _machine_types,
    "topologies": _topologies,
    "zones": _zones,
    "gateway-classes": _gateway_classes,
    "models": _models,
    "images": _images,
}
