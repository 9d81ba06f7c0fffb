"""Files that somebody else wrote, judged as ours are."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

from llmd_render import rules
from llmd_render.diagnostics import Diagnostic, InputError, Location
from llmd_render.findings import load_findings
from llmd_render.kustomization import list_references
from llmd_render.lint import lint_calls, lint_scripts, lint_tree
from llmd_render.manifest import Manifest, Tree, read_manifests
from llmd_render.markdown import list_links
from llmd_render.placeholders import is_filled_in_by_program
from llmd_render.rules.subjects.named_files import named_files
from llmd_render.script import is_script
from llmd_render.suppressions import Suppression, read_comments, report_unused, suppress
from llmd_render.validate import (
    Admission,
    SchemaStore,
    check_tree,
    excuse_problem,
    later_schemas,
)
from llmd_render.versions import ASSUMED, UNSTATED, Changes, Versions, compare, merge_changes

from .beside import find_beside
from .folders import Folders
from .judging import Judging
from .lint_config import LintConfig

if TYPE_CHECKING:
    from collections.abc import Callable

    from .inputs import Inputs


_LONE_RETURN = re.compile(r"\r(?!\n)")

PROFILE_API_VERSION = "llmd-render/v1"


@dataclass(frozen=True, slots=True)
class LintOptions:
    """What to judge against, and what to live with."""

    folders: Folders = field(default_factory=Folders)
    target: Versions = UNSTATED
    config: LintConfig = field(default_factory=LintConfig)
    judging: Judging = field(default_factory=Judging)
    rules: bool = True


@dataclass(slots=True)
class LintResult:
    """What was found in files that somebody else wrote, and how much was looked at."""

    diagnostics: list[Diagnostic] = field(default_factory=list)
    files: int = 0
    scripts: int = 0
    texts: int = 0
    profiles: int = 0
    objects: int = 0
    kinds: int = 0
    cel_rules: int = 0
    tree_rules: int = 0
    changes: Changes | None = None
    of_profiles: list[Changes] = field(default_factory=list)
    in_profiles: list[Diagnostic] = field(default_factory=list)

    @property
    def counts(self) -> dict[str, int]:
        """How much was looked at, by name."""
        return {
            "files": self.files,
            "scripts": self.scripts,
            "profiles": self.profiles,
            "objects": self.objects,
            "kinds": self.kinds,
            "celRules": self.cel_rules,
            "treeRules": self.tree_rules,
        }


def lint_inputs(
    inputs: Inputs,
    options: LintOptions = LintOptions(),
    progress: Callable[[int, int], None] = lambda _done, _total: None,
) -> LintResult:
    """Judge manifests, kustomizations, scripts and profiles.

    `progress` is told how many documents of how many are done. With a target the manifests are
    judged again by the versions that are assumed without one, to say what the target changes.
    """
    result = _judge(inputs, options, progress)
    if options.target != UNSTATED:
        plain = _judge(inputs, replace(options, target=UNSTATED))
        found = compare(ASSUMED, options.target, plain.diagnostics, result.diagnostics)
        result.changes = _add_profiles(found, result)
    return result


def _add_profiles(found: Changes, result: LintResult) -> Changes:
    """Take what changes of profiles from themselves: what is found is of both versions there."""
    known = {(item.location, item.code, item.message) for item in result.in_profiles}
    new = (item for item in found.new if (item.location, item.code, item.message) not in known)
    found = replace(found, new=tuple(new))
    if result.of_profiles and result.profiles == result.files:
        found = replace(found, before=result.of_profiles[0].before)
    return merge_changes([found, *result.of_profiles])


def _judge(
    inputs: Inputs,
    options: LintOptions,
    progress: Callable[[int, int], None] = lambda _done, _total: None,
) -> LintResult:
    run = _Run(options, LintResult([*inputs.diagnostics], files=len(inputs.texts)))
    for path, text in inputs.texts:
        run.take(path, text)
    return run.finish(inputs, progress)


class _Run:
    def __init__(self, options: LintOptions, result: LintResult) -> None:
        self._options = options
        self._result = result
        self._manifests: list[Manifest] = []
        self._suppressions: list[Suppression] = [*options.config.suppressions]
        versions = options.target.completed(ASSUMED)
        later = later_schemas(options.target)
        store = SchemaStore(versions.kubernetes, options.judging.crds, later)
        reasons = {kind: item.reason for kind, item in options.config.unknown.items()}
        unevaluated = options.judging.unevaluated
        self._admission = Admission(store, reasons, versions.kserve, unevaluated)

    def take(self, path: str, text: str) -> None:
        """Read one file, and judge it if it needs no other."""
        # A carriage return alone ends a line in YAML, and in no place that counts lines.
        text = _LONE_RETURN.sub("\n", text)
        if path.endswith(".md"):
            self._result.texts += 1
            return
        suppressions, malformed = read_comments(text, path)
        self._suppressions += suppressions
        self._result.diagnostics += malformed
        if is_script(path, text):
            self._result.scripts += 1
            self._result.diagnostics += lint_scripts([(path, text, "")])
            return
        manifests, problems = read_manifests(text, path)
        problems = [excuse_problem(item, text) for item in problems]
        self._result.diagnostics += problems
        if len(manifests) == 1 and manifests[0].api_version == PROFILE_API_VERSION:
            self._result.profiles += 1
            found, changes = _lint_profile_text(text, path, self._options)
            self._result.diagnostics += found
            if changes is not None:
                self._result.of_profiles.append(changes)
                self._result.in_profiles += found
            return
        self._manifests += manifests

    def finish(self, inputs: Inputs, progress: Callable[[int, int], None]) -> LintResult:
        """Judge all manifests together, and count."""
        result, texts = self._result, dict(inputs.texts)
        tree = Tree(
            texts, tuple(self._manifests), target=self._options.target, settings=inputs.settings
        )
        targets = {item.target for item in list_references(tree)}
        targets |= {link.target for link in list_links(tree)}
        targets |= {path for item in named_files(tree) for path in item.paths}
        known = set(filter(_exists, targets))
        tree = replace(tree, elsewhere=frozenset(known))
        result.diagnostics += check_tree(
            tree, self._admission, foreign=True, beside=find_beside(tree), progress=progress
        )
        result.diagnostics += lint_calls(tree)
        if self._options.rules:
            result.diagnostics += [
                item for item in lint_tree(tree) if not _is_about_placeholder(item)
            ]
            result.tree_rules = len(rules.TREE_RULES)
        result.objects = self._admission.objects
        result.cel_rules = self._admission.cel_rules
        result.kinds = len(self._admission.schemas)
        judged = result.objects + result.scripts + result.profiles + result.texts
        if not judged and not any(item.blocks for item in result.diagnostics):
            place = next(iter(texts), "-")
            message = "there is nothing here to judge"
            result.diagnostics.append(Diagnostic(Location(place), message, "lint-input-empty"))
        result.diagnostics += [
            report_unused(item)
            for kind, item in self._options.config.unknown.items()
            if kind not in self._admission.allowed
        ]
        if self._suppressions:
            codes = [*rules.list_names(), *load_findings()]
            result.diagnostics = suppress(result.diagnostics, self._suppressions, codes)
        return result


def _is_about_placeholder(found: Diagnostic) -> bool:
    """Whether a rule took a name in a manifest for a name that is filled in only later."""
    is_manifest = found.location.file.endswith((".yaml", ".yml"))
    return is_manifest and is_filled_in_by_program(found.message)


def _exists(target: str) -> bool:
    try:
        return Path(target).exists()
    except OSError:  # too long for a name, or in a folder that nobody may look into
        return False


def _lint_profile_text(
    text: str, path: str, options: LintOptions
) -> tuple[tuple[Diagnostic, ...], Changes | None]:
    # Most of what is linted is no profile, and needs nothing of what renders one.
    from .loading import load_text  # noqa: PLC0415
    from .rendering import render_profile  # noqa: PLC0415

    try:
        loaded = load_text(text, path, folders=options.folders, target=options.target)
    except InputError as error:
        return error.diagnostics, None
    outcome = render_profile(
        loaded, options.folders, target=options.target, judging=options.judging
    )
    return outcome.diagnostics, outcome.changes
