"""Google's CEL engine; no other module knows it.

It is imported when the first rule is met, because many runs meet none.
"""

from __future__ import annotations

import re
from functools import cache
from typing import Any

from .library import OVERLOADS, Function, overloads_with_regex
from .source import OWN

_EXTENSIONS = (
    *("bindings", "lists", "optional", "regex", "sets", "strings"),
    "two-var-comprehensions",
)
_KINDS = (
    *("bool", "bytes", "double", "duration", "int", "list", "map", "null", "string"),
    *("timestamp", "uint"),
)
_PLAIN = (
    (re.compile(r'Key not found in map : "?(.*?)"?$'), r"no such key: \1"),
    (re.compile(r"Index error: index=(-?\d+) size=\d+"), r"index out of bounds: \1"),
    (re.compile(r"No matching overloads found : "), "no such overload: "),
    (
        re.compile(r"Non-CEL value type for .*: (?:\w+\.)?(\w+)\.?$"),
        r"a function gives a \1, which is not supported",
    ),
    (
        re.compile(r"Iteration budget exceeded"),
        "it goes over more than 10,000 items, which is all that the engine does",
    ),
    (re.compile(rf"\b{OWN}"), ""),
)
# Not what a rule may run into on the server, but what this engine cannot do or will not do.
_LIMITS = ("Non-CEL value type", "out of range for '", f"overloads found : {OWN}", "not supported:")
_MOST_PROGRAMS = 10_000


class NotEvaluatedError(Exception):
    """The engine could not say whether a rule holds; the text says why."""


class EvaluationError(Exception):
    """A rule ended in an error, which on the server is a rejection."""


class Engine:
    """Compiles each rule once and evaluates it on data shown to CEL."""

    def __init__(self, cel: Any) -> None:
        self._cel = cel
        self._error = cel.Type.ERROR
        config = cel.NewEnvConfigFromYaml(
            "extensions:\n" + "".join(f"- name: {name}\n" for name in _EXTENSIONS)
        )
        dynamic = cel.Type.DYN
        bare = cel.NewEnv(config=config, variables={"text": dynamic, "pattern": dynamic})
        program = bare.compile("regex.extractAll(text, pattern)")

        def find_all(pattern: str, text: str) -> list[str]:
            found = program.eval(data={"text": text, "pattern": pattern})
            if found.type() == cel.Type.ERROR:
                raise ValueError(_first_line(str(found.value())))
            plain: list[str] = found.plain_value()
            return plain

        functions = OVERLOADS | overloads_with_regex(find_all)
        self._environment = cel.NewEnv(
            config=config,
            variables={"self": dynamic, "oldSelf": dynamic},
            functions=[self._declare(name, items) for name, items in functions.items()],
        )
        self._programs: dict[str, Any] = {}

    def _declare(self, name: str, functions: tuple[Function, ...]) -> Any:
        overloads = []
        for function in functions:
            # At run time the engine matches no value with a parameter of type dyn.
            for kind in _KINDS if "any" in function.parameters else ("",):
                parameters = [kind if item == "any" else item for item in function.parameters]
                # A function and a method of one name need two names here.
                form = "of" if function.member else "with"
                overloads.append(
                    self._cel.Overload(
                        f"{OWN}{name.replace('.', '_')}_{form}_{'_'.join(parameters)}",
                        return_type=self._type(function.result),
                        parameters=[self._type(item) for item in parameters],
                        is_member=function.member,
                        impl=function.call,
                    )
                )
        return self._cel.FunctionDecl(name, overloads)

    def _type(self, name: str) -> Any:
        named = {"any": "DYN"}.get(name, name.upper())
        return getattr(self._cel.Type, named)

    def compile(self, text: str) -> Any:
        """Compile a rule, or raise NotEvaluatedError; the same text is compiled once."""
        program = self._programs.get(text)
        if program is None:
            if len(self._programs) >= _MOST_PROGRAMS:
                self._programs.clear()
            try:
                program = self._environment.compile(text)
            except (RuntimeError, ValueError, TypeError) as error:
                program = NotEvaluatedError(_first_line(str(error)))
            self._programs[text] = program
        if isinstance(program, NotEvaluatedError):
            raise NotEvaluatedError(*program.args)
        return program

    def bind(self, value: Any) -> Any:
        """Prepare data for any number of rules about it."""
        return self._environment.Activation({"self": value})

    def evaluate(self, program: Any, bound: Any) -> Any:
        """Give what a rule says about data, or raise one of the two errors."""
        try:
            result = program.eval(bound)
            value = result.value()
        except (RuntimeError, ValueError, TypeError) as error:
            raise NotEvaluatedError(_first_line(str(error))) from error
        if value is True or value is False:
            return value
        if result.type() == self._error:
            text = str(value)
            if any(limit in text for limit in _LIMITS):
                raise NotEvaluatedError(_first_line(text))
            raise EvaluationError(_first_line(text))
        return value


def _first_line(text: str) -> str:
    """Say in the words of the server what went wrong, without the engine's own decoration."""
    line = text.strip().partition("\n")[0]
    line = re.sub(r"^[A-Z_]+: ", "", line)
    line = re.sub(r"^ERROR: <input>:[-\d:]+ ", "", line)
    line = re.sub(r" \[[A-Z_]+\]$", "", line)
    for pattern, meaning in _PLAIN:
        line = pattern.sub(meaning, line)
    return line


@cache
def load_engine() -> Engine | None:
    """Load the engine, if there is one for this platform."""
    try:
        from cel_expr_python import cel  # type: ignore[import-untyped,unused-ignore]  # noqa: PLC0415 - only when a rule is met
    except ImportError:
        return None
    return Engine(cel)
