"""Flags that exclude or need each other, judged as gcloud does."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from .invocation import Refusal
from .table import Group

if TYPE_CHECKING:
    from collections.abc import Iterator

    from .invocation import Invocation
    from .table import Option, Table

_MOST_SHOWN = 6


def find_conflicts(invocation: Invocation, table: Table) -> Iterator[Refusal]:
    """Find flags of one call that exclude each other, and those that are missing."""
    path = invocation.command.path
    judge = _Judge(invocation, f"{table.program} {path}", table.usual.get(path, ()))
    judge.judge(invocation.command.group, is_needed=True, is_top=True)
    yield from judge.refusals


@dataclass
class _Judge:
    invocation: Invocation
    what: str
    usual: tuple[str, ...] = ()
    refusals: list[Refusal] = field(default_factory=list)

    def judge(self, group: Group, *, is_needed: bool, is_top: bool = False) -> bool:
        """Judge a group and those in it; tell whether any of its flags is given."""
        given, missing = [], []
        for member in group.members:
            if isinstance(member, Group):
                is_given = self.judge(member, is_needed=is_needed and member.is_needed)
            else:
                is_given = self.invocation.has(member.name)
            if is_given:
                given.append(member)
            elif member.is_needed:
                missing.append(member)
        if missing and not self._may_have_more and (is_top or given):
            self._refuse_missing(missing[0], given, is_top=is_top)
        if group.is_exclusive:
            self._judge_exclusive(group, given, is_needed=is_needed and group.is_needed)
        return bool(given)

    @property
    def _may_have_more(self) -> bool:
        """Whether a run may add flags, or one that is not known was meant for a missing one."""
        unknown = any(item.code == "gcloud-flag-unknown" for item in self.invocation.refusals)
        return unknown or self.invocation.is_open

    def _refuse_missing(
        self, missing: Option | Group, given: list[Option | Group], *, is_top: bool
    ) -> None:
        wanted = self._name(missing)
        if isinstance(missing, Group) and missing.is_exclusive:
            return  # said when that group was judged
        because = self.what if is_top else _name_given(given, self.invocation)
        self.refusals.append(
            Refusal("gcloud-flag-required", f"{because} needs {wanted}", f"add {wanted}")
        )

    def _name(self, member: Option | Group) -> str:
        if not isinstance(member, Group):
            return member.name
        names = [*dict.fromkeys(member.names)]
        # Of many flags those are named that somebody most likely means.
        first = {name: place for place, name in enumerate(self.usual)}
        names.sort(key=lambda name: first.get(name, len(first)))
        shown = names[:_MOST_SHOWN]
        if len(names) == 1:
            return names[0]
        if len(names) > len(shown):
            return f"{', '.join(shown)} or another of its flags"
        return f"{', '.join(shown[:-1])} or {shown[-1]}"

    def _judge_exclusive(
        self, group: Group, given: list[Option | Group], *, is_needed: bool
    ) -> None:
        if len(given) > 1:
            chosen = {_name_given([member], self.invocation) for member in given}
            order = dict.fromkeys(item.flag.name for item in self.invocation.given)
            names = [name for name in order if name in chosen]
            message = f"{' and '.join(names)} exclude each other"
            hint = "keep one of them" if not is_needed else "keep one, or make a call for each"
            word = next(
                item.word for item in reversed(self.invocation.given) if item.flag.name in names
            )
            self.refusals.append(Refusal("gcloud-flags-exclude-each-other", message, hint, word))
        elif not given and is_needed and not self._may_have_more:
            wanted = self._name(group)
            message = f"{self.what} needs {wanted}"
            many = "another of its flags" in wanted
            hint = "add the one for what is to change" if many else f"add {wanted}"
            self.refusals.append(Refusal("gcloud-flag-required", message, hint))


def _name_given(given: list[Option | Group], invocation: Invocation) -> str:
    names = {name for member in given for name in _list_names(member)}
    return next(item.flag.name for item in invocation.given if item.flag.name in names)


def _list_names(member: Option | Group) -> Iterator[str]:
    if isinstance(member, Group):
        yield from member.names
    else:
        yield member.name
