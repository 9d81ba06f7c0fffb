"""What a rule is: a name, a severity, a check, and a docstring that is its documentation."""

from __future__ import annotations

import inspect
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from llmd_render.catalog import Catalog
    from llmd_render.diagnostics import Location, Severity, Violation
    from llmd_render.manifest import Manifest, Tree
    from llmd_render.profile import Profile


@dataclass(frozen=True, slots=True)
class TreeViolation:
    """What a tree rule found: in which object, at which place, or in which file as a whole."""

    place: Manifest | Location | str
    violation: Violation


@dataclass(frozen=True, slots=True)
class ProfileRule:
    """A rule about what a person wrote; it yields violations in terms of the profile.

    One that cannot be acknowledged guards what rendering relies on, or a secret.
    """

    name: str
    severity: Severity
    check: Callable[[Profile, Catalog], Iterator[Violation]]
    acknowledgeable: bool = True

    @property
    def documentation(self) -> str:
        """The rule's docstring: requirement, reason, source, what passes and what fails."""
        return _docstring(self.check)


@dataclass(frozen=True, slots=True)
class TreeRule:
    """A rule about the files that are rendered, or that somebody else wrote.

    `covered_by` names rules about profiles that say the same: what one of them found in a profile
    is not said again of the tree that was rendered from it.
    """

    name: str
    severity: Severity
    check: Callable[[Tree], Iterator[TreeViolation]]
    acknowledgeable: bool = False
    covered_by: tuple[str, ...] = ()

    @property
    def documentation(self) -> str:
        """The rule's docstring: requirement, reason, source, what passes and what fails."""
        return _docstring(self.check)


Rule = ProfileRule | TreeRule


def _docstring(check: Callable[..., object]) -> str:
    return inspect.cleandoc(sys.modules[check.__module__].__doc__ or "")
