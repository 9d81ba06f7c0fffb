"""The walk over a document: each rule at each place where the schema puts it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from llmd_render.diagnostics import DataPath, Violation

from .budget import Budget
from .engine import Engine, EvaluationError, NotEvaluatedError, load_engine
from .places import Place, Rule, find_places
from .source import read, without_old_self

if TYPE_CHECKING:
    from llmd_render.validate.store import Schema

_LONGEST_MESSAGE = 5120
_LONGEST_RULE = 300


@dataclass(frozen=True, slots=True)
class CelReport:
    """What the rules of a document said.

    `evaluated` counts the evaluations of rules that gave an answer, `skipped` those left out
    because a rule speaks of a change, of which there is none on create.
    """

    violations: tuple[Violation, ...] = ()
    evaluated: int = 0
    skipped: int = 0


_NOTHING = CelReport()


def check_rules(data: Any, schema: Schema) -> CelReport:
    """Judge a document by the rules of its schema, as the server does when it is created.

    The data must be structurally valid and have its defaults: the server judges no other.
    """
    place = None if schema.core else find_places(schema)
    if place is None:
        return _NOTHING
    run = _Run(data)
    run.walk(data, place)
    return CelReport(tuple(run.violations), run.evaluated, run.skipped)


class _Run:
    """One walk; the engine is loaded when the first rule is met."""

    def __init__(self, data: Any) -> None:
        self.violations: list[Violation] = []
        self.evaluated = 0
        self.skipped = 0
        self._data = data
        self._budget: Budget | None = None
        self._unjudged: set[str] = set()

    def walk(self, data: Any, root: Place) -> None:
        waiting: list[tuple[Any, Place, DataPath, Any]] = [(data, root, (), None)]
        while waiting:
            value, place, path, shown = waiting.pop()
            # As on the server, a rule on a field that may be null is not asked about null.
            if value is None:
                continue
            if place.entries:
                shown = self._judge(value, place, path, shown)
            waiting += reversed(_children(value, place, path, shown))

    def _judge(self, value: Any, place: Place, path: DataPath, shown: Any) -> Any:
        """Ask all rules of a place; give what was shown to them, for the places below."""
        engine = load_engine()
        if engine is None:
            self._miss_engine(path)
            return shown
        if shown is None:
            show = place.view.show
            if show is None:
                return None
            shown = show(value)
        if self._budget is None:
            self._budget = Budget(self._data)
        bound = engine.bind(shown)
        for rule in place.rules:
            if rule.is_skipped:
                self.skipped += 1
                continue
            problem = rule.obstacle or self._budget.spend(rule.source, shown)
            if problem:
                self._leave(rule, path, problem)
                continue
            self._ask(engine, rule, bound, path)
        return shown

    def _ask(self, engine: Engine, rule: Rule, bound: Any, path: DataPath) -> None:
        text = rule.source.text
        if rule.source.uses_old_self:
            text = without_old_self(text)
        try:
            holds = engine.evaluate(engine.compile(text), bound)
        except NotEvaluatedError as error:
            self._leave(rule, path, str(error))
            return
        except EvaluationError as error:
            self.evaluated += 1
            message = f"{error} evaluating rule: {rule.message or rule.text}"
            self._refuse(rule, path, message)
            return
        if not isinstance(holds, bool):
            self._leave(rule, path, "it does not give true or false")
            return
        self.evaluated += 1
        if not holds:
            self._refuse(rule, path, _message(engine, rule, bound))

    def _refuse(self, rule: Rule, path: DataPath, message: str) -> None:
        hint = f"the rule is `{_one_line(rule.text)}`"
        where = (*path, *rule.field_path)
        # A rule mostly speaks of a mapping, which is better shown at its name than inside.
        self.violations.append(
            Violation(where, message, hint=hint, code="cel-rule-violated", key=bool(where))
        )

    def _leave(self, rule: Rule, path: DataPath, reason: str) -> None:
        """Say once that a rule could not be judged: of a list's items each would say it again."""
        if rule.text in self._unjudged:
            return
        self._unjudged.add(rule.text)
        message = f"the rule `{_one_line(rule.text)}` was not evaluated: {reason}"
        self.violations.append(Violation(path, message, code="cel-rule-not-evaluated"))

    def _miss_engine(self, path: DataPath) -> None:
        if self._unjudged:
            return
        self._unjudged.add("")
        message = "the rules in CEL were not evaluated: cel-expr-python is not installed"
        hint = "install cel-expr-python"
        self.violations.append(Violation(path, message, hint=hint, code="cel-rule-not-evaluated"))


def _children(
    value: Any, place: Place, path: DataPath, shown: Any
) -> list[tuple[Any, Place, DataPath, Any]]:
    found: list[tuple[Any, Place, DataPath, Any]] = []
    if isinstance(value, dict):
        for key, part in place.fields.items():
            if key in value:
                # What a rule of this place was shown is shown to those below as well.
                known = isinstance(shown, dict) and not key.startswith("__")
                below = shown.get(key) if known else None
                found.append((value[key], part, (*path, key), below))
        if place.rest is not None:
            rest = place.rest
            named = place.node.get("properties", {})
            found += [(value[k], rest, (*path, k), None) for k in value if k not in named]
    elif isinstance(value, list) and place.items is not None:
        items = place.items
        parts = shown if isinstance(shown, list) else [None] * len(value)
        found = [(value[n], items, (*path, n), part) for n, part in enumerate(parts)]
    return found


def _message(engine: Engine, rule: Rule, bound: Any) -> str:
    """Find the words for a violated rule, in the order in which the server looks for them."""
    if rule.message_expression:
        source = read(rule.message_expression)
        text = without_old_self(source.text) if source.uses_old_self else source.text
        try:
            message = engine.evaluate(engine.compile(text), bound)
        except (NotEvaluatedError, EvaluationError):
            message = None
        if isinstance(message, str) and _is_one_line(message):
            return message.strip()
    return rule.message or f"failed rule: {rule.text}"


def _is_one_line(text: str) -> bool:
    return bool(text.strip()) and "\n" not in text.strip() and len(text) <= _LONGEST_MESSAGE


def _one_line(rule: str) -> str:
    text = " ".join(rule.split())
    return text if len(text) <= _LONGEST_RULE else f"{text[:_LONGEST_RULE]}…"
