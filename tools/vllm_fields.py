"""The fields of a config of vLLM, as the flags that vLLM makes of their types."""

from __future__ import annotations

import ast
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from vllm_source import Module, Package

_BUILTIN = {"bool", "int", "float", "str", "dict", "list", "tuple", "set", "None"}
_SPELLED = {"Dict": "dict", "List": "list", "Tuple": "tuple", "Set": "set"}
_ENGINE = "vllm.engine.arg_utils"


@dataclass
class Flag:
    """A flag: what a value of it must be, how many values it takes, and its other spellings."""

    name: str
    kind: str = "text"
    choices: tuple[Any, ...] = ()
    values: str = "one"
    also: tuple[str, ...] = ()
    deprecated: bool = False


@dataclass(frozen=True)
class _Hint:
    """A part of a type: a built-in, `Literal`, `dataclass`, or `other`, with its arguments."""

    name: str
    arguments: tuple[Any, ...] = ()


def read_fields(package: Package, module: Module, name: str, files: set[str]) -> dict[str, Flag]:
    """Read the fields of a class and of its bases, in the order in which they are defined."""
    resolved = package.resolve(module, name)
    if resolved is None or not isinstance(resolved[1], ast.ClassDef):
        return {}
    there, node = resolved[0], resolved[1]
    files.add(there.path)
    found: dict[str, Flag] = {}
    for base in node.bases:
        found |= read_fields(package, there, ast.unparse(base), files)
    for item in node.body:
        match item:
            case ast.AnnAssign(target=ast.Name(id=field), annotation=annotation):
                if "ClassVar" not in ast.unparse(annotation):
                    hints = list(_hints(package, there, annotation))
                    found[field] = _make(package, field, hints)
    return found


def _hints(package: Package, module: Module, node: ast.expr) -> list[_Hint]:
    """Take a type apart the way vLLM does: unions and annotations are opened, others are not."""
    match node:
        case ast.Constant(value=None):
            return [_Hint("None")]
        case ast.BinOp(left=left, op=ast.BitOr(), right=right):
            return [*_hints(package, module, left), *_hints(package, module, right)]
        case ast.Subscript(value=ast.Name(id=name), slice=inner):
            return _subscripted(package, module, name, inner)
        case ast.Name(id=name):
            return _named(package, module, _SPELLED.get(name, name))
    return [_Hint("other")]


def _named(package: Package, module: Module, name: str) -> list[_Hint]:
    resolved = package.resolve(module, name)
    if name in _BUILTIN:
        return [_Hint(name)]
    if resolved and isinstance(resolved[1], ast.ClassDef):
        return [_Hint("dataclass" if _is_dataclass(resolved[1]) else "other")]
    if resolved and isinstance(resolved[1], ast.expr):
        return _hints(package, resolved[0], resolved[1])
    return [_Hint("other")]


def _subscripted(package: Package, module: Module, name: str, inner: ast.expr) -> list[_Hint]:
    items = inner.elts if isinstance(inner, ast.Tuple) else [inner]
    match _SPELLED.get(name, name):
        case "Optional":
            return [*_hints(package, module, inner), _Hint("None")]
        case "Union":
            return [hint for item in items for hint in _hints(package, module, item)]
        case "Annotated" | "SkipValidation" | "InitVar":
            return _hints(package, module, items[0])
        case "Literal":
            known = all(isinstance(item, ast.Constant) for item in items)
            values = [item.value for item in items if isinstance(item, ast.Constant)]
            return [_Hint("Literal", tuple(values) if known else ())]
        case "list" | "tuple" | "set" | "dict" as kind:
            return [_Hint(kind, tuple(_hints(package, module, item) for item in items))]
    return [_Hint("other")]


def _is_dataclass(node: ast.ClassDef) -> bool:
    names = [ast.unparse(item).partition("(")[0] for item in node.decorator_list]
    return any(name.rpartition(".")[2] in {"dataclass", "config"} for name in names)


def _make(package: Package, field: str, hints: list[_Hint]) -> Flag:
    """Make a flag of a field; the order of the questions is that of vLLM."""
    names = {hint.name for hint in hints}
    flag = Flag(field)
    source = _source(package, "_compute_kwargs")
    found = next((hint for hint in hints if hint.name == "Literal"), None)
    several = [h for h in hints if h.name in {"tuple", "list", "set"} and h.arguments]
    if "dataclass" in names:
        # Some versions read more than JSON here.
        flag = replace(flag, kind="any" if "from_cli" in source else "json")
    elif names == {"bool", "str", "None"} and "{bool, str, type(None)}" in source:
        flag = replace(flag, values="optional")
    elif "bool" in names:
        flag = replace(flag, kind="boolean", values="none")
    elif found:
        is_open = "str" in names and "metavar" in _source(package, "literal_to_kwargs")
        flag = flag if is_open else _literal(flag, found)
    elif several:
        flag = replace(_element(flag, several[0].arguments[0]), values="many")
    else:
        flag = replace(flag, kind=_plain_kind(package, field, names))
    return flag


def _plain_kind(package: Package, field: str, names: set[str]) -> str:
    source = _source(package, "_compute_kwargs")
    if "int" in names:
        if f"name == '{field}'" in source and "human_readable_int_or_auto" in source:
            return "size-or-auto"
        return "size" if f"'{field}'" in source else "integer"
    if "float" in names:
        return "number"
    if "dict" in names:
        loose = names & {"str", "other"} or "nullable_kvs" in _source(package, "parse_type")
        return "any" if loose else "json"
    return "text"


def _literal(flag: Flag, hint: _Hint) -> Flag:
    return replace(flag, kind="choice" if hint.arguments else "any", choices=hint.arguments)


def _element(flag: Flag, hints: list[_Hint]) -> Flag:
    if len(hints) != 1:
        return flag
    hint = hints[0]
    if hint.name == "Literal":
        return _literal(flag, hint)
    kinds = {"int": "integer", "float": "number", "str": "text"}
    return replace(flag, kind=kinds.get(hint.name, "any"))


def _source(package: Package, function: str) -> str:
    module = package.module(_ENGINE)
    found = module.bound.get(function) if module else None
    return ast.unparse(found) if found else ""
