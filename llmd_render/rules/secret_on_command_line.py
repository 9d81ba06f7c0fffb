"""No script passes a token or a password to a program as an argument.

Every user of the machine can read the arguments of a running program, and shells and CI systems
keep them in their history and logs. Programs take a secret from a file or from standard input.

Source: https://kubernetes.io/docs/tasks/configmap-secret/managing-secret-using-kubectl/ (2026)

Passes:

    create-token.sh: |
      kubectl create secret generic hf-token --from-file=HF_TOKEN="$FOLDER/token"
      podman login registry.redhat.io --username me --password-stdin <"$FOLDER/password"

Fails:

    create-token.sh: |
      kubectl create secret generic hf-token --from-literal=HF_TOKEN="$HF_TOKEN"
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from llmd_render.diagnostics import Severity, Violation

from .rule import TreeRule, TreeViolation
from .subjects.credentials import NAME
from .subjects.scripts import scripts

if TYPE_CHECKING:
    from collections.abc import Iterator

    from llmd_render.manifest import Tree
    from llmd_render.script import Call, Word

_HEADER = re.compile(r"(authorization: *(bearer|basic)|x-api-key:) *\S", re.IGNORECASE)
_DUMMY = re.compile(r"[ :](dummy|fake|test|example|x+|your[\w-]*|<[^>]*>)$", re.IGNORECASE)
_PASSWORDS = {
    "kubectl": ("--docker-password", "--token", "--password"),
    "oc": ("--docker-password", "--token", "--password"),
    "podman": ("--password", "-p", "--creds"),
    "docker": ("--password", "-p"),
    "skopeo": ("--password", "--creds", "--src-creds", "--dest-creds"),
    "helm": ("--password",),
    "huggingface-cli": ("--token",),
    "hf": ("--token",),
}
_LOGINS = ("podman", "docker")
_HINTS = {
    "kubectl": "write it into a file that only you can read, and use --from-file",
    "oc": "write it into a file that only you can read, and use --from-file",
    "podman": "use --password-stdin",
    "docker": "use --password-stdin",
    "skopeo": "use --authfile",
    "helm": "use --password-stdin, or a values file that is not committed",
    "curl": "put the header into a file that only you can read, and use --header @FILE",
}


def _check(tree: Tree) -> Iterator[TreeViolation]:
    for script in scripts(tree):
        for call in script.calls:
            for word, what in _list_secrets(call):
                program = call.program.rpartition("/")[2]
                hint = _HINTS.get(program, "give it in a file or on standard input")
                message = f"{program} gets a secret as an argument, in {what}"
                yield TreeViolation(call.locate(word), Violation((), message, hint))


def _list_secrets(call: Call) -> Iterator[tuple[Word, str]]:
    program = call.program.rpartition("/")[2]
    flags = _PASSWORDS.get(program, ())
    if program in _LOGINS and (not call.words or call.words[0].text != "login"):
        flags = ()  # -p publishes a port, elsewhere
    for word, following in zip(call.words, (*call.words[1:], None), strict=False):
        name, has_value, value = word.text.partition("=")
        if name in flags and (value if has_value else following):
            yield word, name
        elif program in {"kubectl", "oc"} and name == "--from-literal":
            pair = value if has_value or following is None else following.text
            key, _, literal = pair.partition("=")
            if literal and NAME.search(key.replace("-", "_").replace(".", "_")):
                yield word, f"--from-literal={key}"
        elif program == "curl" and _HEADER.match(word.text) and not _DUMMY.search(word.text):
            yield word, word.text.partition(":")[0]
        elif program == "helm" and following is not None and name in {"--set", "--set-string"}:
            key = (value or following.text).partition("=")[0]
            if NAME.search(key.rpartition(".")[2]):
                yield word, f"{name} {key}"


RULE = TreeRule("secret-on-command-line", Severity.WARNING, _check, acknowledgeable=True)
