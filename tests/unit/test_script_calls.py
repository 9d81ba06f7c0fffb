from __future__ import annotations

import pytest

from llmd_render.script import HOLE, Call, Word, read_scripts

# Where the grammar takes the lines after a dash for arguments of its command.
SPLIT = ["kubectl get -o yaml", "sed s", "kubectl apply -f -", "ls c", "ls d", "cat", "true"]
# A script, and what it calls: `…` is what only a run tells.
CALLS = [
    ("gcloud compute list --zone=a", ["gcloud compute list --zone=a"]),
    ("gcloud a \\\n  --b=c \\\n  d\n", ["gcloud a --b=c d"]),
    ("""gcloud 'a b' "c d" e\\ f""", ["gcloud a b c d e f"]),
    ("ZONE=a\ngcloud --zone=$ZONE \"--x=$ZONE\" '$ZONE'", ["gcloud --zone=a --x=a $ZONE"]),
    ('ZONE=${ZONE:-a-b}\ngcloud "--zone=${ZONE}"', ["gcloud --zone=a-b"]),
    ('P=${Q:-"x y"}\ngcloud "$P" $P', ["gcloud x y x y"]),
    ("A=1\nB=$A-$A\ngcloud $B", ["gcloud 1-1"]),
    ("A=$A\ngcloud $A", ["gcloud …"]),
    ("A=1\nA=2\ngcloud $A", ["gcloud …"]),
    ("A=1\nA+=2\ngcloud $A", ["gcloud …"]),
    ("for z in a b; do gcloud $z; done", ["gcloud …"]),
    ("Z=a\nread -r Z\ngcloud $Z", ["read -r Z", "gcloud …"]),
    ('gcloud "a $B $C d"', ["gcloud a … … d"]),
    ("gcloud ${#A} ${A%x} ${A:1:2} $((1 + 2)) $(date)", ["gcloud … … … … …", "date"]),
    ("gcloud {a,b} a{1..3} {}", ["gcloud … … {}"]),
    ("X=(curl --fail 'a b')\n\"${X[@]}\" --y", ["curl --fail a b --y"]),
    ('X=(a)\nX+=(b)\ngcloud "${X[@]}"', ["gcloud …"]),
    ('X=(a b)\ngcloud ${X[@]+"${X[@]}"}', ["gcloud a b"]),
    ("A=1 gcloud a", ["gcloud a"]),
    ("gcloud a >/dev/null 2>&1 || true", ["gcloud a", "true"]),
    ("gcloud a >f b", ["gcloud a b"]),
    ("kubectl apply -f - <<EOF\na\nEOF\nls", ["kubectl apply -f -", "ls"]),
    (
        (
            "kubectl get -o yaml | \\\n  sed s | \\\n  kubectl apply -f -\n\n"
            "# b\nls c\nls d | cat || true"
        ),
        SPLIT,
    ),
    ("if ! gcloud a; then x=$(gcloud b); fi", ["gcloud a", "gcloud b"]),
    ("cat <<EOF\n$(gcloud a)\nEOF", ["cat", "gcloud a"]),
    ("sudo -u me timeout 5 gcloud a", ["gcloud a"]),
    ("env A=b command gcloud a", ["gcloud a"]),
    ("xargs -n 1 kubectl delete", ["kubectl delete"]),
    ("command -v gcloud", []),
    ("sudo", ["sudo"]),
    (
        'k() { kubectl --context c "$@"; }\nk get pods',
        ["kubectl --context c …", "kubectl --context c get pods"],
    ),
    (
        'k() { kubectl "$@"; }\nthere() { k get "$@"; }\nthere a',
        ["kubectl …", "kubectl get …", "kubectl get a"],
    ),
    ('w() { local a=$1; shift 2; "$@"; }\nw 1 2 gcloud a', ["shift 2", "gcloud a"]),
    ('w() { shift; until "$@"; do :; done; "$@"; }\nw 1 gcloud a', ["shift", ":", "gcloud a"]),
    ('w() { set -- a "$@"; gcloud "$@"; }\nw b', ["set -- a …", "gcloud …"]),
    ('w() { "$@" --quiet; }\nw gcloud a', ["gcloud a --quiet"]),
    ('gcloud() { command gcloud "$@"; }\ngcloud a', ["gcloud …", "gcloud a"]),
    ('gcloud() { say gcloud "$@"; }\ngcloud a', ["say gcloud …", "gcloud a"]),
    ('f() { f "$@"; }\nf a', ["f …", "f a"]),
    ('f() { g "$@"; }\ng() { f "$@"; }\nf a', []),
    ('f() { gcloud "$1"; }\nf a', ["gcloud …"]),
    ("$UNKNOWN a", []),
    ("gcloud '' \"\"", ["gcloud  "]),
    ("# gcloud a\necho 'gcloud b'", ["echo gcloud b"]),
    ("if gcloud a; then\n", ["gcloud a"]),
]


def list_calls(text: str) -> list[Call]:
    return list(read_scripts({"s.sh": text})["s.sh"].calls)


@pytest.mark.parametrize(("text", "calls"), CALLS, ids=[text for text, _ in CALLS])
def test_calls_are_what_bash_would_call(text: str, calls: list[str]) -> None:
    assert [str(item) for item in list_calls(text)] == calls


def test_a_call_is_where_it_is_written() -> None:
    text = 'run() { "$@"; }\né=1; run gcloud \\\n  "ä" --zone=$Z\n'
    (call,) = list_calls(text)
    assert (call.file, call.line, call.column) == ("s.sh", 2, 10)
    assert call.words == (Word("ä", 3, 3), Word(f"--zone={HOLE}", 3, 7, is_many=True))
    assert not call.words[1].is_known


def test_quoted_holes_are_one_argument_and_bare_ones_any_number() -> None:
    (call,) = list_calls('gcloud "$A" $A "x$A" "$@" $*\n')
    assert [(word.text, word.is_many) for word in call.words] == [
        (HOLE, False),
        (HOLE, True),
        (f"x{HOLE}", False),
        (HOLE, True),
        (HOLE, True),
    ]


def test_sourced_files_bring_their_constants_and_functions() -> None:
    files = {
        "lib/common.sh": 'ZONE=a\nkube() { kubectl --context "$ZONE" "$@"; }\n',
        "lib/more.sh": 'NAME=$ZONE-b\nkube get "$NAME"\n',
        "bin/s.sh": 'here=$(pwd)\n. "$here/../lib/common.sh"\nsource "$here/../lib/more.sh"\n'
        'kube get "$NAME"\n',
    }
    scripts = read_scripts(files)
    assert scripts["bin/s.sh"].sources == ("lib/common.sh", "lib/more.sh")
    assert str(scripts["bin/s.sh"].calls[-1]) == "kubectl --context a get a-b"
    # A library knows what the scripts that source it source, too.
    assert str(scripts["lib/more.sh"].calls[0]) == "kubectl --context a get a-b"


def test_files_that_are_no_scripts_are_left_alone() -> None:
    files = {"a.yaml": "gcloud a", "run": "#!/usr/bin/env bash\ngcloud b\n", "b.txt": "#!x"}
    assert list(read_scripts(files)) == ["run"]


def test_scripts_that_source_each_other_are_read() -> None:
    files = {"a.sh": ". b.sh\ngcloud $X\n", "b.sh": ". a.sh\nX=1\n"}
    assert [str(item) for item in read_scripts(files)["a.sh"].calls] == [". b.sh", "gcloud 1"]
