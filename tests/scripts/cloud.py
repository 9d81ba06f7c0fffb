"""A stand-in for gcloud: it knows the commands that the scripts use, and no other."""

from __future__ import annotations

from .compute import COMPUTE
from .container import CONTAINER
from .gcloud_commands import Commands, Flags, rows, say
from .world import UnknownCallError, World, show

CHANGING = {"create", "delete", "enable", "resize", "update"}
COMMON = {"project", "format", "quiet"}


def run_gcloud(world: World, argv: list[str]) -> str:
    """Do what gcloud would do, and give what it would print."""
    words = [word for word in argv if not word.startswith("--")]
    flags: Flags = {}
    for word in argv:
        if word.startswith("--"):
            name, _, value = word[2:].partition("=")
            if name in flags:
                raise UnknownCallError(f"--{name} given twice")
            flags[name] = value
    for size in range(len(words), 0, -1):
        known = COMMANDS.get(" ".join(words[:size]))
        if known is not None:
            act, allowed = known
            unknown = set(flags) - COMMON - set(allowed.split())
            if unknown:
                raise UnknownCallError(f"flags of {' '.join(words[:size])}: {sorted(unknown)}")
            return act(world, words[size:], flags)
    raise UnknownCallError(" ".join(words))


def is_changing(argv: list[str]) -> bool:
    """Whether a call of gcloud is meant to change something."""
    return any(word in CHANGING for word in argv if not word.startswith("-"))


def _list_apis(world: World, _words: list[str], flags: Flags) -> str:
    return show([{"config": {"name": api}} for api in world.state["apis"]], flags["format"])


def _enable_apis(world: World, words: list[str], _flags: Flags) -> str:
    world.state["apis"] = sorted({*world.state["apis"], *words})
    return ""


def _read_secret(_world: World, words: list[str], flags: Flags) -> str:
    return f"hf_the-newest-of-{flags['secret']}" if words == ["latest"] else ""


def _quota(world: World, _words: list[str], flags: Flags) -> str:
    limit = {
        "dimensions": {"region": "europe-west4", "tpu_family": "CT6E"},
        "details": world.state["quota"],
        "applicableLocations": ["europe-west4"],
    }
    return show({"dimensionsInfos": [limit]}, flags["format"])


def _accounts(world: World, _words: list[str], flags: Flags) -> str:
    return show(world.state["accounts"], flags["format"])


COMMANDS: Commands = {
    "version": (say({"beta": "1"}), ""),
    "auth list": (_accounts, "filter"),
    "projects describe": (say({"name": "p"}), ""),
    "services list": (_list_apis, "enabled"),
    "services enable": (_enable_apis, ""),
    "secrets versions access": (_read_secret, "secret"),
    "beta quotas info describe": (_quota, "service"),
    "filestore instances list": (rows("filestore"), "filter"),
    **CONTAINER,
    **COMPUTE,
}
