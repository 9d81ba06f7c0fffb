"""What lint says of calls of gcloud in a script, word for word, and what it must leave alone."""

from __future__ import annotations

import sys

import pytest
from command_lines import golden_calls
from support import OUT, SHIPPED, files_of, run

from llmd_render.command_line import load_table, read_call
from llmd_render.command_line.keys import list_filter_keys, list_format_keys
from llmd_render.lint import lint_calls
from llmd_render.manifest import Tree

CREATE = "gcloud container clusters create c --zone=a"
POOL = "gcloud container node-pools create n --cluster=c --zone=a"


def find(text: str) -> list[str]:
    """Lint a script: each finding as line, column, severity, code, message and hint."""
    return [
        f"{item.location.line}:{item.location.column} {item.severity} {item.code}: "
        f"{item.message}; {item.hint}"
        for item in lint_calls(Tree({"call.sh": text}, ()))
    ]


WRONG = [
    (
        f"{CREATE} \\\n  --enable-autoscalling",
        (
            "2:3 error gcloud-flag-unknown: gcloud container clusters create has no flag "
            "--enable-autoscalling; did you mean `--enable-autoscaling`?"
        ),
    ),
    (
        "gcloud container clusters create c --kubernetes-version=1.34",
        (
            "1:36 error gcloud-flag-unknown: gcloud container clusters create has no flag "
            "--kubernetes-version; use `--cluster-version`"
        ),
    ),
    (
        f"{CREATE} \\\n  --gateway-api=on",
        (
            "2:3 error gcloud-flag-value-invalid: --gateway-api is `on`; "
            "give one of disabled, standard"
        ),
    ),
    (
        f"{CREATE} \\\n  --addons=HttpLoadBalancing,GkeNetworkPolicy",
        (
            "2:3 error gcloud-flag-value-invalid: --addons has `GkeNetworkPolicy`, which is none "
            "of what it takes; did you mean `NetworkPolicy`?"
        ),
    ),
    (
        f"{CREATE} --num-nodes 0",
        (
            "1:57 error gcloud-flag-value-invalid: --num-nodes is `0`; "
            "give a whole number of 1 or more"
        ),
    ),
    (
        f"{CREATE} --region=b",
        (
            "1:45 error gcloud-flags-exclude-each-other: --zone and --region exclude each other; "
            "keep one of them"
        ),
    ),
    (
        f"{CREATE} --machine-type --quiet",
        (
            "1:45 error gcloud-flag-value-missing: --machine-type has no value; "
            "write it as --machine-type=VALUE"
        ),
    ),
    (
        f"{POOL} --spot=true",
        (
            "1:59 error gcloud-flag-value-unexpected: --spot takes no value; "
            "write --spot alone, or --no-spot"
        ),
    ),
    (
        f"{CREATE} --labels=team",
        "1:45 error gcloud-flag-value-invalid: --labels is `team`; give a list of KEY=VALUE",
    ),
    (
        f"{CREATE} --metadata=a=b --metadata=c=d",
        (
            "1:60 error gcloud-flag-repeated: --metadata is given twice, which gcloud refuses of "
            "this flag; put both values into one"
        ),
    ),
    (
        f"{CREATE} --project=YOUR_PROJECT",
        (
            "1:45 error gcloud-flag-value-invalid: --project is `YOUR_PROJECT`; "
            "give the ID of a project, in lower case"
        ),
    ),
    (
        "gcloud compute networks subnets create n",
        (
            "1:1 error gcloud-flag-required: gcloud compute networks subnets create needs "
            "--network; add --network"
        ),
    ),
    (
        "gcloud container clusters resize c --zone=a",
        (
            "1:1 error gcloud-flag-required: gcloud container clusters resize needs --num-nodes; "
            "add --num-nodes"
        ),
    ),
    (
        "gcloud container clusters update c --gateway-api=standard --logging=SYSTEM",
        (
            "1:59 error gcloud-flags-exclude-each-other: --gateway-api and --logging exclude each "
            "other; keep one, or make a call for each"
        ),
    ),
    (
        "gcloud container clusters delete --quiet",
        (
            "1:1 error gcloud-argument-missing: gcloud container clusters delete needs NAME; "
            "add NAME after the command"
        ),
    ),
    (
        "gcloud projects describe my project",
        (
            "1:29 error gcloud-argument-unexpected: gcloud projects describe takes no more "
            "arguments: `project`; put what belongs to a flag behind it with `=`, and "
            "quote what holds spaces"
        ),
    ),
    (
        "gcloud services enable a --async b",
        (
            "1:34 error gcloud-argument-unexpected: gcloud services enable takes no more arguments "
            "here: `b`; write all of them in a row, with no flag between"
        ),
    ),
    (
        f"{POOL} --shielded-secure-boot",
        (
            "1:59 error gcloud-flag-required: --shielded-secure-boot needs "
            "--shielded-integrity-monitoring; "
            "add --shielded-integrity-monitoring, or leave --shielded-secure-boot out"
        ),
    ),
    (
        f"{POOL} --reservation=r --reservation-affinity=any",
        (
            "1:59 error gcloud-flag-required: --reservation needs --reservation-affinity=specific; "
            "add --reservation-affinity=specific, or leave --reservation out"
        ),
    ),
    (
        f"{POOL} --node-taints=a=b:Never",
        (
            "1:59 error gcloud-flag-value-invalid: the taint `a=b:Never` has no effect that a node "
            "knows; write it as a=b:EFFECT with one of NoSchedule, PreferNoSchedule, NoExecute"
        ),
    ),
    (
        f"{POOL} --tpu-topology=2x2",
        (
            "1:59 error gcloud-flag-required: --tpu-topology needs --machine-type: gcloud divides "
            "one by the other; add --machine-type"
        ),
    ),
    (
        "gcloud container node-pools list --zone=a",
        (
            "1:1 warning gcloud-flag-required: gcloud container node-pools list has no --cluster, "
            "and its configuration seldom names one; add --cluster=NAME"
        ),
    ),
    (
        (
            "gcloud container clusters describe c --zone=a "
            '--format="value(addonsConfig.gatewayApiConfig.channel)"'
        ),
        (
            "1:47 error gcloud-format-key-unknown: the cluster has no field gatewayApiConfig in "
            "addonsConfig, so `addonsConfig.gatewayApiConfig.channel` is always empty; "
            "did you mean `networkConfig.gatewayApiConfig.channel`?"
        ),
    ),
    (
        "gcloud container clusters list --filter='name=a AND stauts=RUNNING'",
        (
            "1:32 error gcloud-filter-key-unknown: the cluster has no field stauts, so `stauts` is "
            "never set; did you mean `status`?"
        ),
    ),
    (
        "gcloud compute security-policies list --format='value(rules.match.config.srcIpRange)'",
        (
            "1:39 error gcloud-format-key-unknown: the security policy has no field srcIpRange in "
            "rules.match.config, so `rules.match.config.srcIpRange` is always empty; did you mean "
            "`srcIpRanges`?"
        ),
    ),
    (
        "gcloud compute security-policies rules delete 1 --action=deny-403",
        (
            "1:49 warning gcloud-flag-unknown: gcloud compute security-policies rules delete has "
            "no flag --action in version 528.0.0; see its --help; a newer version may have it"
        ),
    ),
    (
        "gcloud compute security-policies rules update 1 --action=refuse --src-ip-ranges=a",
        (
            "1:49 error gcloud-flag-value-invalid: --action is `refuse`; give one of allow, deny, "
            "deny-403, deny-404, deny-502, rate-based-ban, redirect, redirect-to-recaptcha, "
            "throttle"
        ),
    ),
]


@pytest.mark.parametrize(("text", "finding"), WRONG, ids=[text for text, _ in WRONG])
def test_what_gcloud_refuses_is_found_at_its_word(text: str, finding: str) -> None:
    assert find(text) == [finding]


RIGHT = [
    "gcloud container hub memberships register --what --ever",  # not in the table
    "gcloud container clusters create $ARGUMENTS",
    'gcloud container clusters create "$@"',
    'gcloud container clusters resize c "${FLAGS[@]}"',
    "gcloud compute networks subnets create n $MORE",
    f"{CREATE} --num-nodes=$COUNT --gateway-api=$CHANNEL --addons=$LIST",
    f'{CREATE} "--num-nodes=$COUNT" "$FLAG"',
    f'{CREATE} "--$NAME=1"',
    "gcloud container clusters create --help --no-such-flag",
    "gcloud beta container clusters create c --no-such-flag-yet x --zone a --region b",
    "gcloud --project p container --quiet clusters list",
    "gcloud config set core/project -- -p",
    f"{POOL} --num-nodes -1",
    f"{CREATE} --labels=^:^a=b,c:d=e",
    f"{CREATE} --no-enable-autoupgrade --enable-autoscaling --quiet -q",
    "gcloud container clusters list --filter='NAME:x' --format='value(NAME,ZONE)'",
    "gcloud container clusters list --filter='master_version:1.3 AND labels.team=a'",
    "gcloud container clusters list --format='table(name,zone.basename():label=Z,nodePools[0].x)'",
    'gcloud container clusters list --format="value(name,${FIELD})" --filter="$F AND nam=$X"',
    "gcloud compute networks list --format='value(x_gcloud_subnet_mode,name)'",
    "gcloud compute security-policies rules create 1 --action=DENY-403 --src-ip-ranges=a,b",
    "gcloud compute security-policies describe p --format='value(rules.match.config.srcIpRanges)'",
    "gcloud compute zones list --filter='status=UP AND (name:a OR NOT region~b) nonsense'",
    "gcloud projects describe p --format='value[separator=\"|\"](project_number)'",
    "echo gcloud container clusters create --nonsense",
    "# gcloud container clusters create --nonsense",
    "cat <<EOF\ngcloud container clusters create --nonsense\nEOF",
]


@pytest.mark.parametrize("text", RIGHT)
def test_what_gcloud_takes_or_a_run_decides_is_left_alone(text: str) -> None:
    assert find(text) == []


def test_a_finding_in_a_rendered_script_names_its_template() -> None:
    text = "gcloud container clusters list --limit=x"
    (found,) = lint_calls(Tree({"a.sh": text}, ()), {"a.sh": "templates/a.sh.j2"})
    assert found.hint == "give a whole number; rendered from templates/a.sh.j2"
    assert found.excerpt == text


def test_a_comment_silences_a_finding(tmp_path: object) -> None:
    text = (
        "# llmd-render: ignore gcloud-flag-unknown our gcloud is newer\n"
        "gcloud container clusters list --no-such-flag\n"
    )
    path = f"{tmp_path}/a.sh"
    with open(path, "w", encoding="utf-8") as file:  # noqa: PTH123 - one line
        file.write(text)
    assert "1 acknowledged" in run("lint", path).output


@pytest.mark.parametrize("program", ["gcloud", "kubectl"])
def test_every_call_of_a_rendered_tree_is_in_the_table(program: str) -> None:
    calls = [item for item in golden_calls(program) if item.words[-1].text.strip("\0")]
    assert calls
    assert [str(item) for item in calls if read_call(item) is None] == []


@pytest.mark.parametrize("name", SHIPPED)
def test_a_rendered_tree_has_no_finding(name: str) -> None:
    files = {path: text.decode() for path, text in files_of(OUT / name).items()}
    assert list(lint_calls(Tree(files, ()))) == []


@pytest.mark.parametrize("program", ["gcloud", "kubectl"])
def test_each_row_of_a_table_can_be_read(program: str) -> None:
    table = load_table(program)
    assert all(table.find(path) for path in table.paths)
    assert all(path in table.paths for item in table.demands for path in item.commands)
    assert all(path in table.paths for path in table.aliases.values())


def test_a_tree_without_such_scripts_loads_no_table(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [item for item in sys.modules if item.startswith("llmd_render.command_line")]:
        monkeypatch.delitem(sys.modules, name)
    assert list(lint_calls(Tree({"a.sh": "curl https://example.com\n"}, ()))) == []
    assert not [item for item in sys.modules if item.startswith("llmd_render.command_line")]


KEYS = [
    ("value(a.b, c)", ["a.b", "c"]),
    ("table[box](a[0].b:label=X:sort=1, c.basename(), format('{0}', d))", ["a[0].b", "c"]),
    ("csv[no-heading,separator=','](a,b)", ["a", "b"]),
    ("get(a)", ["a"]),
    ("json", []),
    ("none", []),
    ("value(a,\0)", ["a"]),
    ("value(a.list():label=A)", ["a"]),
    ("multi(a:format='table(b)')", []),
]


@pytest.mark.parametrize(("text", "keys"), KEYS)
def test_keys_of_a_format_are_read(text: str, keys: list[str]) -> None:
    assert list(list_format_keys(text)) == keys


FILTERS = [
    ("a=b", ["a"]),
    ("a.b:c AND d~'e f'", ["a.b", "d"]),
    ("(a=b OR -c>=1) AND NOT d:(e f)", ["a", "c", "d"]),
    ("a=b c=d", ["a", "c"]),
    ("name~^pvc-", ["name"]),
    ("a", []),
    ("a=b AND c", []),
    ("", []),
]


@pytest.mark.parametrize(("text", "keys"), FILTERS)
def test_keys_of_a_filter_are_read(text: str, keys: list[str]) -> None:
    assert list(list_filter_keys(text)) == keys
