"""Keys of --format and --filter at the first level: fields, columns, and what is neither."""

from __future__ import annotations

import pytest

from llmd_render.lint import lint_calls
from llmd_render.manifest import Tree

SEE = "see what the command answers with --format=json"
DESCRIBE = "gcloud container clusters describe c --zone=z"
LIST = "gcloud container clusters list"


def find(text: str) -> list[str]:
    return [
        f"{item.location.line}:{item.location.column} {item.severity} {item.code}: "
        f"{item.message}; {item.hint}"
        for item in lint_calls(Tree({"call.sh": text}, ()))
    ]


def say(severity: str, thing: str, key: str, hint: str, effect: str = "always empty") -> str:
    kind = "format" if effect == "always empty" else "filter"
    return (
        f"{severity} gcloud-{kind}-key-unknown: the {thing} has no field {key.partition('.')[0]}, "
        f"so `{key}` is {effect}; {hint}"
    )


WRONG = [
    (
        f"{DESCRIBE} --format='value(foobar.baz)'",
        "1:47 " + say("warning", "cluster", "foobar.baz", SEE),
    ),
    (
        f"{DESCRIBE} --format='value(stauts)'",
        "1:47 " + say("error", "cluster", "stauts", "did you mean `status`?"),
    ),
    (
        f"{DESCRIBE} --format='value(gatewayApiConfig.channel)'",
        "1:47 "
        + say(
            "error",
            "cluster",
            "gatewayApiConfig.channel",
            "did you mean `networkConfig.gatewayApiConfig.channel`?",
        ),
    ),
    (
        f"{DESCRIBE} --format='value(managedPrometheusConfig.enabled)'",
        "1:47 "
        + say(
            "error",
            "cluster",
            "managedPrometheusConfig.enabled",
            "did you mean `monitoringConfig.managedPrometheusConfig.enabled`?",
        ),
    ),
    (
        f"{LIST} --format='value(nome)'",
        "1:32 " + say("warning", "cluster", "nome", f"{SEE}, or you meant `name`"),
    ),
    (f"{LIST} --format='value(status,foo)'", "1:32 " + say("warning", "cluster", "foo", SEE)),
    (
        f"{LIST} --filter='nome=x'",
        "1:32 " + say("warning", "cluster", "nome", f"{SEE}, or you meant `name`", "never set"),
    ),
    (
        "gcloud compute networks subnets list --format='value(name,ipCidr)'",
        "1:38 " + say("warning", "subnetwork", "ipCidr", f"{SEE}, or you meant `ipCidrRange`"),
    ),
    (
        "gcloud compute networks list --format='value(subnetMode)'",
        "1:30 " + say("warning", "network", "subnetMode", SEE),
    ),
    (
        f"{DESCRIBE} --format='value(MASTER_VERSION)'",  # only lists have columns
        "1:47 " + say("warning", "cluster", "MASTER_VERSION", SEE),
    ),
    (
        "gcloud services list --enabled --format='value(serviceName)'",
        "1:32 " + say("warning", "service", "serviceName", SEE),
    ),
]


@pytest.mark.parametrize(("text", "finding"), WRONG, ids=[text for text, _ in WRONG])
def test_a_key_that_is_no_field_is_found(text: str, finding: str) -> None:
    assert find(text) == [finding]


RIGHT = [
    f"{LIST} --format='value(NAME,LOCATION,MASTER_VERSION,NUM_NODES)'",
    f"{LIST} --format='table(name,master_ip,machine_type:label=M)' --filter='num_nodes>0'",
    f"{LIST} --format='value(name,resourceLabels.team,nodePools[].name)'",
    f"{LIST} --format='value(resource_labels.team,self_link)'",
    f"{LIST} --filter='resourceLabels.team=a AND -status=RUNNING'",
    f"{DESCRIBE} --format='value(status,nodeConfig.anything)'",
    f"{DESCRIBE} --format='json(name, locations)'",
    f"{DESCRIBE} --format='value(name.segment(3),firstof(a,b),status())'",
    f"{DESCRIBE} --format='default'",
    f'{DESCRIBE} --format="value($FIELD)"',
    f'{DESCRIBE} --format="value(x$FIELD)"',
    "gcloud compute networks list --format='value(x_gcloud_subnet_mode,SUBNET_MODE)'",
    "gcloud compute forwarding-rules list --format='value(IPAddress,IP_ADDRESS,TARGET)'",
    "gcloud compute disks list --format='value(LOCATION_SCOPE,size_gb)'",
    "gcloud compute addresses list --format='value(address_range())'",
    "gcloud projects list --filter='id:my-project AND lifecycleState=ACTIVE'",
    "gcloud services list --filter='NAME:compute' --format='value(config.title,TITLE)'",
    "gcloud auth list --filter=status:ACTIVE --format='value(ACCOUNT)'",
    "gcloud beta container clusters describe c --zone=z --format='value(newField)'",
    "gcloud compute instances list --format='value(nome)'",  # not in the table
]


@pytest.mark.parametrize("text", RIGHT)
def test_a_field_or_a_column_or_what_a_run_tells_is_left_alone(text: str) -> None:
    assert find(text) == []
