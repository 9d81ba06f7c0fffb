"""Runs the rules and gives what they find a place in a file."""

from __future__ import annotations

from dataclasses import replace
from types import MappingProxyType
from typing import TYPE_CHECKING

from . import rules
from .diagnostics import Diagnostic, Location, Severity, did_you_mean
from .manifest import Manifest
from .rules.subjects.scripts import invocations, unread_calls
from .script import check_script, is_script

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping

    from .catalog import Catalog
    from .command_line import Refusal
    from .manifest import Tree
    from .profile import Profile
    from .rules import ProfileRule, Rule, TreeRule, TreeViolation
    from .script import Call
    from .source import SourceMap


class RuleCrashError(Exception):
    """A rule raised instead of reporting: our bug, and the message says whose."""

    def __init__(self, rule: Rule) -> None:
        super().__init__(f"the rule {rule.name} crashed")


def lint_profile(
    profile: Profile, catalog: Catalog, positions: SourceMap, chosen: Iterable[ProfileRule] = ()
) -> list[Diagnostic]:
    """Run rules about what a person wrote, all by default; findings are placed in the profile."""
    found: list[Diagnostic] = []
    for rule in chosen or rules.PROFILE_RULES:
        try:
            violations = list(rule.check(profile, catalog))
        except Exception as error:
            raise RuleCrashError(rule) from error
        found += [
            positions.diagnose(
                violation.path,
                violation.message,
                rule.name,
                hint=violation.hint,
                severity=rule.severity,
                key=violation.key,
            )
            for violation in violations
        ]
    return found


def lint_tree(tree: Tree, said: Collection[str] = ()) -> list[Diagnostic]:
    """Run the rules about files; each finding is placed in the file it is about.

    `said` names the rules that found something in the profile of the tree.
    """
    found: list[Diagnostic] = []
    for rule in rules.TREE_RULES:
        if not set(rule.covered_by).isdisjoint(said):
            continue
        try:
            violations = list(rule.check(tree))
        except Exception as error:
            raise RuleCrashError(rule) from error
        found += [_place(rule, item, tree) for item in violations]
    return found


def _place(rule: TreeRule, found: TreeViolation, tree: Tree) -> Diagnostic:
    violation, place = found.violation, found.place
    if isinstance(place, Manifest):
        return place.diagnose(replace(violation, code=rule.name, severity=rule.severity))
    location = Location(place) if isinstance(place, str) else place
    excerpt = _cut_line(tree, location)
    return Diagnostic(
        location, violation.message, rule.name, rule.severity, violation.hint, excerpt=excerpt
    )


def _cut_line(tree: Tree, place: Location) -> str:
    text = tree.files.get(place.file) or tree.settings.get(place.file, "")
    lines = text.split("\n") if place.line else []
    return lines[place.line - 1] if 0 < place.line <= len(lines) else ""


def lint_scripts(files: Iterable[tuple[str, str, str]]) -> Iterator[Diagnostic]:
    """Find what bash could not parse, in (path, text, template) of each script."""
    for path, text, template in files:
        if is_script(path, text):
            yield from check_script(text, path, template)


def lint_calls(
    tree: Tree, templates: Mapping[str, str] = MappingProxyType({})
) -> Iterator[Diagnostic]:
    """Find what gcloud and kubectl refuse in the scripts of a tree.

    `templates` says what each file was rendered from.
    """
    for call, refusal in _find_refusals(tree):
        word = refusal.word or call
        place = Location(call.file, word.line, word.column)
        hint, template = refusal.hint, templates.get(place.file, "")
        yield Diagnostic(
            place,
            refusal.message,
            refusal.code,
            refusal.severity or Severity.ERROR,
            f"{hint}; rendered from {template}" if template else hint,
            excerpt=_cut_line(tree, place),
        )


def _find_refusals(tree: Tree) -> Iterator[tuple[Call, Refusal]]:
    # Few trees have such a script, and the others need no table.
    for invocation in invocations(tree):
        from .command_line import judge_call  # noqa: PLC0415

        for refusal in judge_call(invocation):
            yield invocation.call, refusal
    for call in unread_calls(tree):
        from .command_line import find_unknown_command  # noqa: PLC0415

        found = find_unknown_command(call)
        if found:
            yield call, found


def acknowledge(
    diagnostics: list[Diagnostic], profile: Profile, positions: SourceMap
) -> list[Diagnostic]:
    """Mark the findings that the profile lives with, and report acknowledgements gone stale.

    Only findings of rules can be acknowledged: what a schema refuses, the API server refuses too.
    """
    known = {rule.name: rule for rule in rules.ALL_RULES}
    reasons: dict[str, str] = {}
    result = list(diagnostics)
    fired = {item.code for item in diagnostics}
    for index, ignore in enumerate(profile.lint.ignore):
        path = ("lint", "ignore", index, "rule")
        if ignore.rule not in known:
            hint = did_you_mean(ignore.rule, known, "`llmd-render list rules` shows them")
            message = f"there is no rule {ignore.rule}"
            result.append(positions.diagnose(path, message, "lint-ignore-unknown", hint=hint))
            continue
        if not known[ignore.rule].acknowledgeable:
            message = f"{ignore.rule} cannot be acknowledged: what it guards has to be right"
            hint = f"`llmd-render explain {ignore.rule}` says why; mend what it finds"
            result.append(positions.diagnose(path, message, "lint-ignore-refused", hint=hint))
            continue
        useless = ""
        if ignore.rule not in fired:
            useless = f"{ignore.rule} finds nothing here any more"
        elif ignore.rule in reasons:
            useless = f"{ignore.rule} is acknowledged above already"
        if useless:
            found = positions.diagnose(
                path,
                useless,
                "lint-ignore-unused",
                hint="remove the entry",
                severity=Severity.WARNING,
            )
            result.append(found)
        reasons.setdefault(ignore.rule, ignore.reason)
    return [
        replace(item, acknowledged=reasons[item.code]) if item.code in reasons else item
        for item in result
    ]
