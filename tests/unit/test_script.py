from __future__ import annotations

import subprocess

import pytest
from support import need

from llmd_render.script import check_script

BROKEN = [
    ("if true; then\n  echo\n", 3),
    ("echo $(\n", 2),
    ("echo 'open\n", 1),
    ("for x in a; do\n  echo\n", 3),
    ("f() {\n  echo\n", 3),
    ("case x in\n  a) echo ;;\n", 3),
    ("echo )\n", 1),
    ("fi\n", 1),
    ("f() {\n}\n", 2),
    ("if x; then\nfi\n", 2),
    ("if x; then # only said\nfi\n", 2),
    ("if x; then y; else\nfi\n", 2),
    ("if x; then y; elif z; then\nfi\n", 2),
    ("if x; then\nelse y; fi\n", 2),
    ("while x; do\ndone\n", 2),
    ("{ }\n", 1),
    ("( )\n", 1),
    ("a ;; b\n", 1),
    ("echo a;;\n", 1),
    ("a &&\n", 2),
    ("| a\n", 1),
]
FINE = [
    "#!/usr/bin/env bash\nset -euo pipefail\n",
    'echo "a" | while read -r x; do echo "$x"; done\n',
    "cat <<'EOF'\n$( not code\nEOF\n",
    'if [[ -n "${a:-}" ]]; then echo; fi\n',
    'a=(1 2); echo "${a[@]}"\n',
    "trap 'echo' EXIT\n",
    "case x in\nesac\n",
    "case x in a) ;; b) y ;; esac\n",
    "if ! a; then b; elif c; then d; else e; fi\n",
    "select x in a; do :; done\n",
    "f() { :; }\n",
]


@pytest.mark.parametrize(("text", "line"), BROKEN)
def test_what_bash_cannot_parse_is_found(text: str, line: int) -> None:
    found = list(check_script(text, "s.sh", "templates/s.sh.j2"))
    assert found
    assert {item.code for item in found} == {"shell-syntax-error"}
    assert all(1 <= item.location.line <= line for item in found)
    assert found[0].hint == "rendered from templates/s.sh.j2"


@pytest.mark.parametrize("text", FINE)
def test_what_bash_parses_is_passed(text: str) -> None:
    assert list(check_script(text, "s.sh")) == []


@pytest.mark.parametrize("text", [*(text for text, _ in BROKEN), *FINE])
def test_the_verdict_is_that_of_the_real_bash(text: str) -> None:
    real = subprocess.run(
        [need("bash"), "-n"], input=text, text=True, capture_output=True, check=False
    )
    assert bool(list(check_script(text, "s.sh"))) == (real.returncode != 0)


def test_the_column_counts_characters_and_not_bytes() -> None:
    (found,) = check_script("echo 'ü' )\n", "s.sh")
    assert (found.location.line, found.location.column) == (1, 10)
