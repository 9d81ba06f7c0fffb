"""The flags that a package of vLLM defines: calls of add_argument, and fields of its configs."""

from __future__ import annotations

import ast
from copy import copy
from dataclasses import dataclass, field, replace
from typing import Any

from vllm_fields import Flag, read_fields
from vllm_source import Module, Package, UnreadableError

__all__ = ["Flag", "read_flags"]

_ENGINE = "vllm.engine.arg_utils"
_ENTRIES = (
    "vllm.entrypoints.openai.cli_args",
    "vllm.entrypoints.launchers.cli_args",
    "vllm.entrypoints.common.cli_args",
)
_PARSERS = ("vllm.utils.argparse_utils", "vllm.utils")
_NUMBERS = {"'+'": "many", "'*'": "any", "'?'": "optional"}
_SIMPLE = {"int": "integer", "float": "number", "str": "text", "bool": "text"}


def read_flags(package: Package) -> tuple[list[Flag], list[str]]:
    """Read all flags of `vllm serve`, and name the files that they were read in."""
    walk = _Walk(package)
    entry = next(filter(None, map(package.module, _ENTRIES)), None)
    if entry is None or "make_arg_parser" not in entry.bound:
        message = f"{package.root} has no make_arg_parser where this script looks for it"
        raise UnreadableError(message)
    walk.function(entry, "make_arg_parser")
    command = package.module("vllm.entrypoints.cli.serve")
    files = [entry.path, f"{_ENGINE.replace('.', '/')}.py"]
    if command:
        files.append(command.path)
        walk.function(command, "ServeSubcommand", "subparser_init")
    inverses = _inverses(package)
    flags = [_with_inverses(flag, inverses) for flag in walk.found.values()]
    return flags, sorted({*files, *walk.files})


@dataclass(eq=False)
class _Walk:
    """What was found so far, going through the functions that define arguments."""

    package: Package
    found: dict[str, Flag] = field(default_factory=dict)
    files: set[str] = field(default_factory=set)

    def function(self, module: Module, name: str, method: str = "") -> None:
        """Go through a function, or through a method that a class has or inherits."""
        resolved = self.package.resolve(module, name)
        if resolved is None:
            return
        there, node = resolved
        owner = node if isinstance(node, ast.ClassDef) else None
        body = self.method(there, owner, method) if owner else node
        if isinstance(body, ast.FunctionDef):
            _Function(self, there, owner).run(body.body)

    def method(self, module: Module, owner: ast.ClassDef, name: str) -> ast.FunctionDef | None:
        """Find a method in a class or in the nearest of its bases."""
        found = _find(owner, name)
        for base in owner.bases:
            resolved = self.package.resolve(module, ast.unparse(base))
            if not found and resolved and isinstance(resolved[1], ast.ClassDef):
                found = self.method(resolved[0], resolved[1], name)
        return found


def _find(node: ast.ClassDef, method: str) -> ast.FunctionDef | None:
    found = [item for item in node.body if isinstance(item, ast.FunctionDef)]
    return next((item for item in found if item.name == method), None)


class _Function:
    """One function that defines arguments: its variables are fields of configs, as flags."""

    def __init__(self, walk: _Walk, module: Module, owner: ast.ClassDef | None) -> None:
        self.walk, self.module, self.owner = walk, module, owner
        self.known: dict[str, Any] = {}

    def run(self, body: list[ast.stmt]) -> None:
        for statement in body:
            self.statement(statement)

    def statement(self, statement: ast.stmt) -> None:
        match statement:
            case ast.Assign(targets=[ast.Name(id=name)], value=value):
                self.call(value)
                self.known[name] = self.value(value)
            case ast.Assign(targets=[ast.Subscript() as target], value=value):
                self.change(target, value)
            case ast.AugAssign(target=ast.Subscript() as target):
                self.change(target, None)
            case ast.Delete(targets=[ast.Subscript() as target]):
                self.change(target, ast.Constant(None))
            case ast.Expr(value=value) | ast.Return(value=ast.expr() as value):
                self.call(value)
            case ast.If(body=then, orelse=otherwise):
                self.run([*then, *otherwise])
            case ast.For():
                self.loop(statement)

    def value(self, node: ast.expr) -> Any:
        """Say what an expression is: the fields of a config, one of them, or not known."""
        match node:
            case ast.Name(id=name):
                return self.known.get(name)
            case ast.Call(func=ast.Name(id="get_kwargs"), args=[ast.Name(id=name)]):
                if name == "cls" and self.owner:
                    name = self.owner.name
                return read_fields(self.walk.package, self.module, name, self.walk.files)
            case ast.Call(func=ast.Attribute(attr="_customize_cli_kwargs"), args=[argument]):
                fields = self.value(argument)
                self.customize(self.owner, fields)
                return fields
            case ast.Subscript(value=base, slice=ast.Constant(value=key)):
                fields = self.value(base)
                return fields.get(key) if isinstance(fields, dict) else None
            case ast.Dict(keys=[None, *_], values=[inner, *_]):
                return self.value(inner)
        return None

    def customize(self, owner: ast.ClassDef | None, fields: Any) -> None:
        """Go through what a class and, before it, its bases change of their fields."""
        for base in owner.bases if owner else []:
            resolved = self.walk.package.resolve(self.module, ast.unparse(base))
            if resolved and isinstance(resolved[1], ast.ClassDef):
                self.customize(resolved[1], fields)
        method = _find(owner, "_customize_cli_kwargs") if owner else None
        if method:
            inner = _Function(self.walk, self.module, None)
            inner.known[method.args.args[1].arg] = fields
            inner.run([item for item in method.body if "super()" not in ast.unparse(item)])

    def change(self, target: ast.Subscript, value: ast.expr | None) -> None:
        """Follow a change of one property of a field."""
        flag = self.value(target.value)
        match flag, target.slice:
            case Flag(), ast.Constant(value=str(name)):
                if value is None and name != "choices":
                    return
                changed = _apply(flag, name, value or ast.Constant(None))
                flag.__dict__.update(changed.__dict__)

    def loop(self, node: ast.For) -> None:
        match node:
            case ast.For(iter=ast.Call(func=ast.Attribute(value=base, attr="items"))):
                fields = self.value(base)
                if "add_argument" in ast.unparse(node) and isinstance(fields, dict):
                    for name, flag in fields.items():
                        self.add(replace(flag, name=f"--{name.replace('_', '-')}"))
            case ast.For(target=ast.Tuple(elts=names), iter=ast.List(elts=rows)):
                for row in rows:
                    if isinstance(row, ast.Tuple):
                        pairs = zip(names, row.elts, strict=True)
                        self.known |= {ast.unparse(name): item for name, item in pairs}
                        self.run(node.body)

    def call(self, node: ast.expr) -> None:
        match node:
            case ast.Call(func=ast.Attribute(attr="add_argument")):
                self.argument(node)
            case ast.Call(func=ast.Attribute(value=ast.Name(id=owner), attr="add_cli_args")):
                self.walk.function(self.module, owner, "add_cli_args")
            case ast.Call(func=ast.Name(id="make_arg_parser")):
                self.walk.function(self.module, "make_arg_parser")

    def argument(self, call: ast.Call) -> None:
        """Take in a call of add_argument."""
        words = [self.known.get(w.id) if isinstance(w, ast.Name) else w for w in call.args]
        values = [w.value for w in words if isinstance(w, ast.Constant)]
        names = [value for value in values if isinstance(value, str)]
        if len(names) < len(call.args):
            message = f"cannot read the name in {self.module.path}: {ast.unparse(call)[:200]}"
            raise UnreadableError(message)
        if not names[0].startswith("-"):
            return
        long = [name for name in names if name.startswith("--")]
        flag = Flag(long[0])
        for keyword in call.keywords:
            if keyword.arg is None:
                inherited = self.value(keyword.value)
                unread = Flag(long[0], kind="any", values="any")
                flag = copy(inherited) if isinstance(inherited, Flag) else unread
        for keyword in call.keywords:
            value = keyword.value
            if isinstance(value, ast.Name) and isinstance(self.known.get(value.id), ast.expr):
                value = self.known[value.id]
            flag = _apply(flag, keyword.arg or "", value)
        also = [name for name in names if name != long[0]]
        self.add(replace(flag, name=long[0], also=(*flag.also, *also)))

    def add(self, flag: Flag) -> None:
        self.walk.found[flag.name] = flag


def _apply(flag: Flag, name: str, value: ast.expr) -> Flag:
    """Apply one property that add_argument is given."""
    text = ast.unparse(value)
    match name:
        case "type":
            # A choice that is made of the value first is not the value.
            return replace(flag, kind=_kind_of_type(text), choices=())
        case "choices":
            choices = _constants(value)
            kind = "any" if flag.kind == "choice" else flag.kind
            return replace(flag, choices=choices, kind="choice" if choices else kind)
        case "nargs":
            return replace(flag, values=_NUMBERS.get(text, "one"))
        case "action":
            return _apply_action(flag, text)
        case "deprecated":
            return replace(flag, deprecated=text == "True")
    return flag


def _kind_of_type(text: str) -> str:
    if "json.loads" in text:
        return "json"
    return "text" if text == "optional_type(str)" else _SIMPLE.get(text, "any")


def _apply_action(flag: Flag, text: str) -> Flag:
    if text in {"'store_true'", "'store_false'"}:
        return replace(flag, kind="switch", values="none", choices=())
    if text.endswith("BooleanOptionalAction"):
        return replace(flag, kind="boolean", values="none", choices=())
    # An action of vLLM's own may read anything.
    return flag if text == "'append'" else replace(flag, kind="any", choices=())


def _constants(value: ast.expr) -> tuple[Any, ...]:
    items = value.elts if isinstance(value, (ast.List, ast.Tuple)) else []
    found = [item.value for item in items if isinstance(item, ast.Constant)]
    return tuple(found) if len(found) == len(items) else ()


def _inverses(package: Package) -> dict[str, str]:
    """Read how newer versions spell the opposite of a switch beside --no-."""
    for name in _PARSERS:
        module = package.module(name)
        for node in module.bound.values() if module else ():
            for item in node.body if isinstance(node, ast.ClassDef) else ():
                match item:
                    case ast.Assign(targets=[ast.Name(id="_inverse_prefixes")], value=value):
                        found: dict[str, str] = ast.literal_eval(value)
                        return found
    return {}


def _with_inverses(flag: Flag, inverses: dict[str, str]) -> Flag:
    if flag.kind != "boolean":
        return flag
    names = [name for name in (flag.name, *flag.also) if name.startswith("--")]
    opposites = [f"--no-{name.removeprefix('--')}" for name in names[1:]]
    for name in names:
        for prefix, inverse in inverses.items():
            if name.startswith(prefix):
                opposites.append(inverse + name.removeprefix(prefix))
    return replace(flag, also=(*flag.also, *opposites))
