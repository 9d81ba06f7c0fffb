"""The main job and its twin: write the tree of a profile, or compare it with what is there."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from llmd_render import pipeline, report, write
from llmd_render.diagnostics import Diagnostic, InputError, Location

from .run import FINDINGS, emit, exit_code, say_what_is_rendered

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from llmd_render.versions import Changes, Versions

_STATES = {
    "missing": "is missing",
    "changed": "would be written differently now",
    "stale": "is not part of the tree any more",
    "hand-edited": "was edited by hand",
    "extra": "was not written by llmd-render",
}


@dataclass(frozen=True, slots=True)
class _Request:
    """What each profile of a call is rendered with."""

    settings: tuple[str, ...]
    folders: pipeline.Folders
    target: Versions
    judging: pipeline.Judging
    several: bool


def render_command(  # noqa: PLR0913 - one argument an option
    *,
    names: tuple[str, ...],
    out: str,
    settings: tuple[str, ...],
    templates: tuple[str, ...],
    profiles: tuple[str, ...],
    dry_run: bool,
    force: bool,
    format_: str,
    crds: tuple[str, ...],
    unevaluated: str,
    target: str,
    fail_on: str,
    **_: Any,
) -> int:
    """Render, check and write each profile; nothing is written when any of them has errors."""
    _refuse_empty(out)
    folders = _folders(profiles, templates)
    judged, given = pipeline.parse_target(target), pipeline.load_given_crds(crds)
    judging = pipeline.Judging(given.crds, unevaluated)
    request = _Request(settings, folders, judged, judging, several=len(names) > 1)
    outcomes = [_render(name, request) for name in names]
    _refuse_same_target(names, outcomes)
    found = [*given.diagnostics]
    found += [item for outcome in outcomes for item in outcome.diagnostics]
    code = exit_code(found, fail_on)
    changed = {} if code else _write_all(outcomes, Path(out), dry_run=dry_run, force=force)
    written = [] if dry_run else _list_written(outcomes, Path(out), changed)
    summary = {"profiles": [item.name for item in outcomes]}
    changes = _merge_changes(outcomes)
    if not emit(found, format_, written=written, summary=summary, changes=changes, err=True):
        return code
    say_what_is_rendered(changes, err=True)
    if code:
        click.echo(_summarise(found, "nothing was written"), err=True)
        return code
    for outcome in outcomes:
        _announce(outcome, Path(out), dry_run=dry_run, changed=changed[outcome.name])
    if any(not item.acknowledged for item in found):
        click.echo(_summarise(found, ""), err=True)
    return 0


def _write_all(
    outcomes: list[pipeline.Outcome], out: Path, *, dry_run: bool, force: bool
) -> dict[str, bool]:
    """Write trees, or only plan them; says of each whether that changes anything."""
    changed: dict[str, bool] = {}
    # All are planned before any is written, so that a refusal leaves all as they were.
    for act in (write.plan_tree,) if dry_run else (write.plan_tree, write.write_tree):
        for item in outcomes:
            changed[item.name] = act(item.files, out / item.name, force=force)
    return changed


def _list_written(
    outcomes: list[pipeline.Outcome], out: Path, changed: dict[str, bool]
) -> list[str]:
    """List the files of the trees that changed."""
    return [
        Path(out, outcome.name, item.path).as_posix()
        for outcome in outcomes
        for item in outcome.files
        if changed.get(outcome.name)
    ]


def _merge_changes(outcomes: Iterable[pipeline.Outcome]) -> Changes | None:
    from llmd_render.versions import merge_changes  # noqa: PLC0415 - only with a target

    changes = [item.changes for item in outcomes if item.changes is not None]
    return merge_changes(changes) if changes else None


def _refuse_empty(out: str) -> None:
    if not out:
        raise click.UsageError("--out is empty; `--out .` is the working directory.")


def _render(name: str, request: _Request) -> pipeline.Outcome:
    folders, target = request.folders, request.target
    text, file = pipeline.find_profile(name, folders)

    def attribute(found: Iterable[Diagnostic]) -> Iterator[Diagnostic]:
        # Profiles can share a base, and the files of their trees have the same names.
        for item in found:
            own = item.location.file == file or not request.several
            yield item if own else replace(item, message=f"{item.message} (in profile {name})")

    try:
        loaded = pipeline.load_text(text, file, request.settings, folders, target=target)
        outcome = pipeline.render_profile(loaded, folders, target=target, judging=request.judging)
    except InputError as error:
        raise type(error)(*attribute(error.diagnostics)) from error
    changes = outcome.changes
    if changes is not None:
        new, gone = tuple(attribute(changes.new)), tuple(attribute(changes.gone))
        changes = replace(changes, new=new, gone=gone)
    return replace(outcome, diagnostics=tuple(attribute(outcome.diagnostics)), changes=changes)


def _folders(profiles: tuple[str, ...], templates: tuple[str, ...]) -> pipeline.Folders:
    return pipeline.Folders(tuple(map(Path, profiles)), tuple(map(Path, templates)))


def _refuse_same_target(names: tuple[str, ...], outcomes: list[pipeline.Outcome]) -> None:
    seen: dict[str, str] = {}
    for name, outcome in zip(names, outcomes, strict=True):
        if outcome.name in seen:
            raise pipeline.UsageProblem(
                Diagnostic(
                    Location(name),
                    f"{seen[outcome.name]} and {name} are both named {outcome.name} and would "
                    "be written to the same folder",
                    "profile-given-twice",
                )
            )
        seen[outcome.name] = name


def _announce(outcome: pipeline.Outcome, out: Path, *, dry_run: bool, changed: bool) -> None:
    target = report.make_printable((out / outcome.name).as_posix())
    if dry_run:
        click.echo(f"would write {target}/ ({len(outcome.files)} files):")
        for item in outcome.files:
            click.echo(f"  {item.path}")
        return
    if changed:
        click.echo(f"wrote {target}/ ({len(outcome.files)} files, all checked)")
        for item in outcome.files:
            click.echo(f"  {item.path}")
    else:
        click.echo(f"{target}/ is up to date ({len(outcome.files)} files, all checked)")
    if outcome.stack is not None:
        costs = outcome.stack.costs
        day = costs.running.per_day
        click.echo(f"Running it will cost {costs.least} ${day} a day; {target}/README.md says how.")
    click.echo(f"Next: read {target}/README.md, then run {target}/cluster/preflight.sh")


def _summarise(found: list[Diagnostic], tail: str) -> str:
    counts = report.count(found)
    parts = [
        f"{number} {word if number != 1 else word.rstrip('s')}"
        for word, number in counts.items()
        if number and word != "acknowledged"
    ]
    if counts["acknowledged"]:
        parts.append(f"{counts['acknowledged']} acknowledged")
    return "; ".join(filter(None, (", ".join(parts), tail)))


def check_command(  # noqa: PLR0913 - one argument an option
    *,
    names: tuple[str, ...],
    all_: bool,
    out: str,
    templates: tuple[str, ...],
    profiles: tuple[str, ...],
    format_: str,
    crds: tuple[str, ...],
    unevaluated: str,
    target: str,
    fail_on: str,
) -> int:
    """Compare each tree on disk with what would be written; findings are the product."""
    _refuse_empty(out)
    folders = _folders(profiles, templates)
    if all_ == bool(names):
        raise click.UsageError("Give either --profile NAME or --all.")
    judged, given = pipeline.parse_target(target), pipeline.load_given_crds(crds)
    judging = pipeline.Judging(given.crds, unevaluated)
    chosen = names or _all_names(folders)
    request = _Request((), folders, judged, judging, several=len(chosen) > 1)
    found: list[Diagnostic] = [*given.diagnostics]
    drift: list[Diagnostic] = []
    outcomes, unreadable = _render_each(chosen, request)
    found += unreadable
    _refuse_same_target(tuple(outcomes), list(outcomes.values()))
    for outcome in outcomes.values():
        found += outcome.diagnostics
        if outcome.ok:
            drift += _find_drift(outcome, Path(out))
    code = FINDINGS if drift else exit_code(found, fail_on)
    summary = {"profiles": list(chosen), "drift": len(drift)}
    changes = _merge_changes(outcomes.values())
    if not emit([*found, *drift], format_, summary=summary, changes=changes):
        return code
    say_what_is_rendered(changes, err=False)
    trees = f"{len(chosen)} tree{'s' if len(chosen) != 1 else ''}"
    state = f"{len(drift)} differ from what would be written" if drift else "up to date"
    click.echo(f"{trees} checked: {state}")
    return code


def _render_each(
    names: tuple[str, ...], request: _Request
) -> tuple[dict[str, pipeline.Outcome], list[Diagnostic]]:
    """Render profiles by name; one that cannot be read does not keep the others from it."""
    outcomes: dict[str, pipeline.Outcome] = {}
    found: list[Diagnostic] = []
    for name in names:
        try:
            outcomes[name] = _render(name, request)
        except pipeline.UsageProblem:
            raise
        except InputError as error:
            found += error.diagnostics
    return outcomes, found


def _all_names(folders: pipeline.Folders) -> tuple[str, ...]:
    profiles = pipeline.list_profiles(folders)
    if folders.profiles:
        own = {path.stem for folder in folders.profiles for path in folder.glob("*.y*ml")}
        return tuple(name for name in profiles if name in own)
    return tuple(profiles)


def _find_drift(outcome: pipeline.Outcome, out: Path) -> list[Diagnostic]:
    target = out / outcome.name
    differences = list(write.compare_tree(outcome.files, target))
    if not target.exists():
        return [
            Diagnostic(
                Location(target.as_posix()),
                "the tree has not been written",
                "tree-not-rendered",
                hint=f"llmd-render --profile {outcome.name} --out {out.as_posix()}",
            )
        ]
    return [
        Diagnostic(
            Location((target / item.path).as_posix()),
            f"the file {_STATES[item.state]}",
            f"tree-file-{item.state}",
            hint=f"llmd-render --profile {outcome.name} --out {out.as_posix()} writes it anew",
        )
        for item in differences
    ]
