"""What tests share: a valid profile, trees of files, and running the command."""

from __future__ import annotations

import os
import re
import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

import pytest
from click.testing import CliRunner, Result

from llmd_render.cli import main
from llmd_render.findings import load_findings
from llmd_render.profile import Profile, load_profile
from llmd_render.rules import ALL_RULES
from llmd_render.source import Document, SourceMap

if TYPE_CHECKING:
    from collections.abc import Mapping

CHECKOUT = Path(__file__).resolve().parent.parent
OUT = CHECKOUT / "out"
_CODE = re.compile(r": (?:error|warning|info): .* \[([a-z0-9-]+)\]$", re.MULTILINE)
SHIPPED = ("qwen-3b-v6e", "qwen-3b-v6e-as-documented")
CRDS = CHECKOUT.parent / "shared" / "crds"

MINIMAL = """\
apiVersion: llmd-render/v1
name: example
project: my-project
zone: europe-west4-a
model:
  uri: hf://Qwen/Qwen3-4B
tpu:
  type: v6e
  topology: 2x2
gateway:
  className: gke-l7-rilb
"""
MINIMAL_DATA: dict[str, Any] = {
    "apiVersion": "llmd-render/v1",
    "name": "example",
    "project": "my-project",
    "zone": "europe-west4-a",
    "model": {"uri": "hf://Qwen/Qwen3-4B"},
    "tpu": {"type": "v6e", "topology": "2x2"},
    "gateway": {"className": "gke-l7-rilb"},
}


def merge(base: Mapping[str, Any], changes: Mapping[str, Any]) -> dict[str, Any]:
    """Lay changes over data: maps merge, everything else replaces."""
    merged = dict(base)
    for key, value in changes.items():
        old = merged.get(key)
        if isinstance(old, dict) and isinstance(value, dict):
            merged[key] = merge(old, value)
        else:
            merged[key] = value
    return merged


def profile(**changes: Any) -> Profile:
    """Make a valid profile with changes laid over it."""
    data = merge(MINIMAL_DATA, changes)
    return load_profile(Document(data, SourceMap("profile.yaml")))


def tree(folder: Path, files: Mapping[str, str]) -> Path:
    """Write files under a folder."""
    for name, text in files.items():
        place = folder / name
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(text, encoding="utf-8")
    return folder


def run(*args: str | Path, stdin: str | bytes | None = None) -> Result:
    """Run the command in this process; stdout and stderr stay apart."""
    result = CliRunner().invoke(main, [str(arg) for arg in args], input=stdin)
    codes = set(_CODE.findall(result.output))
    assert codes <= {*load_findings(), *(rule.name for rule in ALL_RULES)}, "explain knows them all"
    return result


def files_of(folder: Path) -> dict[str, bytes]:
    """Read all files under a folder by their path in it."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def need(program: str) -> str:
    """Find a real program; skip loudly without it, but never in CI."""
    found = shutil.which(program)
    if found is None:
        absent(f"{program} is not installed")
    return found


def absent(what: str) -> NoReturn:
    """Skip, loudly, a test or a whole module that cannot run here; in CI that is a failure."""
    if os.environ.get("CI"):
        pytest.fail(f"{what}, and CI must not skip")
    pytest.skip(what, allow_module_level=True)
