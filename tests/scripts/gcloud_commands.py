"""What the stand-ins for the commands of gcloud share."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from .world import RefusedError, World, select, show

Flags = dict[str, str]
Act = Callable[[World, list[str], Flags], str]
Commands = dict[str, tuple[Act, str]]


def need_api(world: World, name: str) -> None:
    if f"{name}.googleapis.com" not in world.state["apis"]:
        raise RefusedError(f"API [{name}.googleapis.com] not enabled on project")


def known(world: World, table: str, words: list[str]) -> dict[str, Any]:
    try:
        found: dict[str, Any] = world.state[table][words[0]]
    except KeyError:
        raise RefusedError(f"The resource '{words[0]}' was not found") from None
    return found


def rows(name: str) -> Act:
    def answer(world: World, _words: list[str], flags: Flags) -> str:
        rows = select(list(world.state[name].values()), flags.get("filter", ""))
        return show(rows, flags.get("format", ""))

    return answer


def delete(table: str) -> Act:
    def act(world: World, words: list[str], _flags: Flags) -> str:
        known(world, table, words)
        del world.state[table][words[0]]
        return ""

    return act


def say(answer: Any) -> Act:
    def act(_world: World, _words: list[str], flags: Flags) -> str:
        return show(answer, flags.get("format", ""))

    return act
