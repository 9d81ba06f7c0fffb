"""What the stand-ins remember: one Google Cloud project, and the objects of one cluster in it."""

from __future__ import annotations

import copy
import json
import re
from dataclasses import dataclass, field
from typing import Any

LOGIN = ".config/containers/auth.json"


class UnknownCallError(Exception):
    """A call that no stand-in knows: a typo in a script, or a gap in the stand-in."""


class RefusedError(Exception):
    """What the real tool would refuse, with its message."""

    def __init__(self, message: str, code: int = 1) -> None:
        super().__init__(message)
        self.code = code


def empty_state() -> dict[str, Any]:
    """Make a project in which nothing was done yet but billing and a login."""
    return {
        "accounts": [{"account": "someone@example.com"}],
        "apis": ["cloudquotas.googleapis.com"],
        "addresses": {"metric": "IN_USE_ADDRESSES", "limit": 8.0, "usage": 1.0},
        "quota": {"value": "16"},
        "versions": ["1.34.1-gke.1829001"],
        "machines": ["ct5lp-hightpu-4t", "ct6e-standard-4t", "n1-standard-4"],
        "networks": {},
        "subnets": {},
        "clusters": {},
        "security_policies": {},
        "forwarding_rules": {},
        "gateway_addresses": {},
        "filestore": {},
        "objects": {},
        "releases": [],
        "contexts": [],
    }


def empty_home() -> dict[str, str]:
    """Make the home of somebody who logged in to the registry of the image."""
    return {LOGIN: '{"auths": {"registry.redhat.io": {"auth": "c29tZWJvZHk6eA=="}}}'}


@dataclass(frozen=True)
class Answer:
    """What a call whose words hold the pattern answers; where the code is not 0, as its error.

    `after` is a pattern, too: of a call that has to be made before.
    """

    pattern: str
    text: str = ""
    code: int = 0
    after: str = ""


@dataclass
class World:
    """The state, the files at home, and how often each thing that takes its time says: not yet."""

    state: dict[str, Any] = field(default_factory=empty_state)
    pending: dict[str, int] = field(default_factory=dict)
    home: dict[str, str] = field(default_factory=empty_home)
    answers: list[Answer] = field(default_factory=list)
    """What calls answer instead, the first that fits."""

    def copy(self) -> World:
        """Make another world like this one."""
        return copy.deepcopy(self)

    def picture(self) -> str:
        """Write down all but answers, to compare it."""
        return json.dumps([self.state, self.home], sort_keys=True)

    def begin(self, what: str, polls: int = 2) -> None:
        """Let something need a few looks until it is there."""
        self.pending[what] = polls

    def done(self, what: str) -> bool:
        """Look whether something is there by now."""
        left = self.pending.get(what, 0)
        if left:
            self.pending[what] = left - 1
        return left == 0


def find(data: Any, path: str) -> Any:
    """Follow a dotted path through maps; None where it ends early."""
    for key in path.split("."):
        if not isinstance(data, dict):
            return None
        data = data.get(key)
    return data


def select(rows: list[dict[str, Any]], expression: str) -> list[dict[str, Any]]:
    """Filter rows as gcloud's `--filter` does, as far as the scripts use it."""
    for term in expression.split(" AND ") if expression else []:
        match = re.fullmatch(r"([\w.]+)(=|~|:)(.+)", term)
        if match is None:
            raise UnknownCallError(f"--filter={expression}")
        key, sign, wanted = match.groups()
        if sign == "~":
            rows = [row for row in rows if re.search(wanted, str(find(row, key)))]
        else:
            rows = [row for row in rows if str(find(row, key)) == wanted]
    return rows


def show(rows: list[dict[str, Any]] | dict[str, Any], form: str) -> str:
    """Print rows as gcloud's `--format` does, as far as the scripts use it."""
    if form == "json":
        return json.dumps(rows) + "\n"
    listed = [rows] if isinstance(rows, dict) else rows
    if form == "":
        return "".join(f"{row.get('name', '')}\n" for row in listed)
    match = re.fullmatch(r"(?:value|yaml)\(([\w.,]+)\)", form)
    if match is None:
        raise UnknownCallError(f"--format={form}")
    keys = match.group(1).split(",")
    return "".join("\t".join(_cell(find(row, key)) for key in keys) + "\n" for row in listed)


def _cell(value: Any) -> str:
    if isinstance(value, list):
        return ";".join(map(str, value))
    return "" if value is None else str(value)
