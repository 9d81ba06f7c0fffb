"""What bash takes and the compiled grammar stumbles over; bash itself is the judge."""

from __future__ import annotations

import random
import subprocess
from pathlib import Path

import pytest
from support import need

from llmd_render.script import check_script
from llmd_render.script.recognition import is_parsed_by_bash

TAKEN = [
    'echo "a${b:+ (c)}"\n',
    'echo "run ${x:+, which is \\`${x}\\`}, now"\n',
    'declare -A begun["${name}"]\n',
    'printf "${signs:i++%${#signs}:1}"\n',
    "cat 2>&1 <<-END 2>&1 | sed 's/a/b/' | tee log\n\techo\n\tEND\n",
    "for x do\n  echo\ndone\n",
    "for x; do echo; done\n",
    "for ((i = 0; i < 3; i++)); do echo; done\n",
    "for x in a b; { echo; }\n",
    "coproc work { cat; }\n",
    "coproc cat\n",
    "function f { echo; }\n",
    "f() (echo)\n",
    "f() if a; then b; fi\n",
    "time -p a | b\n",
    "! a\n",
    "a=([one]=1 [two three]=2 # said\n  3)\n",
    "a[i + 1]=x\n",
    "x=$((1 + (2)))\n",
    "x=$( (a; b) | c)\n",
    "((x = 1 << 2))\n",
    "((a); (b))\n",
    "case $x in (a|b) c ;; *) d ;;& e) ;& esac\n",
    "case in in in) echo ;; esac\n",
    "echo $(case x in a) b ;; esac)\n",
    "[[ $a =~ ^(b|c)$ && ( -n $d || $e < f ) ]]\n",
    "diff <(a) >(b)\n",
    "echo `a \\`b\\``\n",
    "echo $'it\\'s' $\"x\"\n",
    "cat <<A <<'B'\n$(\nA\n'\nB\n",
    "x=$(cat <<END\n)'\nEND\n)\n",
    "cat <<END\nnever ended\n",
    "{ a; } 2>&1 >b\n",
    "exec {fd}>log\n",
    "echo a#b # '\n",
    "echo ${#a} ${a//#/b} ${a#*\\}}\n",
    "echo \"${a#'}'}\"\n",
    "if a; then b; fi; while a; do b; done & wait\n",
    "a |& b &>c &>>d\n",
    "echo ${a:-`b`} \\\n  c\n",
    "",
    "# only said",
]
REFUSED = [
    "if a; then b\n",
    "for x in a; b; done\n",
    "a )\n",
    "(a\n",
    "{ a }\n",
    "a; ; b\n",
    "a | | b\n",
    "a > \n",
    "case x in a) b ;;\n",
    "echo 'a\n",
    'echo "a\n',
    "echo ${a\n",
    "echo $(a\n",
    "echo `a\n",
    "a=(1 2\n",
    "f() echo\n",
    "[[ a\n",
    "export A=<NAME>\n",
    "while a; done\n",
    "a b (c)\n",
    "do a\n",
]


def _bash_parses(text: str) -> bool:
    real = subprocess.run(
        [need("bash"), "-n"], input=text, text=True, capture_output=True, check=False
    )
    return real.returncode == 0


@pytest.mark.parametrize("text", TAKEN)
def test_what_bash_takes_is_not_complained_of(text: str) -> None:
    assert _bash_parses(text)
    assert is_parsed_by_bash(text)
    assert list(check_script(text, "s.sh")) == []


@pytest.mark.parametrize("text", REFUSED)
def test_what_bash_refuses_is_refused(text: str) -> None:
    assert not _bash_parses(text)
    assert not is_parsed_by_bash(text)


def test_a_script_that_is_nested_too_deep_to_tell_is_passed() -> None:
    assert is_parsed_by_bash("(" * 3000 + "a" + ")" * 3000 + "\n")


def test_of_spoilt_scripts_none_is_refused_that_bash_takes() -> None:
    """Take words and signs out of real scripts, as a slip of the hand does."""
    scripts = sorted(Path("out").glob("qwen-3b-v6e/**/*.sh"))
    assert scripts
    chance = random.Random(7)  # noqa: S311 - no secret
    refused = 0
    for script in scripts:
        text = script.read_text("utf-8")
        for _ in range(4):
            at = chance.choice([i for i, sign in enumerate(text) if sign in "'\"(){};|&$`\n"])
            spoilt = text[:at] + text[at + 1 :]
            if not is_parsed_by_bash(spoilt):
                refused += 1
                assert not _bash_parses(spoilt), (script, at)
    assert refused > len(scripts)
