"""Scripts are written in the language of bash 3.2, the newest that macOS has."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from scripts.life import trees

# What came later, each with the bash that brought it, as it stands in a line without comments and
# without text in single quotes.
NEWER = {
    "associative arrays (4.0)": r"\b(?:declare|local|typeset|readonly)\s+-[a-zA-Z]*A",
    "references by name (4.3)": r"\b(?:declare|local|typeset)\s+-[a-zA-Z]*n",
    "global declarations (4.2)": r"\bdeclare\s+-[a-zA-Z]*g",
    "mapfile (4.0)": r"(?:^|[\s;&|({])(?:mapfile|readarray)\b",
    "coproc (4.0)": r"(?:^|[\s;&|({])coproc\b",
    "change of case (4.0)": r"\$\{[\w@*]+(?:\[[^]]*\])?(?:,,?|\^\^?)",
    "transformations (4.4)": r"\$\{[\w@*]+(?:\[[^]]*\])?@[A-Za-z]\}",
    "pipe of both streams (4.0)": r"\|&",
    "append both streams (4.0)": r"&>>",
    "case that goes on (4.0)": r";;&|;&(?!&)",
    "wait for any (4.3)": r"\bwait\s+-[nfp]\b",
    "negative index (4.3)": r"\[-\d+\]",
    "negative length (4.2)": r"\$\{\w+:[^}:]*:\s*-\d",
    "time in printf (4.2)": r"%\([^)]*\)T",
    "printf into an element (4.1)": r"\bprintf\s+-v\s+\w+\[",
    "test of a variable (4.2)": r"(?:\[\[?|\btest)\s+-v\b",
    "newer variables": r"\b(?:EPOCHSECONDS|EPOCHREALTIME|SRANDOM|BASHPID|BASH_XTRACEFD)\b",
    "chosen descriptor (4.1)": r"\{\w+\}[<>]",
    "read with a fraction (4.0)": r"\bread\s+(?:-\w+\s+)*(?:-t\s*\d*\.\d|-[a-zA-Z]*[iN])",
    "newer shell options": r"\bshopt\s+-s\s+(?:globstar|lastpipe|inherit_errexit|autocd|localvar)",
    "steps in braces (4.0)": r"\{\d+\.\.\d+\.\.",
    "command substitution without a fork (5.3)": r"\$\{[ |]",
    "escapes of unicode (4.2)": r"\$'[^']*\\[uU][0-9a-fA-F]",
    "an array that may be empty, under set -u (4.4)": r"(?<!\+)(?<!\+\")\$\{(\w+)\[[@*]\]\}",
}
SCRIPTS = [
    pytest.param(path, id=f"{name}: {path.relative_to(folder).as_posix()}")
    for name, folder in trees().items()
    for path in sorted(folder.rglob("*.sh"))
]


FILLED = re.compile(r"^\s*(?:local\s+)?(\w+)=\(\s*(?![\s)])", re.MULTILINE)
# In double quotes a single quote is a letter, and after $ it begins what bash reads itself.
QUOTED = re.compile(
    r"\"(?:\\.|[^\"\\])*\"|\$'(?:\\.|[^'\\])*'|\\.|'[^']*'|(?:^|(?<=\s))#[^\n]*",
    re.DOTALL | re.MULTILINE,
)


def code_of(text: str) -> list[str]:
    """Give the lines of a script without comments and without what stands in single quotes."""

    def blank(match: re.Match[str]) -> str:
        found = match.group()
        return re.sub(r"[^\n]", " ", found) if found[0] in "'#" else found

    return QUOTED.sub(blank, text).splitlines()


def find_newer(text: str, filled: set[str]) -> list[tuple[int, str]]:
    """Find what bash 3.2 does not understand, by line; filled arrays are never empty."""
    return [
        (number, what)
        for number, line in enumerate(code_of(text), start=1)
        for what, pattern in NEWER.items()
        for match in re.finditer(pattern, line)
        if not (match.re.groups and match.group(1) in filled)
    ]


def judge(line: str) -> list[tuple[int, str]]:
    text = f"#!/usr/bin/env bash\n{line}\n"
    return find_newer(text, set(FILLED.findall(text)))


@pytest.mark.parametrize("path", SCRIPTS)
def test_a_script_is_written_in_the_language_of_bash_3_2(path: Path) -> None:
    whole = "".join(script.read_text() for script in path.parent.parent.rglob("*.sh"))
    assert find_newer(path.read_text(), set(FILLED.findall(whole))) == []


@pytest.mark.parametrize(
    "line",
    [
        "declare -A map",
        "local -A map",
        "declare -n other=this",
        "declare -g here=1",
        "mapfile -t lines <file",
        "sort x | readarray lines",
        'x="${x,,}"',
        "x=${x^^}",
        "x=${name^}",
        "echo ${x@Q}",
        "make |& tee log",
        "make &>>log",
        "case x in a) y ;;& esac",
        "case x in a) y ;& esac",
        "wait -n",
        "echo ${a[-1]}",
        "echo ${x:0:-1}",
        "printf '%(%s)T\\n'  -1; printf %(%s)T",
        'echo "$EPOCHSECONDS"',
        "coproc cat",
        "[[ -v name ]]",
        "exec {log}>file",
        "read -t 0.5 x",
        "shopt -s lastpipe",
        "for x in {1..9..2}; do echo; done",
        "x=${ date; }",
        "x=$'\\u00e9'",
        'run "${extra[@]}"',
        'a=()\nrun "${a[@]}"',
        "printf -v a[0] x",
    ],
)
def test_what_bash_3_2_does_not_understand_is_found(line: str) -> None:
    assert judge(line)


@pytest.mark.parametrize(
    "line",
    [
        "# declare -A map",
        "jq '.[-1] | ascii_downcase'",
        'x=${x:-a} y="${y:+b}" z=${z//a/b} n=${#x} s=${x:0:300}',
        'a=(1 2)\nrun "${a[@]}"',
        'run ${a[@]+"${a[@]}"}',
        'wait "$pid"',
        "case x in a) y ;; esac",
        "make >log 2>&1 && cat log",
        "sleep 1 & pid=$!",
        "read -r -s line",
        "x=${x%%-*} y=${x##*-}",
        "printf '%s\\n' \"it's\" # local -n",
        "for x in {1..9}; do echo; done",
        "printf -v name %s x",
        "awk '{ x[-1] = 1 }'",
    ],
)
def test_what_bash_3_2_understands_is_passed(line: str) -> None:
    assert judge(line) == []
