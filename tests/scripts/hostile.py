"""A profile with harmless words in its free texts, one with hostile texts, and what to compare."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

import yaml
from free_texts import FREE, takes
from support import merge

from .life import LIFE, Script, render_tree
from .world import World

if TYPE_CHECKING:
    from .stand_ins import Run

_PLACE = TemporaryDirectory()
CANARY = Path(_PLACE.name) / "canary"
NASTY = (
    "-x --project=other",
    f" $(>{CANARY}) `>{CANARY}` ",
    f"';>{CANARY};'\";>{CANARY};\"&>{CANARY}|>{CANARY}||x&&>{CANARY}#",
    f"a\n>{CANARY}\n\tb\n",
    'it\'s "quoted" \\',
    "${HOME} $PATH $1 %s %n \\n !! ~ * ? [a-z] {a,b} <(x) {{ x }} {% x %} {# x #} | sh",
    "é ☃ 中 🙂 \u202e \ufeff",
    "--",
)
FOLDER = '-x it\'s a "tree" $(touch canary) `touch canary`;touch canary&\n\\ é ~ * {a,b}'
ALL_AT_ONCE = " ".join(NASTY)
MORE = {
    "gateway": {"tls": None, "className": "gke-l7-regional-external-managed"},
    "benchmark": {"scenarios": ["10/2"]},
    "server": {"prefixCaching": True},
}


def fit(name: str, text: str) -> str:
    """Leave out what the model refuses in a field, sign by sign."""
    return "".join(sign for sign in text if takes(name, f"hf://org/x{sign}x")) or "x"


def hostile(text: str) -> dict[str, str]:
    """Give each free field as much of a text as it takes."""
    return {name: fit(name, text) for name in FREE}


HARMLESS = {name: f"harmless-{number}-word" for number, name in enumerate(FREE)}


def data_of(base: str, texts: dict[str, str]) -> dict[str, Any]:
    data = merge(yaml.safe_load(base), MORE)
    for name, text in texts.items():
        data = merge(data, FREE[name](text))
    return data


@cache
def harmless_tree(base: str) -> Path:
    return render_tree(json.dumps(data_of(base, HARMLESS)))


def hostile_tree(base: str, texts: dict[str, str]) -> Path:
    return render_tree(json.dumps(data_of(base, texts), ensure_ascii=False))


@dataclass(frozen=True)
class Trace:
    """What a script left behind: its end, its calls, its output, the world."""

    code: int
    calls: list[tuple[Any, ...]]
    out: str
    err: str
    world: Any = None


def trace(run: Run, tree: Path, world: World | None = None) -> Trace:
    """Keep of a run what two trees must have in common."""

    def plain(text: str) -> str:
        return text.replace(str(tree), "/tree")

    calls = [(call.tool, *map(plain, call.argv)) for call in run.calls]
    out = re.sub(r"\b\d+ (?=m?s\b)", "N ", plain(run.out))
    return Trace(run.code, calls, out, plain(run.err), json.loads(world.picture()) if world else 0)


def exchanged(data: Any, texts: dict[str, str]) -> Any:
    """Put the hostile texts into what the harmless tree left."""
    if isinstance(data, str):
        for name, word in HARMLESS.items():
            data = data.replace(word, texts[name])
        return data
    if isinstance(data, dict):
        return {exchanged(k, texts): exchanged(v, texts) for k, v in data.items()}
    if isinstance(data, list | tuple | set):
        return type(data)(exchanged(item, texts) for item in data)
    return data


def as_read_by_the_server(data: Any) -> Any:
    """Undo in the LLMInferenceService what protects texts from Go templates and from `$(NAME)`."""
    if isinstance(data, str):
        return data.replace("{{`{{`}}", "{{").replace("$$", "$")
    if isinstance(data, dict):
        return {key: as_read_by_the_server(value) for key, value in data.items()}
    return [as_read_by_the_server(item) for item in data] if isinstance(data, list) else data


def assert_same(found: Trace, harmless: Trace, texts: dict[str, str], what: str) -> None:
    assert not CANARY.exists(), what
    assert (found.code, found.err) == (harmless.code, exchanged(harmless.err, texts)), what
    assert found.calls == exchanged(harmless.calls, texts), what
    assert found.out == exchanged(harmless.out, texts), what
    assert as_read_by_the_server(found.world) == exchanged(harmless.world, texts), what


@dataclass(frozen=True)
class Life:
    """What each script of a tree left, and the world in which it began."""

    traces: dict[str, Trace]
    before: dict[str, World]


def live(tree: Path) -> Life:
    """Run all scripts of a tree one after the other, as the runbook has them."""
    world, life = World(), Life({}, {})
    for item in LIFE:
        if not isinstance(item, Script):
            item(world)
        elif (tree / item.path).exists():
            life.before[item.path] = world.copy()
            life.traces[item.path] = trace(item.run(tree, "--yes", world=world), tree, world)
    return life


@cache
def harmless_life(base: str) -> Life:
    return live(harmless_tree(base))
