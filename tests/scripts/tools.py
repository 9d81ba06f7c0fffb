"""Stand-ins for the tools that fetch and install: git, curl, kustomize, make, helmfile."""

from __future__ import annotations

import json
import shutil
import stat
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from .controllers import install_operator
from .releases import fetch
from .world import RefusedError, UnknownCallError, World

if TYPE_CHECKING:
    from collections.abc import Callable

CONSTANT = {
    ("helm", "version"): "v3.17.1\n",
    ("helm", "plugin"): "NAME VERSION\ndiff 3.9.0\n",
    ("kustomize", "version"): "v5.8.0\n",
}


@dataclass
class Place:
    """Where a call is made from: what reaches a program beside its arguments."""

    folder: Path
    stdin: str = ""
    kubeconfig: str = ""
    auth_file: str = ""
    reads: set[tuple[str, str, str]] = field(default_factory=set)
    """Files of a script's own folder, with their mode and that of the folder."""

    def read(self, name: str) -> str:
        """Read a file as a program would, and remember who else could."""
        path = self.folder / name
        modes = [oct(stat.S_IMODE(place.stat().st_mode)) for place in (path, path.parent)]
        if path.parent.name.startswith("llmd-render."):
            self.reads.add((path.name, modes[0], modes[1]))
        return path.read_text(encoding="utf-8")


def run_tool(world: World, tool: str, argv: list[str], place: Place) -> str:
    """Do what one of the lesser tools would do, and give what it would print."""
    if (tool, argv[0] if argv else "") in CONSTANT:
        return CONSTANT[tool, argv[0]]
    try:
        act = TOOLS[tool]
    except KeyError:
        raise UnknownCallError(" ".join([tool, *argv])) from None
    return act(world, argv, place)


def _git(_world: World, argv: list[str], place: Place) -> str:
    """Know one repository, whose every commit there is."""
    if argv[:2] == ["init", "--quiet"]:
        (place.folder / argv[2] / ".git").mkdir(parents=True, exist_ok=True)
        (place.folder / argv[2] / ".git/config").touch()
        return ""
    if argv[0] != "-C":
        raise UnknownCallError(f"git {' '.join(argv)}")
    folder, words = place.folder / argv[1], argv[2:]
    fetched = folder / ".git/FETCH_HEAD"
    if words[0] == "cat-file":
        if not fetched.exists():
            raise RefusedError(f"fatal: Not a valid object name {words[-1]}")
    elif words[:2] == ["fetch", "--quiet"]:
        if not (folder / ".git/config").exists():
            raise RefusedError("fatal: not a git repository")
        fetched.write_text(words[2], encoding="utf-8")
    elif words[:4] == ["checkout", "--quiet", "--force", "--detach"]:
        if not fetched.exists():
            raise RefusedError(f"fatal: unable to read tree ({words[-1]})")
        (folder / ".git/HEAD").write_text(words[-1], encoding="utf-8")
        (folder / "Makefile").write_text("deploy-cert-manager:\n", encoding="utf-8")
    else:
        raise UnknownCallError(f"git {' '.join(argv)}")
    return ""


def _curl(_world: World, argv: list[str], place: Place) -> str:
    target = place.folder / argv[argv.index("--output") + 1]
    target.write_text(fetch(argv[-1]), encoding="utf-8")
    return ""


def _kustomize(_world: World, argv: list[str], _place: Place) -> str:
    command, address = argv
    if command != "build":
        raise UnknownCallError(f"kustomize {command}")
    return fetch(address)


def _demand_cluster(world: World, place: Place) -> None:
    """Refuse to work on any cluster but that of the one kubeconfig that a script made."""
    context = json.loads(place.read(place.kubeconfig))["current-context"]
    if context not in world.state["contexts"]:
        raise RefusedError(f"Kubernetes cluster unreachable: {context}")


def _make(world: World, argv: list[str], place: Place) -> str:
    if argv[0] != "-C" or argv[2:] != ["deploy-cert-manager"]:
        raise UnknownCallError(f"make {' '.join(argv)}")
    folder = place.folder / argv[1]
    if not (folder / "Makefile").exists():
        raise RefusedError("make: *** No rule to make target 'deploy-cert-manager'.  Stop.")
    _demand_cluster(world, place)
    values = (folder / "values.yaml").read_text(encoding="utf-8")
    if '"pullSecretFile": ' in values:
        place.read(json.loads(values)["pullSecretFile"])
    elif "useSystemPodmanAuth: true" not in values:
        raise RefusedError("no pull secret")
    install_operator(world)
    return ""


def _helmfile(world: World, argv: list[str], place: Place) -> str:
    if argv != ["destroy", "--selector", "name=cert-manager-operator"]:
        raise UnknownCallError(f"helmfile {' '.join(argv)}")
    if not (place.folder / "values.yaml").exists():
        raise RefusedError(f"{place.folder} is not the repository with its values")
    _demand_cluster(world, place)
    world.state["releases"] = []
    return ""


def _look_at_image(_world: World, argv: list[str], place: Place) -> str:
    if argv[:2] not in (["inspect", "--raw"], ["manifest", "inspect"]):
        raise UnknownCallError(" ".join(argv))
    registry = argv[2].removeprefix("docker://").partition("/")[0]
    if list(json.loads(place.read(place.auth_file))["auths"]) != [registry]:
        raise RefusedError("unauthorized: or too much is told")
    return "{}"


TOOLS: dict[str, Callable[[World, list[str], Place], str]] = {
    "git": _git,
    "curl": _curl,
    "kustomize": _kustomize,
    "make": _make,
    "helmfile": _helmfile,
    "skopeo": _look_at_image,
    "podman": _look_at_image,
}


def read_home(home: Path) -> dict[str, str]:
    """Read all files at home."""
    return {
        path.relative_to(home).as_posix(): path.read_text(encoding="utf-8")
        for path in sorted(home.rglob("*"))
        if path.is_file()
    }


def write_home(home: Path, files: dict[str, str]) -> None:
    """Put files at home, and take all others away."""
    shutil.rmtree(home, ignore_errors=True)
    home.mkdir(parents=True)
    for name, text in files.items():
        path = home / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
