"""Files of others that are not complete: what fills them in decides what would be wrong."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from llmd_render.diagnostics import Severity, Violation
from llmd_render.lookup import value_at
from llmd_render.placeholders import has_placeholder, is_filled_in_by_program

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from llmd_render.diagnostics import DataPath, Diagnostic
    from llmd_render.manifest import Manifest

# Where no YAML of its own has two braces: at the beginning of a line or of a value.
_TEMPLATE = re.compile(
    r"^[ \t]*(?:- +)?(?:[\w./-]+: +)?\{\{|^[ \t]*%\{|^[ \t]*\$\{[^}\n]*\}[ \t]*$", re.MULTILINE
)
_IDENTITY = re.compile(r"^(?:apiVersion|kind):", re.MULTILINE)
# KServe itself fills in what stands in braces, and what it makes of that is judged.
_ABOUT_FORM = ("cel-", "metadata-", "native-", "schema-")


def excuse_problem(found: Diagnostic, text: str) -> Diagnostic:
    """Point out what cannot be read because it is a template, or meant for another program."""
    if found.code != "yaml-syntax-error":
        return found
    if _TEMPLATE.search(text):
        return replace(
            found,
            message="this is a template, and nothing of it is judged",
            code="manifest-is-template",
            severity=Severity.INFO,
            hint="render it first, as with `helm template`, and lint what comes out",
        )
    if found.message.startswith("this is not YAML: the tag") and not _IDENTITY.search(text):
        message = "this is no Kubernetes object: it has neither apiVersion nor kind"
        code = "manifest-not-kubernetes"
        return replace(found, message=message, code=code, severity=Severity.INFO, hint="")
    return found


def excuse_placeholders(
    violations: Iterable[Violation], manifest: Manifest, said: set[str]
) -> Iterator[Violation]:
    """Leave out what is wrong only until a value is filled in; say so once a file."""
    for violation in violations:
        is_about_form = violation.code.startswith(_ABOUT_FORM)
        text = _find_placeholder(violation.path, manifest.data) if is_about_form else ""
        if not text:
            yield violation
        elif manifest.file not in said:
            said.add(manifest.file)
            by_program = is_filled_in_by_program(text)
            yield Violation(
                violation.path,
                f"`{text}` is to be filled in, and is not judged, as others like it in this file",
                "fill it in, and lint what comes out",
                "manifest-not-filled-in",
                violation.key,
                Severity.INFO if by_program else Severity.WARNING,
            )


def _find_placeholder(path: DataPath, data: Any) -> str:
    value = value_at(data, *path)
    for text in (value, path[-1] if path else ""):
        if isinstance(text, str) and has_placeholder(text):
            return text.split("\n")[0]
    return ""
