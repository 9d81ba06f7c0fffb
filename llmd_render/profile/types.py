"""The small constrained types of a profile, each with the words that explain it."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

_DNS_LABEL = r"^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$"
_SERVICE_NAME = r"^[a-z]([-a-z0-9]{0,36}[a-z0-9])?$"
_PROJECT = r"^[a-z][-a-z0-9]{4,28}[a-z0-9]$"
_ZONE = r"^[a-z]+(-[a-z]+)+[0-9]+-[a-z]+[0-9]*[a-z]?$"
_TOPOLOGY = r"^[1-9][0-9]{0,2}(x[1-9][0-9]{0,2}){1,2}$"
_DURATION = r"^[1-9][0-9]{0,4}[smh]$"
_QUANTITY = r"^[1-9][0-9]*(Mi|Gi|Ti)$"
_RESOURCE_NAME = r"^[a-z]([-a-z0-9]{0,61}[a-z0-9])?$"
_CLUSTER_NAME = r"^[a-z]([-a-z0-9]{0,38}[a-z0-9])?$"
_CIDR = r"^([0-9]{1,3}\.){3}[0-9]{1,3}/[0-9]{1,2}$"
_VERSION = r"^1\.[0-9]{1,2}(\.[0-9]{1,2}(-gke\.[0-9]{1,8})?)?$"
_ENV_NAME = r"^[A-Za-z_][A-Za-z0-9_]*$"
_GIT_REF = r"^[A-Za-z0-9][A-Za-z0-9._/-]{0,99}$"
_CERT_MANAGER = r"^v[1-9][0-9]?\.[0-9]{1,3}\.[0-9]{1,3}$"
_SHA256 = r"^[0-9a-f]{64}$"
_URI = r"^[a-z][a-z0-9+.-]*://[^\s{}\x00-\x1f\x7f]+$"
_IMAGE = r"^[a-z0-9][A-Za-z0-9._:/@-]*$"
_SCENARIO = r"^[1-9][0-9]{0,3}/[1-9][0-9]{0,2}$"
_RULE = r"^[a-z][a-z0-9]*(-[a-z0-9]+){2,}$"
_PLAIN = r"[^\x00-\x1f\x7f\x85\u2028\u2029]"
_ONE_LINE = rf"^{_PLAIN}*$"
_WORDS = rf"^ *[^\s\x00-\x1f\x7f]{_PLAIN}*$"
_SOME_TEXT = r"^[^\x00-\x08\x0b-\x1f\x7f]*$"

EXPLANATIONS: dict[str, str] = {
    _DNS_LABEL: "lower-case letters, digits and `-`, beginning and ending with a letter or digit, "
    "at most 63 characters",
    _SERVICE_NAME: "lower-case letters, digits and `-`, beginning with a letter, not ending with "
    "`-`, at most 38 characters (KServe hashes the names of a longer service's child objects)",
    _PROJECT: "a Google Cloud project ID: 6 to 30 lower-case letters, digits and `-`, beginning "
    "with a letter",
    _ZONE: "a Google Cloud zone such as europe-west4-a",
    _TOPOLOGY: "chips per dimension such as 2x2 or 2x2x1",
    _DURATION: "a number with s, m or h, such as 45m",
    _QUANTITY: "a size with Mi, Gi or Ti, such as 20Gi",
    _RESOURCE_NAME: "lower-case letters, digits and `-`, beginning with a letter, not ending with "
    "`-`, at most 63 characters",
    _CLUSTER_NAME: "lower-case letters, digits and `-`, beginning with a letter, not ending with "
    "`-`, at most 40 characters",
    _CIDR: "an IPv4 range such as 192.168.0.0/23",
    _VERSION: 'a quoted GKE version such as "1.34" or "1.34.1-gke.1829001"',
    _ENV_NAME: "letters, digits and `_`, not beginning with a digit",
    _GIT_REF: "a Git commit, tag or branch",
    _CERT_MANAGER: "a release of cert-manager such as v1.21.1",
    _SHA256: "a SHA-256: 64 digits and lower-case letters from a to f",
    _URI: "a URI such as hf://Qwen/Qwen2.5-3B-Instruct",
    _IMAGE: "an image reference such as registry.redhat.io/rhaiis/vllm-tpu-rhel9:3.2.5",
    _SCENARIO: "requests/clients, such as 100/20: at most 9999 and 999",
    _RULE: "the name of a rule; `llmd-render list rules` shows them",
    _ONE_LINE: "text on one line, without control characters",
    _WORDS: "text on one line that is more than spaces, without control characters",
    _SOME_TEXT: "text without control characters",
}
"""What each pattern allows, in words, for the message of a value that does not match it."""

DnsLabel = Annotated[str, Field(pattern=_DNS_LABEL)]
ServiceName = Annotated[str, Field(pattern=_SERVICE_NAME)]
ProjectId = Annotated[str, Field(pattern=_PROJECT)]
Zone = Annotated[str, Field(pattern=_ZONE)]
Topology = Annotated[str, Field(pattern=_TOPOLOGY)]
Duration = Annotated[str, Field(pattern=_DURATION)]
Quantity = Annotated[str, Field(pattern=_QUANTITY)]
ResourceName = Annotated[str, Field(pattern=_RESOURCE_NAME)]
ClusterName = Annotated[str, Field(pattern=_CLUSTER_NAME)]
Cidr = Annotated[str, Field(pattern=_CIDR)]
GkeVersion = Annotated[str, Field(pattern=_VERSION)]
EnvName = Annotated[str, Field(pattern=_ENV_NAME)]
GitRef = Annotated[str, Field(pattern=_GIT_REF)]
CertManagerVersion = Annotated[str, Field(pattern=_CERT_MANAGER)]
Sha256 = Annotated[str, Field(pattern=_SHA256)]
Uri = Annotated[str, Field(pattern=_URI, max_length=500)]
ImageRef = Annotated[str, Field(pattern=_IMAGE, max_length=500)]
Scenario = Annotated[str, Field(pattern=_SCENARIO)]
RuleName = Annotated[str, Field(pattern=_RULE)]
Text = Annotated[str, Field(pattern=_SOME_TEXT, max_length=10_000)]
Reason = Annotated[str, Field(pattern=_WORDS, max_length=500)]
ShortText = Annotated[str, Field(pattern=_ONE_LINE, min_length=1, max_length=500)]
