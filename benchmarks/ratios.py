"""Prints what the tool costs as ratios to other programs, measured side by side in one run.

Usage: python benchmarks/ratios.py [--pairs N]

Each pair runs A, then B; the figure is CPU time (user and system) of whole processes, as wall time
says more about the machine. Aims: render at most 6 × kustomize, --help at most 1.3 × click, and a
render with the rules at most 1.25 × one without, which is 20 % of its time.
"""

from __future__ import annotations

import argparse
import os
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

PROFILE = "qwen-3b-v6e"
PROGRAM = Path(sys.executable).parent / "llmd-render"
# The command with its rules, or with none: then their modules are not even loaded.
WITH_RULES = "from llmd_render.__main__ import run; run()"
WITHOUT_RULES = f"""
from types import SimpleNamespace
import llmd_render.rules as rules
acknowledged = ("gateway-open-to-internet", "kserve-images-move", "model-licence-limits-use",
    "tpu-quota-above-default")
rules.PROFILE_RULES = rules.TREE_RULES = ()
rules.ALL_RULES = [SimpleNamespace(name=name, acknowledgeable=True) for name in acknowledged]
{WITH_RULES}
"""


def keep_compiled_code() -> None:
    """Let Python keep compiled code, as it does for any user, but not in the checkout."""
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    os.environ["PYTHONPYCACHEPREFIX"] = str(Path(tempfile.gettempdir(), "llmd-render-benchmarks"))


def cpu_seconds(command: list[str]) -> float:
    """Run a command to its end and give the CPU time that it took."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(command, check=True, capture_output=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return (after.ru_utime - before.ru_utime) + (after.ru_stime - before.ru_stime)


def compare(title: str, ours: list[str], theirs: list[str], aim: float, pairs: int) -> bool:
    """Print the ratio of two commands, and whether its median meets the aim."""
    cpu_seconds(ours)
    cpu_seconds(theirs)
    times = [(cpu_seconds(ours), cpu_seconds(theirs)) for _ in range(pairs)]
    ratios = sorted(a / b for a, b in times)
    median = statistics.median(ratios)
    met = median <= aim
    a = statistics.median(pair[0] for pair in times)
    b = statistics.median(pair[1] for pair in times)
    print(
        f"{title}: {median:.2f} × ({ratios[0]:.2f} .. {ratios[-1]:.2f}), aim {aim} ×: "
        f"{'met' if met else 'MISSED'}  [medians {a * 1000:.0f} and {b * 1000:.0f} ms CPU]"
    )
    return met


def main() -> int:
    """Print all ratios; the exit code is 1 when an aim is missed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pairs", type=int, default=15, help="measurements of each ratio")
    pairs = parser.parse_args().pairs
    keep_compiled_code()
    met = compare(
        "llmd-render --help against import click",
        [str(PROGRAM), "--help"],
        [sys.executable, "-c", "import click"],
        1.3,
        pairs,
    )
    dry = ["--profile", PROFILE, "--dry-run"]
    met &= compare(
        "render with the rules against one without",
        [sys.executable, "-c", WITH_RULES, *dry],
        [sys.executable, "-c", WITHOUT_RULES, *dry],
        1.25,
        pairs,
    )
    kubectl = shutil.which("kubectl")
    if kubectl is None:
        print("render against kubectl kustomize: not measured, kubectl is not installed")
        return 0 if met else 1
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder)
        # Another output folder each time would measure the disk; --force rewrites the same one.
        render = [str(PROGRAM), "--profile", PROFILE, "--out", str(out)]
        subprocess.run(render, check=True, capture_output=True)
        fresh = [
            "sh",
            "-c",
            f"rm -rf {out}/{PROFILE} && exec {PROGRAM} --profile {PROFILE} --out {out}",
        ]
        kustomize = [kubectl, "kustomize", str(out / PROFILE)]
        met &= compare(
            "render, check and write against kubectl kustomize", fresh, kustomize, 6, pairs
        )
    return 0 if met else 1


if __name__ == "__main__":
    sys.exit(main())
