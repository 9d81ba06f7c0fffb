"""Writes the table of vLLM's flags that the rules judge by, from packages of vLLM.

Usage: python tools/read_vllm_flags.py --date YYYY-MM-DD PACKAGE… [--output FILE]

A package is a wheel (.whl) or an unpacked source distribution of `vllm` or `vllm-tpu`. The code in
it is read as text and never run. The table holds facts alone: names, kinds and choices, each with
the versions that have them; the same packages and date give the same bytes.
"""

from __future__ import annotations

import argparse
import itertools
import json
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

from vllm_arguments import Flag, read_flags  # the module beside this script
from vllm_source import open_package

if TYPE_CHECKING:
    from collections.abc import Iterator

    from vllm_source import Package

TABLE = Path(__file__).resolve().parent.parent / "llmd_render" / "data" / "vllm_flags.json"


def main() -> None:
    """Read the packages that are named, and write the table."""
    parser = argparse.ArgumentParser(description="Write the table of vLLM's flags.")
    parser.add_argument("packages", nargs="+", type=Path, metavar="PACKAGE")
    parser.add_argument("--date", required=True, help="when the packages were read")
    parser.add_argument("--output", type=Path, default=TABLE)
    options = parser.parse_args()
    packages = sorted(map(open_package, options.packages), key=_order)
    text = "".join(f"{line}\n" for line in _write(packages, options.date))
    options.output.write_text(text, encoding="utf-8")


def _order(package: Package) -> tuple[str, list[int]]:
    return package.name, [int(part) for part in re.findall(r"\d+", package.version)]


def _write(packages: list[Package], date: str) -> Iterator[str]:
    """Write one line for each package and for each flag, so that a change is a line of a diff."""
    rows: dict[tuple[str, str], list[str]] = {}
    sources = []
    for package in packages:
        flags, files = read_flags(package)
        label = f"{package.name} {package.version}"
        sources.append({"package": label, "files": files, "as_of": date})
        for flag in flags:
            rows.setdefault((flag.name, _facts(flag)), []).append(label)
    labels = [str(source["package"]) for source in sources]
    yield "{"
    yield ' "packages": ['
    yield from _join(json.dumps(source) for source in sources)
    yield " ],"
    yield ' "flags": ['
    lines = []
    for (name, facts), there in sorted(rows.items(), key=lambda row: (row[0][0], *row[1][:1])):
        spans = _spans(labels, there)
        lines.append(json.dumps({"name": name, **json.loads(facts), "in": spans}))
    yield from _join(lines)
    yield " ]"
    yield "}"


def _join(items: Any) -> Iterator[str]:
    *head, last = items
    yield from (f"  {item}," for item in head)
    yield f"  {last}"


def _facts(flag: Flag) -> str:
    facts: dict[str, Any] = {"kind": flag.kind}
    if flag.choices:
        facts["choices"] = sorted(flag.choices)
    if flag.values != "one":
        facts["values"] = flag.values
    if flag.also:
        facts["also"] = sorted(flag.also)
    if flag.deprecated:
        facts["deprecated"] = True
    return json.dumps(facts)


def _spans(labels: list[str], there: list[str]) -> list[list[str]]:
    """Name runs of packages by their first and last; a run ends where the package's name does."""
    spans = []
    for name, group in itertools.groupby(labels, key=lambda label: label.partition(" ")[0]):
        for found, run in itertools.groupby(group, key=there.__contains__):
            if found:
                versions = [label.partition(" ")[2] for label in run]
                spans.append([name, versions[0], versions[-1]])
    return spans


if __name__ == "__main__":
    main()
