"""Writes the documentation that follows from the code; `--check` names what is out of date.

python docs/generate.py            write what make_documents lists
python docs/generate.py --check    write nothing; exit 1 and name the stale files
"""
# ruff: noqa: INP001 - a script, not a package

from __future__ import annotations

import argparse
import json
import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from llmd_render.cli import main as command_line
from llmd_render.findings import DEFERRED, load_findings
from llmd_render.profile import Profile, profile_schema
from llmd_render.profile.types import EXPLANATIONS
from llmd_render.resources import data_file
from llmd_render.rules import ALL_RULES, ProfileRule, Rule

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

FOLDER = Path(__file__).resolve().parent
EXAMPLE = FOLDER.parent / "profiles" / "qwen-3b-v6e.yaml"
_WIDTH = 100
_NO_LIMIT = 10_000
_NOTICE = "<!-- Written by docs/generate.py; edit what it reads instead. -->\n\n"


def make_documents() -> dict[str, str]:
    """Make the text of every generated file, by its name."""
    return {
        "findings.md": _introduce("findings") + _describe_findings(),
        "cli.md": _introduce("cli") + _describe_commands(),
        "profile.md": _describe_profile(),
        "profile.schema.json": json.dumps(profile_schema(), indent=2, ensure_ascii=False) + "\n",
        "report.schema.json": data_file("report.schema.json").read_text(encoding="utf-8"),
        "rules.md": _introduce("rules") + _describe_rules(),
    }


def _introduce(name: str) -> str:
    text = (FOLDER / "introductions" / f"{name}.md").read_text(encoding="utf-8")
    return f"{_NOTICE}{text}\n"


def find_stale(documents: Mapping[str, str], folder: Path) -> list[str]:
    """Name the files that are missing or not as they would be written."""
    return [
        name
        for name, text in documents.items()
        if not (folder / name).is_file() or (folder / name).read_text(encoding="utf-8") != text
    ]


def _describe_profile() -> str:
    schema = Profile.model_json_schema()
    text = _introduce("profile").format(
        name=EXAMPLE.stem, example=EXAMPLE.read_text(encoding="utf-8")
    )
    sections: dict[str, list[tuple[str, ...]]] = {"": []}
    headings = {"": "The deployment as a whole."}
    for row in _list_keys(schema, schema, ""):
        top = row[0].partition(".")[0]
        if "$ref" in schema["properties"][top]:
            model = _follow(schema["properties"][top], schema)
            headings[top] = model["description"]
        sections.setdefault(top if top in headings else "", []).append(row)
    parts = []
    for name, rows in sections.items():
        title = f"`{name}`" if name else "Top level"
        lines = [f"### {title}\n", f"{headings[name]}\n", "| Key | Value | Default | Meaning |"]
        lines += ["|---|---|---|---|"]
        lines += [f"| `{key}` | {' | '.join(cells)} |" for key, *cells in rows]
        parts.append("\n".join(lines) + "\n")
    return text + "\n".join(parts)


def _list_keys(
    model: dict[str, Any], root: dict[str, Any], prefix: str
) -> Iterator[tuple[str, ...]]:
    """List each key under a model: dotted path, value, default, meaning."""
    required = model.get("required", ())
    for name, node in model["properties"].items():
        path = f"{prefix}{name}"
        kind = _follow(node, root)
        default = "**required**" if name in required else _default(node, kind)
        # Pydantic leaves a description out where it says what the model's own says.
        meaning = node.get("description") or kind["description"]
        yield path, _in_words(kind, root), default, meaning.replace("<", "&lt;")
        if "properties" in kind:
            yield from _list_keys(kind, root, f"{path}.")
        item = _follow(kind.get("items", {}), root)
        if "properties" in item:
            yield from _list_keys(item, root, f"{path}[].")


def _follow(node: dict[str, Any], root: dict[str, Any]) -> dict[str, Any]:
    """Follow a reference, and past the null of an optional value."""
    for option in node.get("anyOf", ()):
        if option.get("type") != "null":
            return _follow(option, root)
    if "$ref" in node:
        followed: dict[str, Any] = root["$defs"][node["$ref"].rpartition("/")[2]]
        return followed
    return node


def _default(node: dict[str, Any], kind: dict[str, Any]) -> str:
    if node.get("default") is not None:
        value = node["default"]
        return f"`{value if isinstance(value, str) else json.dumps(value)}`"
    if "properties" in kind and "anyOf" not in node:
        return "as below"
    empty = {"array": "`[]`", "object": "`{}`"}.get(kind["type"], "*unset*")
    return "*unset*" if "anyOf" in node else empty


def _in_words(node: dict[str, Any], root: dict[str, Any]) -> str:
    """Say what a value may be."""
    if "const" in node:
        return f"`{node['const']}`"
    if "enum" in node:
        return "one of " + ", ".join(f"`{choice}`" for choice in node["enum"])
    if "properties" in node:
        return "map"
    if node["type"] == "array":
        most = f", at most {node['maxItems']}" if "maxItems" in node else ""
        item = _follow(node["items"], root)
        return f"list{most}; each: {_in_words(item, root)}"
    if node["type"] == "object":
        return f"map; {_map_in_words(node, root)}"
    return _scalar_in_words(node)


def _scalar_in_words(node: dict[str, Any]) -> str:
    match node["type"]:
        case "boolean":
            return "`true` or `false`"
        case "integer":
            return f"whole number{_bounds(node)}"
        case "number":
            return f"number{_bounds(node)}"
        case _:
            return _text_in_words(node)


def _bounds(node: dict[str, Any]) -> str:
    low = node.get("minimum", node.get("exclusiveMinimum"))
    high = node.get("maximum")
    words = "above" if "exclusiveMinimum" in node else "at least"
    parts = [f"{words} {low:,g}"] if low is not None else []
    parts += [f"at most {high:,.0f}"] if high is not None else []
    return ", " + ", ".join(parts) if parts else ""


def _map_in_words(node: dict[str, Any], root: dict[str, Any]) -> str:
    patterns = node.get("patternProperties", {})
    value = next(iter(patterns.values()), node.get("additionalProperties", {}))
    pattern = next(iter(patterns), node.get("propertyNames", {}).get("pattern", ""))
    key = EXPLANATIONS.get(pattern, "text")
    return f"keys: {key}; values: {_in_words(_follow(value, root), root)}"


def _text_in_words(node: dict[str, Any]) -> str:
    words = EXPLANATIONS.get(node.get("pattern", ""), "text")
    most = node.get("maxLength", _NO_LIMIT)
    limits = ["not empty"] if node.get("minLength") else []
    limits += [f"at most {most:,} characters"] if most < _NO_LIMIT else []
    return ", ".join([words, *limits])


def _describe_rules() -> str:
    lines = ["| Rule | Severity | Requirement |", "|---|---|---|"]
    for rule in ALL_RULES:
        requirement = rule.documentation.splitlines()[0]
        lines.append(f"| [{rule.name}](#{rule.name}) | {rule.severity.value} | {requirement} |")
    table = "\n".join(lines) + "\n"
    return "\n".join([table, *(_describe_rule(rule) for rule in ALL_RULES)])


def _describe_rule(rule: Rule) -> str:
    subject = "the profile" if isinstance(rule, ProfileRule) else "the tree"
    requirement, _, rest = rule.documentation.partition("\n\n")
    why, _, rest = rest.partition("\n\nSource: ")
    sources, _, examples = rest.partition("\n\nPasses:\n\n")
    passes, _, fails = examples.partition("\n\nFails:\n\n")
    listed = re.sub(r"(^|\s)(https://\S+)", r"\1<\2>", sources)
    return (
        f"## {rule.name}\n\n"
        f"{requirement} ({rule.severity.value}, about {subject})\n\n"
        f"{why}\n\n"
        f"Source: {listed}\n\n"
        f"Passes:\n\n{_fence(passes)}\n"
        f"Fails:\n\n{_fence(fails)}"
    )


def _fence(indented: str) -> str:
    block = re.sub(r"^ {4}", "", indented, flags=re.MULTILINE).strip("\n")
    return f"```yaml\n{block}\n```\n"


def _describe_findings() -> str:
    parts = []
    for item in load_findings().values():
        if item.code.endswith(DEFERRED) and not item.mirrors:
            continue
        mirrors = f"Mirrors {item.mirrors}" if item.mirrors else ""
        lines = filter(None, (f"## {item.code}", item.meaning, item.remedy, mirrors))
        parts.append("\n\n".join(lines) + "\n")
    return "\n".join(parts)


def _describe_commands() -> str:
    root = _context(command_line, "llmd-render", None)
    parts = [_describe_command(command_line, root)]
    for name in sorted(command_line.commands):
        command = command_line.commands[name]
        parts.append(_describe_command(command, _context(command, name, root)))
    return "\n".join(parts)


def _context(command: click.Command, name: str, parent: click.Context | None) -> click.Context:
    settings = {**command.context_settings, "terminal_width": _WIDTH, "color": False}
    return click.Context(command, info_name=name, parent=parent, **settings)


def _describe_command(command: click.Command, context: click.Context) -> str:
    return f"## {context.command_path}\n\n```text\n{command.get_help(context)}\n```\n"


def main(arguments: list[str] | None = None, folder: Path = FOLDER) -> int:
    """Write the generated files, or with --check only compare them."""
    parser = argparse.ArgumentParser(description="Write the documentation that follows from code.")
    parser.add_argument("--check", action="store_true", help="write nothing, name stale files")
    options = parser.parse_args(arguments)
    documents = make_documents()
    stale = find_stale(documents, folder)
    for name in stale:
        if options.check:
            sys.stderr.write(f"docs/{name} is stale; `make docs` writes it anew\n")
            continue
        (folder / name).write_text(documents[name], encoding="utf-8", newline="\n")
        sys.stdout.write(f"wrote docs/{name}\n")
    return 1 if options.check and stale else 0


if __name__ == "__main__":
    sys.exit(main())
