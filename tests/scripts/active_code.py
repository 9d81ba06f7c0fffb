"""What a script does, without what it says and what its constants are: to tell two trees apart."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

_SOURCED = re.compile(r'^\. "\$here/(\.\./lib/[\w-]+\.sh)"$', re.MULTILINE)
_FUNCTION = re.compile(r"^(\w+)\(\) (?:\{.*\}|[{(]\n(?s:.*?)\n[})])\n", re.MULTILINE)
_PASSIVE = re.compile(r"^(?: *#.*| *say .*|[A-Z_0-9]+=.*|readonly .*| *)\n", re.MULTILINE)


def active_code(script: Path) -> str:
    """Give a script with those functions of its libraries that it can come to.

    Left out are comments, what is only said, and the values of constants.
    """
    own = script.read_text(encoding="utf-8")
    libraries = [(script.parent / name).read_text(encoding="utf-8") for name in _names(own)]
    libraries += [
        (script.parent / name).read_text(encoding="utf-8")
        for library in libraries
        for name in _names(library)
    ]
    functions = {match[1]: match[0] for text in libraries for match in _FUNCTION.finditer(text)}
    code = own + "".join(_FUNCTION.sub("", text) for text in libraries)
    code = _PASSIVE.sub("", code)
    while wanted := [name for name in functions if re.search(rf"\b{name}\b", code)]:
        code += _PASSIVE.sub("", "".join(functions.pop(name) for name in wanted))
    return code


def _names(text: str) -> list[str]:
    return _SOURCED.findall(text)
