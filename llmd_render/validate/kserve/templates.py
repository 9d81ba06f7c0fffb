"""Go templates in the texts of a config, or of a service.

KServe writes the object as JSON, parses that as one template and executes it: on a sample service
when a config is admitted, on the service itself when the controller makes something of it.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from llmd_render.diagnostics import DataPath, Violation, did_you_mean
from llmd_render.validate.words import name_of

from .go_template import Outline, TemplateProblem, parse_template
from .release import KServeRelease
from .subject import CONFIG

if TYPE_CHECKING:
    from collections.abc import Iterator

    from .subject import Subject

_FUNCTIONS = {
    KServeRelease.V0_15: frozenset({"ChildName"}),
    KServeRelease.V0_17: frozenset({"ChildName", "kvTransferConfig", "shutdownTimeout"}),
}
_METHODS = frozenset({"DeepCopy", "DeepCopyInto", "SetDefaults"})
_SPEC = frozenset({"Model", "Router", "Prefill", "BaseRefs", "WorkloadSpec"}) | {
    "Replicas",
    "Parallelism",
    "Template",
    "Worker",
}
_SPEC_SINCE_17 = frozenset({"StorageInitializer", "Tracing", "Scaling", "Labels"}) | {
    "Annotations",
    "KVCacheOffloading",
}
_GATEWAY = frozenset({"SystemNamespace", "IngressGatewayName", "IngressGatewayNamespace"})
_FIELDS = {
    KServeRelease.V0_15: {
        "Spec": _SPEC | _METHODS,
        "GlobalConfig": _GATEWAY
        | {"IstioGatewayControllerNames", "UrlScheme", "StorageConfig", "CredentialConfig"},
    },
    KServeRelease.V0_17: {
        "Spec": _SPEC | _SPEC_SINCE_17 | _METHODS,
        "GlobalConfig": _GATEWAY
        | {"EnableTLS", "ModelBasedRoutingHeaderName", "InferencePoolNamespacedName"},
    },
}
_ROOT = frozenset({"ObjectMeta", "Spec", "GlobalConfig"})
_HINT = "write a literal {{ as {{`{{`}}, and quote with back-quotes inside a template"


@dataclass(frozen=True, slots=True)
class _Text:
    path: DataPath
    is_key: bool
    outline: Outline


def check_templates(subject: Subject) -> Iterator[Violation]:
    """Check that all templates of an object are such that KServe can execute them."""
    texts: list[_Text] = []
    broken = False
    for path, text, is_key in _texts_of(subject):
        try:
            outline = parse_template(_as_json(text), _FUNCTIONS[subject.release])
        except TemplateProblem as problem:
            broken = True
            message = f"{name_of(path, subject.kind)} is not a Go template: {problem}"
            yield _found(subject, path, message, "kserve-template-unparsable", key=is_key)
        else:
            texts.append(_Text(path, is_key, outline))
    if not broken:
        yield from _check_blocks(subject, texts)
        yield from _check_variables(subject, texts)
        yield from _check_fields(subject, texts)


def _check_blocks(subject: Subject, texts: list[_Text]) -> Iterator[Violation]:
    # A block may span texts, but the order of fields in Go is not that of the file.
    surplus = sum(text.outline.depth for text in texts)
    if not surplus:
        return
    what = "begins a block that no end closes" if surplus > 0 else "has an end without a block"
    text = next(item for item in texts if item.outline.depth * surplus > 0)
    message = f"{name_of(text.path, subject.kind)} {what}"
    code = "kserve-template-block-unbalanced"
    yield _found(subject, text.path, message, code, key=text.is_key)


def _check_variables(subject: Subject, texts: list[_Text]) -> Iterator[Violation]:
    declared = {name for text in texts for name in text.outline.declared}
    for text in texts:
        for name in sorted(text.outline.variables - declared):
            message = f"{name_of(text.path, subject.kind)} uses {name}, which nothing declares"
            code = "kserve-template-variable-undefined"
            yield _found(subject, text.path, message, code, key=text.is_key)


def _check_fields(subject: Subject, texts: list[_Text]) -> Iterator[Violation]:
    if not all(text.outline.balanced for text in texts):
        return
    for text in texts:
        for chain in dict.fromkeys(text.outline.certain_fields):
            field, owner, known = _unknown_field(chain, subject.release)
            if field:
                message = (
                    f"{name_of(text.path, subject.kind)} uses .{'.'.join(chain)}, "
                    f"but {owner} has no field {field}"
                )
                hint = did_you_mean(field, known, f"known are: {', '.join(sorted(known))}")
                code = "kserve-template-field-unknown"
                yield _found(subject, text.path, message, code, hint=hint, key=text.is_key)


def _unknown_field(
    chain: tuple[str, ...], release: KServeRelease
) -> tuple[str, str, frozenset[str]]:
    """Name the field of a chain that does not exist, if it is one that is known of."""
    first = chain[0]
    # Methods and promoted fields of the service are many; none begins with a small letter.
    if not first[0].isupper():
        return first, "the template's data", _ROOT
    known = _FIELDS[release].get(first)
    if known is not None and len(chain) > 1 and chain[1] not in known:
        return chain[1], f".{first}", known - _METHODS
    return "", "", frozenset()


def _found(
    subject: Subject, path: DataPath, message: str, code: str, *, hint: str = _HINT, key: bool
) -> Violation:
    if subject.kind != CONFIG:
        code = "kserve-template-deferred"
        hint = f"{hint}; the object is admitted, but the controller makes nothing of it"
    return Violation(path, message, hint=hint, code=code, key=key)


def _texts_of(subject: Subject) -> Iterator[tuple[DataPath, str, bool]]:
    waiting: list[tuple[DataPath, Any]] = [
        (("spec",), subject.spec),
        (("metadata",), subject.metadata),
    ]
    while waiting:
        path, value = waiting.pop()
        if isinstance(value, str):
            if "{{" in value and not _is_model_uri(path):
                yield path, value, False
        elif isinstance(value, list):
            items = [((*path, index), item) for index, item in enumerate(value)]
            waiting.extend(reversed(items))
        elif isinstance(value, dict):
            names = [name for name in value if isinstance(name, str)]
            yield from (((*path, name), name, True) for name in names if "{{" in name)
            waiting.extend(((*path, name), value[name]) for name in reversed(names))


def _is_model_uri(path: DataPath) -> bool:
    # Go reads it as a URL and writes the braces of it as %7B, so no template is left.
    return path[:2] == ("spec", "model") and path[-1] == "uri"


def _as_json(text: str) -> str:
    """Write a text as Go does in JSON, without its quotes."""
    written = json.dumps(text, ensure_ascii=False)[1:-1]
    for character in "<>&\u2028\u2029":
        written = written.replace(character, f"\\u{ord(character):04x}")
    return written
