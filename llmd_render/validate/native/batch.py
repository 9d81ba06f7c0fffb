"""Job and CronJob (batch validation)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from llmd_render.diagnostics import DataPath, Violation
from llmd_render.validate.words import show

from .findings import (
    Mapping,
    check_bounds,
    check_choice,
    is_set,
    mapping,
    refuse_choice,
    require,
    text,
)
from .pods import check_template

if TYPE_CHECKING:
    from collections.abc import Iterator

_COUNTS = (
    "parallelism",
    "completions",
    "backoffLimit",
    "activeDeadlineSeconds",
    "ttlSecondsAfterFinished",
)
_ENDING = ("OnFailure", "Never")
_NAME_LIMIT = 52
_MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]
_DAYS = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"]
_FIELDS: tuple[tuple[str, int, int, list[str]], ...] = (
    ("minute", 0, 59, []),
    ("hour", 0, 23, []),
    ("day of the month", 1, 31, []),
    ("month", 1, 12, _MONTHS),
    ("day of the week", 0, 6, _DAYS),
)
_NAMED = frozenset(
    {"@yearly", "@annually", "@monthly", "@weekly", "@daily", "@midnight", "@hourly"}
)


def check_job(data: Mapping) -> Iterator[Violation]:
    """Find what the server refuses of a Job."""
    yield from _check_job_spec(mapping(data.get("spec")), ("spec",))


def check_cron_job(data: Mapping) -> Iterator[Violation]:
    """Find what the server refuses of a CronJob."""
    spec = mapping(data.get("spec"))
    path: DataPath = ("spec",)
    name = text(mapping(data.get("metadata")), "name")
    if len(name) > _NAME_LIMIT:
        message = f"name has {len(name)} characters; a CronJob's may have {_NAME_LIMIT}"
        yield Violation(("metadata", "name"), message, code="native-name-format-invalid")
    yield from require(spec, "schedule", path)
    if schedule := text(spec, "schedule"):
        yield from _check_schedule(schedule, (*path, "schedule"))
    yield from check_choice(spec, "concurrencyPolicy", ("Allow", "Forbid", "Replace"), path)
    for key in ("startingDeadlineSeconds", "successfulJobsHistoryLimit", "failedJobsHistoryLimit"):
        yield from check_bounds(spec, key, path)
    zone = spec.get("timeZone")
    if isinstance(zone, str) and (not zone or zone.lower() == "local"):
        message = f"timeZone is {show(zone)}; it must be a zone such as Etc/UTC"
        yield Violation((*path, "timeZone"), message, code="native-cron-schedule-invalid")
    job = mapping(mapping(spec.get("jobTemplate")).get("spec"))
    if job:
        yield from _check_job_spec(job, (*path, "jobTemplate", "spec"))


def _check_job_spec(spec: Mapping, path: DataPath) -> Iterator[Violation]:
    for key in _COUNTS:
        yield from check_bounds(spec, key, path)
    yield from check_choice(spec, "completionMode", ("NonIndexed", "Indexed"), path)
    # Without parallelism, too, both become 1.
    if text(spec, "completionMode") == "Indexed" and is_set(spec, "parallelism"):
        yield from require(spec, "completions", path)
    yield from check_template(spec.get("template"), (*path, "template"))
    pod = mapping(spec.get("template")).get("spec")
    if not isinstance(pod, dict):
        return
    place = (*path, "template", "spec")
    policy = pod.get("restartPolicy")
    code = "native-restart-policy-refused"
    if policy == "Always":
        yield refuse_choice(policy, _ENDING, (*place, "restartPolicy"), code)
    elif not policy:
        message = "restartPolicy is not set, which means Always; a Job needs OnFailure or Never"
        yield Violation(place, message, code=code, key=True)


def _check_schedule(schedule: str, path: DataPath) -> Iterator[Violation]:
    problem = _schedule_problem(schedule)
    if problem:
        message = f"schedule is {show(schedule)}; {problem}"
        yield Violation(path, message, code="native-cron-schedule-invalid")


def _schedule_problem(schedule: str) -> str:
    # Kubernetes 1.29 refuses a time zone here, older releases take it.
    if "TZ" in schedule:
        return ""
    if schedule.startswith("@"):
        known = schedule in _NAMED or schedule.startswith("@every ")
        return "" if known else "@ begins names such as @daily, or @every and a duration"
    parts = schedule.split()
    if len(parts) != len(_FIELDS):
        return f"it has {len(parts)} fields and must have {len(_FIELDS)}"
    for part, (name, least, most, words) in zip(parts, _FIELDS, strict=True):
        for item in filter(None, part.split(",")):
            if not _is_field(item, least, most, words):
                return f"{show(item)} is no {name} from {least} to {most}, nor a range or step"
    return ""


def _is_field(item: str, least: int, most: int, words: list[str]) -> bool:
    span, slash, step = item.partition("/")
    if slash and not (step.isascii() and step.isdecimal() and step.strip("0")):
        return False
    first, dash, last = span.partition("-")
    if first in {"*", "?"}:
        return True
    start = _number(first, least, words)
    end = _number(last, least, words) if dash else start
    return start is not None and end is not None and least <= start <= end <= most


def _number(written: str, least: int, words: list[str]) -> int | None:
    if written.lower() in words:
        return words.index(written.lower()) + least
    return int(written[:9]) if written.isascii() and written.isdecimal() else None
