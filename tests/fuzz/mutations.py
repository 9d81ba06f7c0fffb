"""Ways to spoil a text and to spoil data, each decided by a random number generator alone."""

from __future__ import annotations

import json
from copy import deepcopy
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from random import Random

    from llmd_render.diagnostics import DataPath

TOKENS: tuple[bytes, ...] = tuple(
    token.encode("utf-8", "surrogatepass")
    for token in (
        *"&*!|>%@`{}[],:#-?'\"~=<\\\t\r\0\v\f\x1b\x85\u2028\ufeff\ud800\U0001f4a5é\n ",
        *("\r\n", "\n---\n", "\n...\n", "%YAML 1.2\n---\n", "%TAG ! tag:x,2000:\n---\n", "\\ud800"),
        *('"\\ud800"', '"\\x00"', '"\\u2028"', "'''", '"""', "&a ", "*a", "<<: *a", "<<: 1", "? "),
        *(
            "!!binary ",
            "!!set ",
            "!!python/object:os.system ",
            "!x ",
            "!!float ",
            "!!int ",
            "!!null ",
        ),
        *("null", "true", "yes", "0o17", "017", "0x" + "f" * 5000, "9" * 5000, "1e999", "-.inf"),
        *(".nan", "12:30:45", "2026-01-01", "1_000", "- ", "- - - ", "[[[[", "{{ x }}", "{a: {a: "),
        *(
            "|2\n",
            ">-\n",
            "|9+\n",
            "# llmd-render: ignore yaml-syntax-error x\n",
            "kind: List\nitems:\n",
        ),
        *("apiVersion: v1\n", "kind: Secret\n", "$patch: delete\n", "\n  name: b\n", "x" * 5000),
    )
)
"""What YAML readers trip over."""


def spoil_bytes(good: bytes, others: Sequence[bytes], chance: Random) -> bytes:
    """Change a text in a few places."""
    text = good
    for _ in range(chance.choice((1, 1, 1, 2, 3, 8))):
        text = chance.choice(_BYTE_MUTATIONS)(text, others, chance)
    return text[:200_000]


def _flip(text: bytes, _others: Sequence[bytes], chance: Random) -> bytes:
    if not text:
        return text
    place = chance.randrange(len(text))
    return text[:place] + bytes([text[place] ^ (1 << chance.randrange(8))]) + text[place + 1 :]


def _replace(text: bytes, _others: Sequence[bytes], chance: Random) -> bytes:
    place = chance.randint(0, len(text))
    return text[:place] + chance.randbytes(chance.randint(1, 3)) + text[place + 1 :]


def _insert(text: bytes, _others: Sequence[bytes], chance: Random) -> bytes:
    place = chance.randint(0, len(text))
    return text[:place] + chance.choice(TOKENS) + text[place:]


def _insert_value(text: bytes, _others: Sequence[bytes], chance: Random) -> bytes:
    """Put a token where a value begins, so that more of the results can still be parsed."""
    places = [n + 2 for n in range(len(text)) if text[n : n + 2] in {b": ", b"- "}] or [0]
    place = chance.choice(places)
    end = text.find(b"\n", place) if chance.random() < 0.5 else place
    return text[:place] + chance.choice(TOKENS) + text[max(end, place) :]


def _delete(text: bytes, _others: Sequence[bytes], chance: Random) -> bytes:
    begin, end = _cut(text, chance)
    return text[:begin] + text[end:]


def _double(text: bytes, _others: Sequence[bytes], chance: Random) -> bytes:
    begin, end = _cut(text, chance)
    return text[:end] + text[begin:end] * chance.choice((1, 1, 2, 20)) + text[end:]


def _splice(text: bytes, others: Sequence[bytes], chance: Random) -> bytes:
    other = chance.choice(others)
    begin, end = _cut(other, chance)
    place = chance.randint(0, len(text))
    return text[:place] + other[begin:end] + text[place:]


def _indent(text: bytes, _others: Sequence[bytes], chance: Random) -> bytes:
    lines = text.split(b"\n")
    place = chance.randrange(len(lines))
    lines[place] = chance.choice((b" ", b"  ", b"\t", b" " * 200)) + lines[place]
    return b"\n".join(lines)


def _change_line_ends(text: bytes, _others: Sequence[bytes], chance: Random) -> bytes:
    return text.replace(b"\n", chance.choice((b"\r\n", b"\r", b"\n\n", b"\xe2\x80\xa8")))


def _move_line(text: bytes, _others: Sequence[bytes], chance: Random) -> bytes:
    lines = text.split(b"\n")
    lines.insert(chance.randrange(len(lines)), lines.pop(chance.randrange(len(lines))))
    return b"\n".join(lines)


def _cut(text: bytes, chance: Random) -> tuple[int, int]:
    begin = chance.randint(0, len(text))
    return begin, min(len(text), begin + chance.choice((1, 2, 8, 40, 400)))


_BYTE_MUTATIONS: tuple[Callable[[bytes, Sequence[bytes], Random], bytes], ...] = (
    *(_flip, _replace, _insert, _insert, _insert_value, _insert_value, _insert_value),
    *(_delete, _double, _splice, _indent, _change_line_ends, _move_line),
)

VALUES: tuple[Any, ...] = (
    *(None, True, False, 0, 1, -1, 65536, 2**31, 2**63, -(2**63) - 1, 10**400, 0.5, -0.0, 1e300),
    *(
        float("inf"),
        float("nan"),
        "",
        " ",
        "a",
        "A/B",
        "0",
        "true",
        "1Gi",
        "-1",
        "10s",
        "1h1h",
        "*",
    ),
    *("10.0.0.0/8", "::1", "{{ .Spec }}", "{{", "é", "\0", "\n", "a\n", "x" * 300, "9" * 5000),
    *("a" * 70_000, "http://[", "%zz", "$(A)", [], {}, [None], [[]], [{}], {"": None}, {"a": {}}),
    *({"name": None}, [{"name": "a"}, {"name": "a"}], ["a", "a"], [1, "1", True], {"x" * 300: "x"}),
)
"""Values of every type, and the ends of their ranges; those that YAML can give."""
_KEPT = 0.8
_MOST_PLACES = 3000
KEYS = (
    "",
    " ",
    "a/b",
    "x" * 300,
    "name",
    "spec",
    "__proto__",
    "$patch",
    "é",
    "\0",
    "a.b",
    "0",
    "<<",
)


def spoil_data(good: Any, chance: Random) -> Any:
    """Change data in a few places."""
    data = json.loads(json.dumps(good))
    for _ in range(chance.choice((1, 1, 1, 2, 3))):
        places = _places(data, ())
        if not 0 < len(places) < _MOST_PLACES:
            break
        chance.choice(_DATA_MUTATIONS)(*_owner(data, chance.choice(places)), chance)
    # Most of what is spoiled in who an object is hides all that would be found in it.
    return data | _identity(good) if chance.random() < _KEPT else data


def _identity(data: Any) -> Any:
    kept = {key: data[key] for key in ("apiVersion", "kind") if key in data}
    return kept | {"metadata": json.loads(json.dumps(data.get("metadata", {"name": "a"})))}


def _places(data: Any, path: DataPath) -> list[DataPath]:
    found: list[DataPath] = [path] if path else []
    steps: Any = ()
    if isinstance(data, dict):
        steps = data
    elif isinstance(data, list):
        steps = range(len(data))
    for step in steps:
        if len(path) < 40:
            found += _places(data[step], (*path, step))
    return found


def _value(chance: Random) -> Any:
    return deepcopy(chance.choice(VALUES))  # a copy, because the next mutation may be in it


def _owner(data: Any, path: DataPath) -> tuple[Any, Any]:
    for step in path[:-1]:
        data = data[step]
    return data, path[-1]


def _set(owner: Any, step: Any, chance: Random) -> None:
    owner[step] = _value(chance)


def _remove(owner: Any, step: Any, _chance: Random) -> None:
    del owner[step]


def _add_key(owner: Any, step: Any, chance: Random) -> None:
    target = owner[step] if isinstance(owner[step], dict) else owner
    if isinstance(target, dict):
        target[chance.choice(KEYS)] = _value(chance)
    else:
        target.append(_value(chance))


def _double_item(owner: Any, step: Any, chance: Random) -> None:
    target = owner[step] if isinstance(owner[step], list) else owner
    if isinstance(target, list) and target:
        target.insert(chance.randrange(len(target) + 1), deepcopy(chance.choice(target)))
        if chance.random() < 0.05:
            target += [deepcopy(item) for item in target * 100]
    else:
        _misspell(owner, step, chance)


def _misspell(owner: Any, step: Any, chance: Random) -> None:
    if isinstance(step, str):
        owner[chance.choice((step.upper(), step + "s", step[:-1], f" {step}"))] = owner.pop(step)
    else:
        owner.reverse()


def _wrap(owner: Any, step: Any, chance: Random) -> None:
    for _ in range(chance.choice((1, 1, 2, 90))):
        owner[step] = [owner[step]] if chance.random() < 0.5 else {chance.choice(KEYS): owner[step]}


def _swap(owner: Any, step: Any, chance: Random) -> None:
    other = chance.choice(list(owner) if isinstance(owner, dict) else range(len(owner)))
    owner[step], owner[other] = owner[other], owner[step]


def _stretch(owner: Any, step: Any, chance: Random) -> None:
    value = owner[step]
    if isinstance(value, str):
        owner[step] = chance.choice(
            (value * 50, value[:-1], value.upper(), f"{value}\n", f"-{value}")
        )
    elif isinstance(value, (int, float)):
        owner[step] = chance.choice((-value, value * 10, value + 1, str(value), 0.5, value == 0))
    else:
        _set(owner, step, chance)


_DATA_MUTATIONS: tuple[Callable[[Any, Any, Random], None], ...] = (
    *(_set, _set, _set, _remove, _add_key, _double_item, _misspell, _wrap, _swap, _stretch),
)
