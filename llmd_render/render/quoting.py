"""The three filters that every print in a template ends in: `yaml`, `sh`, `md`."""

from __future__ import annotations

import json
import re
import shlex

# JSON strings are YAML strings, except for what YAML 1.1 or 1.2 forbids to stand bare.
_ESCAPED = {
    code: f"\\u{code:04x}" for code in (*range(0x7F, 0xA0), 0x2028, 0x2029, 0xFEFF, 0xFFFE, 0xFFFF)
}
_PLAIN = re.compile(r"[A-Za-z/][A-Za-z0-9._/-]*(:[A-Za-z0-9._/-]+)*")
_NOT_PLAIN = re.compile(
    r"(y|n|yes|no|on|off|true|false|null|nan|inf|[0-9a-fx._-]*|\.?(inf|nan))", re.IGNORECASE
)
_MARKDOWN = re.compile(r"([\\`*_{}\[\]<>|#&])")


def quote_yaml(value: object) -> str:
    """Write a scalar so that YAML 1.1 (kubectl) and YAML 1.2 both read the same value.

    Words that no reader could take for anything else stay bare, because people read the output.
    """
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return str(value)
    text = _text(value)
    if _PLAIN.fullmatch(text) and not _NOT_PLAIN.fullmatch(text):
        return text
    return json.dumps(text, ensure_ascii=False).translate(_ESCAPED)


def quote_sh(value: object) -> str:
    """Write a value so that a POSIX shell reads it as exactly one argument."""
    return shlex.quote(_text(value))


def quote_md(value: object) -> str:
    """Write a value so that Markdown shows it as it is, on one line."""
    one_line = " ".join(_text(value).split())
    return _MARKDOWN.sub(r"\\\1", one_line)


def _text(value: object) -> str:
    if isinstance(value, str):
        return value
    if isinstance(value, int):
        return str(value)
    raise TypeError(f"a template printed a {type(value).__name__}; only text and numbers print")


FILTERS = {"yaml": quote_yaml, "sh": quote_sh, "md": quote_md}
"""The only filters that templates know."""
