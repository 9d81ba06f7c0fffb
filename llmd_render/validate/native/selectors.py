"""Label selectors: their form, and whether they match."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from llmd_render.diagnostics import DataPath, Violation
from llmd_render.validate.words import show

from .findings import Mapping, entries, mapping, refuse_choice, sequence, text
from .names import check_labels, is_qualified_name

if TYPE_CHECKING:
    from collections.abc import Iterator

_WITH_VALUES = frozenset({"In", "NotIn"})
_WITHOUT_VALUES = frozenset({"Exists", "DoesNotExist"})
_OF_ONE_VALUE = frozenset({"Gt", "Lt"})
_CODE = "native-selector-expression-invalid"


def check_selector(value: Any, path: DataPath) -> Iterator[Violation]:
    """Report what the server would refuse of a label selector."""
    selector = mapping(value)
    yield from check_labels(selector.get("matchLabels"), (*path, "matchLabels"))
    for item, place in entries(selector, "matchExpressions", path):
        # Values that no label can have were taken here before Kubernetes 1.27.
        yield from check_expression(item, place)


def check_expression(item: Mapping, path: DataPath, *, node: bool = False) -> Iterator[Violation]:
    """Report an operator that does not go with its values; nodes know two operators more."""
    operator, values = item.get("operator"), item.get("values")
    key = item.get("key")
    if isinstance(key, str) and not is_qualified_name(key):
        message = f"key is {show(key)}; no label can have that key"
        yield Violation((*path, "key"), message, code="native-label-format-invalid")
    if not isinstance(operator, str) or not isinstance(values, list | None):
        return
    count = len(values or ())
    if operator in _WITH_VALUES:
        wanted = "" if count else "at least one value"
    elif operator in _WITHOUT_VALUES:
        wanted = "no values" if count else ""
    elif node and operator in _OF_ONE_VALUE:
        wanted = "" if count == 1 else "exactly one value"
    else:
        known = _WITH_VALUES | _WITHOUT_VALUES | (_OF_ONE_VALUE if node else frozenset())
        yield refuse_choice(operator, known, (*path, "operator"), _CODE)
        return
    if wanted:
        place = (*path, "values") if "values" in item else path
        have = f"{count or 'no'} value{'' if count == 1 else 's'}"
        message = f"the operator {operator} has {have}; it takes {wanted}"
        yield Violation(place, message, code=_CODE)


def is_empty(value: Any) -> bool:
    """Whether a selector selects by nothing."""
    selector = mapping(value)
    return not selector.get("matchLabels") and not selector.get("matchExpressions")


def matches(value: Any, labels: Any) -> bool:
    """Whether a selector selects these labels; what cannot be read of it is taken to do so."""
    selector, found = mapping(value), mapping(labels)
    for key, wanted in mapping(selector.get("matchLabels")).items():
        if found.get(key) != wanted:
            return False
    return all(
        _matches_expression(item, found) for item, _ in entries(selector, "matchExpressions", ())
    )


def _matches_expression(item: Mapping, labels: Mapping) -> bool:
    key, operator = text(item, "key"), text(item, "operator")
    chosen = key in labels and labels[key] in sequence(item.get("values"))
    return {
        "In": chosen,
        "NotIn": not chosen,
        "Exists": key in labels,
        "DoesNotExist": key not in labels,
    }.get(operator, True)
