"""Reads templates as Jinja would, where they hold nothing but plain print, if, for and include.

Jinja takes a tenth of a render to parse our templates, because its language is so much larger than
what they may use. This reader gives the same syntax tree for the forms that it knows, and gives up
on anything else: then Jinja parses the template, or says what is wrong with it.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

from jinja2 import nodes

if TYPE_CHECKING:
    from collections.abc import Iterator

# To Jinja these are no names.
_WORDS = "and|elif|else|false|if|in|is|none|not|or|recursive|true"
_NAME = rf"(?!(?:{_WORDS})\b)[a-z][a-z0-9_]*"
_PATH = rf"{_NAME}(?:\.[a-z][a-z0-9_]*)*"
_TAG = re.compile(
    rf"\{{\{{ (?P<printed>{_PATH}) \| (?P<filter>[a-z]+) \}}\}}"
    rf"|\{{% (?:if (?P<if>{_PATH})|elif (?P<elif>{_PATH})|for (?P<item>{_NAME}) in (?P<for>{_PATH})"
    r"|include '(?P<include>[^'\\\n]+)'|(?P<word>else|endif|endfor)) %\}\n?"
    r"|\{[{%#]"
)


class _NotPlainError(Exception):
    """There is something that only Jinja can read."""


class _Tag(NamedTuple):
    """A tag; its kind is the last group of the expression that has something."""

    kind: str
    match: re.Match[str]
    line: int

    def says(self, word: str) -> bool:
        """Whether it is this word alone."""
        return self.kind == "word" and self.match["word"] == word


Items: TypeAlias = "Iterator[nodes.TemplateData | _Tag]"


def read_plain(text: str) -> nodes.Template | None:
    """Read a template; None where it holds anything that only Jinja can read."""
    try:
        body, end = _read_body(_split(text))
    except (_NotPlainError, RecursionError):
        return None
    return nodes.Template(body, lineno=1) if end is None else None


def _split(text: str) -> Items:
    """Cut a template into its tags and what is printed as it is."""
    if "\r" in text:
        raise _NotPlainError
    done, line = 0, 1
    for match in _TAG.finditer(text):
        kind = match.lastgroup
        if kind is None:
            raise _NotPlainError
        between = text[done : match.start()]
        begins_line = not done or text[done - 1] == "\n"
        shown = between if kind == "filter" else _drop_indent(between, begins_line=begins_line)
        if shown:
            yield nodes.TemplateData(shown, lineno=line)
        line += between.count("\n")
        yield _Tag(kind, match, line)
        line += match[0].count("\n")
        done = match.end()
    if done < len(text):
        yield nodes.TemplateData(text[done:], lineno=line)


def _drop_indent(text: str, *, begins_line: bool) -> str:
    """Drop white space that is alone on its line before a tag that prints nothing."""
    start = text.rfind("\n") + 1
    return text[:start] if (start or begins_line) and text[start:].isspace() else text


def _read_body(items: Items) -> tuple[list[nodes.Node], _Tag | None]:
    """Read up to the tag that ends a block, or divides it; give that tag, too."""
    body: list[nodes.Node] = []
    output: list[nodes.Expr] = []
    for item in items:
        if isinstance(item, _Tag) and item.kind in {"elif", "word"}:
            return body, item
        if isinstance(item, _Tag) and item.kind != "filter":
            output = []
            body.append(_read_statement(item, items))
            continue
        part = _read_print(item) if isinstance(item, _Tag) else item
        if not output:
            body.append(nodes.Output(output, lineno=part.lineno))
        output.append(part)
    return body, None


def _read_print(tag: _Tag) -> nodes.Filter:
    printed = _read_path(tag, "printed")
    return nodes.Filter(printed, tag.match["filter"], [], [], None, None, lineno=tag.line)


def _read_statement(tag: _Tag, items: Items) -> nodes.Node:
    if tag.kind == "if":
        return _read_if(tag, items)
    if tag.kind == "for":
        return _read_for(tag, items)
    name = nodes.Const(tag.match["include"], lineno=tag.line)
    return nodes.Include(name, True, False, lineno=tag.line)  # noqa: FBT003 - as Jinja has it


def _read_if(tag: _Tag, items: Items) -> nodes.If:
    body, end = _read_body(items)
    whole = nodes.If(_read_path(tag, "if"), body, [], [], lineno=tag.line)
    while end is not None and end.kind == "elif":
        begin = end
        body, end = _read_body(items)
        branch = nodes.If(_read_path(begin, "elif"), body, [], [], lineno=begin.line)
        whole.elif_.append(branch)
    if end is not None and end.says("else"):
        whole.else_, end = _read_body(items)
    _expect(end, "endif")
    return whole


def _read_for(tag: _Tag, items: Items) -> nodes.For:
    body, end = _read_body(items)
    otherwise: list[nodes.Node] = []
    if end is not None and end.says("else"):
        otherwise, end = _read_body(items)
    _expect(end, "endfor")
    target = nodes.Name(tag.match["item"], "store", lineno=tag.line)
    path = _read_path(tag, "for")
    return nodes.For(target, path, body, otherwise, None, False, lineno=tag.line)  # noqa: FBT003 - as Jinja has it


def _expect(tag: _Tag | None, word: str) -> None:
    if tag is None or not tag.says(word):
        raise _NotPlainError


def _read_path(tag: _Tag, group: str) -> nodes.Expr:
    first, *fields = tag.match[group].split(".")
    found: nodes.Expr = nodes.Name(first, "load", lineno=tag.line)
    for field in fields:
        found = nodes.Getattr(found, field, "load", lineno=tag.line)
    return found
