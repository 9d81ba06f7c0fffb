"""Prints what judging costs as ratios of CPU time, measured side by side in one run.

Usage: python benchmarks/lint.py [--pairs N]

A thousand documents of more than ten kinds, with structure, defaults, CEL and metadata, against
PyYAML's C loader merely parsing them: aim at most 3 ×, in one process each, with the garbage
collected as rarely as the command does. Ten documents as a
whole process against a process that only imports what they need: aim at most 1.2 ×. kubeconform is
measured too where it is on PATH.
"""

from __future__ import annotations

import argparse
import importlib.util
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

from ratios import PROGRAM, compare, cpu_seconds, keep_compiled_code  # the script beside this one

TREES = Path(__file__).resolve().parent.parent / "out"
_PARSE = """
import gc, sys, time, yaml
gc.set_threshold(200_000, 20, 20)
text = open(sys.argv[1]).read()
begun = time.process_time()
list(yaml.load_all(text, Loader=yaml.CSafeLoader))
print(time.process_time() - begun)
"""
_JUDGE = """
import gc, sys, time
gc.set_threshold(200_000, 20, 20)
from llmd_render.pipeline import Inputs, LintOptions, lint_inputs
text = open(sys.argv[1]).read()
begun = time.process_time()
result = lint_inputs(Inputs([("f.yaml", text)]), LintOptions(rules=bool(sys.argv[2:])))
print(time.process_time() - begun)
assert not any(item.blocks for item in result.diagnostics) or sys.argv[2:]
"""
_LIST_MODULES = """
import atexit, sys
atexit.register(lambda: print(*sorted(name for name in sys.modules), file=sys.stderr))
sys.argv[0] = "llmd-render"
from llmd_render.__main__ import run
run()
"""


def collect_documents() -> list[str]:
    """Read the objects of the rendered trees, as texts."""
    files = sorted(TREES.rglob("*.yaml"))
    texts = [path.read_text() for path in files if path.name != "values.yaml"]
    documents = [part for text in texts for part in text.split("\n---\n")]
    return [text for text in documents if "kind: Kustomization" not in text]


def time_inside(code: str, path: Path, *options: str) -> float:
    """Run a script that prints how long its own work took."""
    command = [sys.executable, "-c", code, str(path), *options]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    return float(done.stdout)


def compare_inside(path: Path, aim: float, pairs: int) -> bool:
    """Print the ratio of judging a file to parsing it, and whether the median meets the aim."""
    times = [(time_inside(_JUDGE, path), time_inside(_PARSE, path)) for _ in range(pairs)]
    ratios = sorted(ours / theirs for ours, theirs in times)
    median = statistics.median(ratios)
    met = median <= aim
    print(
        f"judge 1,000 documents against parsing them: {median:.2f} × "
        f"({ratios[0]:.2f} .. {ratios[-1]:.2f}), aim {aim} ×: {'met' if met else 'MISSED'}"
    )
    whole = time_inside(_JUDGE, path, "rules") / time_inside(_PARSE, path)
    print(f"the same with the rules about trees, which load the catalog: {whole:.2f} ×")
    return met


def list_modules(path: Path) -> list[str]:
    """List the modules that judging a file imports."""
    done = subprocess.run(
        [sys.executable, "-c", _LIST_MODULES, "lint", str(path)],
        capture_output=True,
        text=True,
        check=True,
    )
    names = done.stderr.splitlines()[-1].split()
    # What is made at run time, or by a compiled module for itself, nobody can import by name.
    return [name for name in names if find_module(name)]


def find_module(name: str) -> bool:
    """Whether a module can be imported by its name."""
    try:
        spelt = all(part.isidentifier() for part in name.split("."))
        return spelt and name != "__main__" and importlib.util.find_spec(name) is not None
    except (ImportError, ValueError):
        return False


def main() -> int:
    """Print all ratios; the exit code is 1 when an aim is missed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pairs", type=int, default=9, help="measurements of each ratio")
    pairs = parser.parse_args().pairs
    keep_compiled_code()
    documents = collect_documents()
    with tempfile.TemporaryDirectory() as folder:
        many, few = Path(folder, "many.yaml"), Path(folder, "few.yaml")
        many.write_text("\n---\n".join(documents[n % len(documents)] for n in range(1000)))
        few.write_text("\n---\n".join(documents[:10]))
        met = compare_inside(many, 3, pairs)
        imports = "; ".join(f"import {name}" for name in list_modules(few))
        met &= compare(
            "lint 10 documents against the imports that it needs",
            [str(PROGRAM), "lint", str(few)],
            [sys.executable, "-c", imports],
            1.2,
            pairs,
        )
        kubeconform = shutil.which("kubeconform")
        if kubeconform is None:
            print("against kubeconform: not measured, it is not on PATH")
        else:
            options = ["-strict", "-ignore-missing-schemas", str(many)]
            ratio = cpu_seconds([str(PROGRAM), "lint", str(many)]) / cpu_seconds(
                [kubeconform, *options]
            )
            print(f"lint 1,000 documents against kubeconform -strict: {ratio:.2f} ×")
    return 0 if met else 1


if __name__ == "__main__":
    os.environ.pop("CI", None)
    sys.exit(main())
