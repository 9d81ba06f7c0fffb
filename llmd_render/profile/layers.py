"""Several sources of one profile laid over each other: `extends`, then `--set`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from llmd_render.diagnostics import DataPath, Diagnostic, InputError, Location, did_you_mean
from llmd_render.source import Document, SourceMap, parse

from .load import keys_at

if TYPE_CHECKING:
    from collections.abc import Callable

    Find = Callable[[str, str], tuple[str, str]]

_MOST_LAYERS = 20
_LONGEST_SHOWN = 80


def read_profile(text: str, file: str, find: Find, trail: tuple[str, ...] = ()) -> Document:
    """Parse a profile and lay it over the profiles that it extends.

    `find(target, file)` gives text and file name of what `file` extends. Maps merge, lists
    replace, null removes. Raises InputError on bad YAML, a cycle or a target that is not there.
    """
    document = parse(text, file)
    data = document.data
    if not isinstance(data, dict) or not isinstance(data.get("extends"), str):
        return document
    target = data["extends"]
    path: DataPath = ("extends",)
    try:
        base_text, base_file = find(target, file)
    except InputError as error:
        found = error.diagnostics[0]
        message = f"extends names `{target}`: {found.message}"
        raise InputError(
            document.positions.diagnose(path, message, "profile-extends-unknown", hint=found.hint)
        ) from error
    seen = (*trail, file)
    problem, hint = "", "remove one `extends`"
    if base_file in seen:
        problem = f"profiles extend each other in a circle: {' -> '.join((*seen, base_file))}"
    elif len(seen) > _MOST_LAYERS:
        problem = f"more than {_MOST_LAYERS} profiles extend one another"
        hint = "join some of them to one"
    if problem:
        code = "profile-extends-cycle"
        raise InputError(document.positions.diagnose(path, problem, code, hint=hint))
    base = read_profile(base_text, base_file, find, seen)
    if not isinstance(base.data, dict):
        return document
    return _lay_over(base, document)


def _lay_over(base: Document, upper: Document) -> Document:
    replaced: list[DataPath] = []
    lower = {key: value for key, value in base.data.items() if key != "extends"}
    merged = _merge(lower, upper.data, (), replaced)
    return Document(merged, base.positions.overlay(upper.positions, replaced))


def _merge(
    lower: dict[Any, Any], upper: dict[Any, Any], path: DataPath, replaced: list[DataPath]
) -> dict[Any, Any]:
    merged = dict(lower)
    for key, value in upper.items():
        here = (*path, key)
        old = lower.get(key)
        if value is None:
            merged.pop(key, None)
            replaced.append(here)
        elif isinstance(old, dict) and isinstance(value, dict):
            merged[key] = _merge(old, value, here, replaced)
        else:
            merged[key] = value
            replaced.append(here)
    return merged


def apply_setting(document: Document, setting: str) -> Document:
    """Lay one `--set a.b=value` over a profile; the value is YAML 1.2, null removes the key.

    Raises InputError when the setting has no `=`, names no known key, or is not YAML.
    """
    shown = f"--set {_shorten(setting)}"
    name, equals, text = setting.partition("=")
    steps = tuple(name.split(".")) if name else ()
    if not equals or not all(steps) or not steps:
        message = "a setting has the form key.key=value"
        raise InputError(Diagnostic(Location(shown), message, "setting-form-wrong"))
    if steps == ("extends",):
        message = "a setting is laid over a profile that has been read with what it extends"
        hint = "write `extends` into the profile"
        raise InputError(Diagnostic(Location(shown), message, "setting-form-wrong", hint=hint))
    try:
        value = parse(text, shown).data
    except InputError as error:
        first = error.diagnostics[0]
        raise InputError(
            Diagnostic(Location(shown), first.message, "setting-value-malformed")
        ) from error
    data = document.data if isinstance(document.data, dict) else {}
    _refuse_unknown_key(steps, shown)
    nested: Any = value
    for step in reversed(steps):
        nested = {step: nested}
    places: dict[DataPath, Location] = {
        steps[:length]: Location(shown) for length in range(1, len(steps) + 1)
    }
    replaced: list[DataPath] = []
    merged = _merge(data, nested, (), replaced)
    kept_places = {
        path: place
        for path, place in places.items()
        if path == steps or path not in document.positions.values
    }
    upper = SourceMap(document.positions.file, dict(kept_places), dict(kept_places))
    return Document(merged, document.positions.overlay(upper, replaced))


def _shorten(setting: str) -> str:
    """Name a setting so that a message stays readable whatever its value is."""
    line = setting.split("\n", maxsplit=1)[0]
    return line if len(line) <= _LONGEST_SHOWN and line == setting else f"{line[:_LONGEST_SHOWN]}…"


def _refuse_unknown_key(steps: tuple[str, ...], shown: str) -> None:
    for length, step in enumerate(steps):
        known = keys_at(steps[:length])
        if not known:
            return
        if step not in known:
            hint = did_you_mean(step, known, f"known here: {', '.join(known)}")
            message = f"{'.'.join(steps[: length + 1])} is not a key of a profile"
            raise InputError(Diagnostic(Location(shown), message, "profile-unknown-key", hint=hint))
