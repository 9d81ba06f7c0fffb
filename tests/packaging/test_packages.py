"""The built wheel and sdist, installed away from the checkout, on every Python that is here.

These tests install dependencies as a user does, from the package index that pip is set to use.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tarfile
import zipfile
from functools import cache
from pathlib import Path

import pytest
from support import CHECKOUT, OUT, SHIPPED, absent, files_of

OLDEST = (3, 11)
CI_PYTHONS = {(3, 11), (3, 12), (3, 13)}
KNOWN_PYTHONS = [*sorted(CI_PYTHONS), (3, 14)]


@cache
def pythons() -> dict[tuple[int, int], str]:
    """Find every Python that the program supports: those of pyenv, and those on PATH."""
    candidates = [sys.executable]
    root = Path(os.environ.get("PYENV_ROOT", Path.home() / ".pyenv"))
    candidates += [str(path) for path in sorted(root.glob("versions/*/bin/python"))]
    candidates += [
        found for minor in range(OLDEST[1], 20) if (found := shutil.which(f"python3.{minor}"))
    ]
    chosen: dict[tuple[int, int], str] = {}
    for python in candidates:
        code = "import sys, venv, ensurepip; print(*sys.version_info[:2])"
        shown = subprocess.run([python, "-c", code], capture_output=True, text=True, check=False)
        if shown.returncode == 0:
            major, minor = map(int, shown.stdout.split())
            if (major, minor) >= OLDEST:
                chosen.setdefault((major, minor), python)
    return chosen


@pytest.fixture(scope="session")
def packages(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build the sdist, and the wheel from the sdist, as a release would."""
    folder = tmp_path_factory.mktemp("dist")
    source = folder / "source"
    copy_checkout(source)
    command = [sys.executable, "-m", "build", "--no-isolation", "--outdir", str(folder)]
    subprocess.run([*command, str(source)], check=True, capture_output=True)
    return folder


def copy_checkout(target: Path) -> None:
    """Copy what git would: the files that are tracked or could be."""
    for name in listed("."):
        place = target / name
        place.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(CHECKOUT / name, place)


def listed(*folders: str) -> list[str]:
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "--", *folders]
    shown = subprocess.run(command, cwd=CHECKOUT, capture_output=True, text=True, check=True)
    return [name for name in shown.stdout.splitlines() if (CHECKOUT / name).is_file()]


def wheel_of(packages: Path) -> Path:
    (wheel,) = packages.glob("*.whl")
    return wheel


def test_the_wheel_holds_the_package_the_templates_and_the_profiles(packages: Path) -> None:
    with zipfile.ZipFile(wheel_of(packages)) as archive:
        names = {name for name in archive.namelist() if ".dist-info/" not in name}
    expected = set(listed("llmd_render"))
    expected |= {f"llmd_render/_bundled/{name}" for name in listed("templates", "profiles")}
    assert names == expected
    assert "llmd_render/py.typed" in names


def test_the_sdist_holds_what_the_tests_need(packages: Path) -> None:
    (sdist,) = packages.glob("*.tar.gz")
    with tarfile.open(sdist) as archive:
        names = {name.partition("/")[2] for name in archive.getnames()}
    folders = ("llmd_render", "templates", "profiles", "tests", "benchmarks", "docs", "out")
    files = ("CHANGELOG.md", "CONTRIBUTING.md", "LICENSE", "Makefile", "README.md")
    wanted = {*listed(*folders), *files, "constraints.txt", "pyproject.toml"}
    assert wanted - names == set()


@pytest.mark.parametrize("version", KNOWN_PYTHONS, ids=lambda item: f"{item[0]}.{item[1]}")
def test_the_installed_wheel_renders_the_same_bytes_elsewhere(
    packages: Path, tmp_path: Path, version: tuple[int, int]
) -> None:
    if version not in pythons():
        if version in CI_PYTHONS:
            absent(f"Python {version[0]}.{version[1]} is not installed")
        pytest.skip(f"Python {version[0]}.{version[1]} is not installed, here or in CI")
    environment = tmp_path / "venv"
    subprocess.run([pythons()[version], "-m", "venv", str(environment)], check=True)
    python = environment / "bin" / "python"
    install = [str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    constraints = ["-c", str(CHECKOUT / "constraints.txt")]
    subprocess.run(
        [*install, *constraints, str(wheel_of(packages))], check=True, capture_output=True
    )
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    names = [word for name in SHIPPED for word in ("--profile", name)]
    command = [str(environment / "bin" / "llmd-render"), *names, "--out", "made"]
    clean = {key: value for key, value in os.environ.items() if not key.startswith("PYTHON")}
    made = subprocess.run(
        command, cwd=elsewhere, env=clean, capture_output=True, text=True, check=False
    )
    assert made.returncode == 0, made.stderr
    for name in SHIPPED:
        assert files_of(elsewhere / "made" / name) == files_of(OUT / name)
    shown = subprocess.run(
        [str(environment / "bin" / "llmd-render"), "--version"],
        capture_output=True,
        text=True,
        check=True,
    )
    assert re.fullmatch(r"llmd-render \d+\.\d+\.\d+\n", shown.stdout)


def test_the_bare_checkout_works_without_installation(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "llmd_render", "--profile", SHIPPED[0], "--out", str(tmp_path)]
    subprocess.run(command, cwd=CHECKOUT, check=True, capture_output=True)
    assert files_of(tmp_path / SHIPPED[0]) == files_of(OUT / SHIPPED[0])
