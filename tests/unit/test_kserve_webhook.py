"""What KServe's webhooks refuse, a broken document for each rule, and what they let pass."""

from __future__ import annotations

import os
import subprocess
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st
from support import OUT, SHIPPED, need

from llmd_render.diagnostics import Severity
from llmd_render.findings import load_findings
from llmd_render.validate.kserve import RULES, KServeRelease, check_kserve
from llmd_render.validate.kserve.go_template import TemplateProblem, parse_template

if TYPE_CHECKING:
    from llmd_render.diagnostics import DataPath, Violation

Target = tuple[str, str]
OLD, NEW, NEWER = ("0.15", "v1alpha1"), ("0.17", "v1alpha1"), ("0.17", "v1alpha2")
ALWAYS, SINCE_17 = (OLD, NEW, NEWER), (NEW, NEWER)

ROUTE: DataPath = ("spec", "router", "route")
HTTP: DataPath = (*ROUTE, "http")
SCHEDULER: DataPath = ("spec", "router", "scheduler")
LORA: DataPath = ("spec", "model", "lora")
WVA: DataPath = ("spec", "scaling", "wva")
TIER: DataPath = ("spec", "kvCacheOffloading", "secondary", 0)
DRA = "serving.kserve.io/exp-dra-"


@dataclass(frozen=True)
class Case:
    """A document that breaks one rule, for which targets, and what is said about it.

    `elsewhere` is the code of the rule that it breaks for the other targets, if any.
    """

    name: str
    spec: dict[str, Any]
    path: DataPath
    message: str
    code: str
    targets: tuple[Target, ...] = ALWAYS
    annotations: dict[str, str] = field(default_factory=dict)
    kind: str = "LLMInferenceService"
    elsewhere: str = ""


def document(
    spec: dict[str, Any], version: str, kind: str = "LLMInferenceService", **metadata: Any
) -> dict[str, Any]:
    """Make a document; a service has the model that its schema requires."""
    if kind == "LLMInferenceService":
        model = {"uri": "hf://Qwen/Qwen3-4B", **spec.get("model", {})}
        spec = {**spec, "model": model}
    return {
        "apiVersion": f"serving.kserve.io/{version}",
        "kind": kind,
        "metadata": {"name": "qwen", "namespace": "llm", **metadata},
        "spec": spec,
    }


def check(data: Any, target: Target) -> list[Violation]:
    """Check a document for a release."""
    return list(check_kserve(data, KServeRelease(target[0])))


def scaling(**changes: Any) -> dict[str, Any]:
    """Describe scaling in a right way, with changes."""
    return {"minReplicas": 2, "maxReplicas": 4, "wva": {"hpa": {}}, **changes}


def keda(**fields: Any) -> dict[str, Any]:
    """Describe scaling with KEDA."""
    return {"scaling": scaling(wva={"keda": fields})}


def adapters(*names: str | None) -> dict[str, Any]:
    """Describe a model with adapters."""
    items = [{"uri": "hf://a/b"} | ({} if name is None else {"name": name}) for name in names]
    return {"model": {"lora": {"adapters": items}}}


def tier(file_system: Any, **cache: Any) -> dict[str, Any]:
    """Describe a KV cache with one secondary tier."""
    secondary = [{"fileSystem": file_system}]
    return {"kvCacheOffloading": {"cpu": "10Gi", "secondary": secondary, **cache}}


def args(*texts: str) -> dict[str, Any]:
    """Describe a container by its arguments."""
    return {"template": {"containers": [{"name": "main", "args": list(texts)}]}}


ARGS: DataPath = ("spec", "template", "containers", 0, "args")
REFS = [{"name": "own"}]
GATEWAYS = [{"name": "gateway", "namespace": "infra"}]
PARENT = {"name": "gateway", "namespace": "infra"}
OTHER = {"name": "gateway", "namespace": "default"}

ROUTING = [
    Case(
        "a route that is referred to and described",
        {"router": {"route": {"http": {"refs": REFS, "spec": {"rules": []}}}}},
        HTTP,
        "http has refs and a spec; a route is either yours or described here",
        "kserve-route-refs-and-spec",
    ),
    Case(
        "own routes with a managed gateway",
        {"router": {"route": {"http": {"refs": REFS}}, "gateway": {}}},
        (*HTTP, "refs"),
        "refs names routes of yours, but spec.router.gateway has no refs and so means the gateway "
        "that KServe manages",
        "kserve-route-refs-with-managed-gateway",
    ),
    Case(
        "parents beside gateway refs",
        {
            "router": {
                "route": {"http": {"spec": {"parentRefs": [PARENT]}}},
                "gateway": {"refs": GATEWAYS},
            }
        },
        (*HTTP, "spec", "parentRefs"),
        "parentRefs is set beside spec.router.gateway.refs, which already names the parents",
        "kserve-route-parents-with-gateway-refs",
        (OLD, NEW),
        elsewhere="kserve-route-parents-redundant",
    ),
    Case(
        "parents of another section than the gateway refs",
        {
            "router": {
                "route": {"http": {"spec": {"parentRefs": [{**PARENT, "sectionName": "http"}]}}},
                "gateway": {"refs": GATEWAYS},
            }
        },
        (*HTTP, "spec", "parentRefs"),
        "parentRefs differs from spec.router.gateway.refs; both must have the same name, namespace "
        "and sectionName",
        "kserve-route-parents-unlike-gateway-refs",
        (NEWER,),
        elsewhere="kserve-route-parents-with-gateway-refs",
    ),
    Case(
        "parents that repeat the gateway refs in another order",
        {
            "router": {
                "route": {"http": {"spec": {"parentRefs": [OTHER, PARENT]}}},
                "gateway": {"refs": [PARENT, OTHER]},
            }
        },
        (*HTTP, "spec", "parentRefs"),
        "parentRefs repeats spec.router.gateway.refs, from which it is derived anyway",
        "kserve-route-parents-redundant",
        (NEWER,),
        elsewhere="kserve-route-parents-with-gateway-refs",
    ),
    Case(
        "a group with an ingress",
        {"router": {"route": {"group": "chat", "weight": 1}, "ingress": {}}},
        (*ROUTE, "group"),
        "traffic is split between HTTPRoutes, but spec.router.ingress asks for an Ingress",
        "kserve-traffic-with-ingress",
        SINCE_17,
    ),
    Case(
        "a weight alone with an ingress",
        {"router": {"route": {"weight": 1}, "ingress": {}}},
        (*ROUTE, "weight"),
        "traffic is split between HTTPRoutes, but spec.router.ingress asks for an Ingress",
        "kserve-traffic-with-ingress",
        SINCE_17,
    ),
    Case(
        "a weight without a group",
        {"router": {"route": {"weight": 0}}},
        (*ROUTE, "weight"),
        "weight is 0, but there is no group that it is a share of",
        "kserve-traffic-weight-without-group",
        SINCE_17,
    ),
    Case(
        "a group without a weight",
        {"router": {"route": {"group": "chat"}}},
        (*ROUTE, "group"),
        "group is 'chat', but there is no weight in it",
        "kserve-traffic-group-without-weight",
        SINCE_17,
    ),
    Case(
        "a group with own routes",
        {"router": {"route": {"group": "chat", "weight": 1, "http": {"refs": REFS}}}},
        (*ROUTE, "group"),
        "group is 'chat', but http.refs names routes that KServe does not manage",
        "kserve-traffic-with-route-refs",
        SINCE_17,
    ),
]

PARALLELISM = [
    Case(
        "a worker without parallelism",
        {"worker": {}},
        ("spec", "worker"),
        "worker is set, but spec.parallelism is not set; workers need one of them",
        "kserve-worker-without-parallelism",
    ),
    Case(
        "a worker with tensor parallelism only",
        {"worker": {}, "parallelism": {"tensor": 8}},
        ("spec", "worker"),
        "worker is set, but spec.parallelism has neither data nor pipeline; workers need one of "
        "them",
        "kserve-worker-without-parallelism",
    ),
    Case(
        "a worker of the prefill without parallelism",
        {"parallelism": {"pipeline": 2}, "prefill": {"worker": {}}},
        ("spec", "prefill", "worker"),
        "worker is set, but spec.prefill.parallelism is not set; workers need one of them",
        "kserve-worker-without-parallelism",
    ),
    Case(
        "pipeline and data parallelism",
        {"parallelism": {"pipeline": 2, "data": 4, "dataLocal": 2}},
        ("spec", "parallelism"),
        "parallelism has pipeline beside data or dataLocal; only one of the two is allowed",
        "kserve-pipeline-with-data",
    ),
    Case(
        "data without dataLocal",
        {"parallelism": {"data": 4}},
        ("spec", "parallelism", "data"),
        "data is set without dataLocal; they must be set together",
        "kserve-data-without-data-local",
    ),
    Case(
        "dataLocal without data in the prefill",
        {"prefill": {"parallelism": {"dataLocal": 4, "data": None}}},
        ("spec", "prefill", "parallelism", "dataLocal"),
        "dataLocal is set without data; they must be set together",
        "kserve-data-local-without-data",
    ),
    *(
        Case(
            f"{name} of 0",
            {"parallelism": {"pipeline": 0} if name == "pipeline" else sizes | {name: 0}},
            ("spec", "parallelism", name),
            f"{name} is 0; it must be 1 or more",
            "kserve-parallelism-not-positive",
        )
        for name in ("pipeline", "data", "dataLocal")
        for sizes in ({"data": 1, "dataLocal": 1},)
    ),
]

SCHEDULING = [
    Case(
        "no replica of a scheduler",
        {"router": {"scheduler": {"replicas": 0}}},
        (*SCHEDULER, "replicas"),
        "replicas is 0; a scheduler needs 1 or more",
        "kserve-scheduler-replicas-not-positive",
        SINCE_17,
    ),
    Case(
        "no replica of a scheduler in a config",
        {"router": {"scheduler": {"replicas": -1}}},
        (*SCHEDULER, "replicas"),
        "replicas is -1; a scheduler needs 1 or more",
        "kserve-scheduler-replicas-not-positive",
        SINCE_17,
        kind="LLMInferenceServiceConfig",
    ),
    Case(
        "a scheduler configuration nowhere",
        {"router": {"scheduler": {"config": {"inline": None}}}},
        (*SCHEDULER, "config"),
        "config has neither inline nor ref; it needs one of them",
        "kserve-scheduler-config-empty",
        SINCE_17,
    ),
    Case(
        "a scheduler configuration in two places",
        {"router": {"scheduler": {"config": {"inline": {"a": 1}, "ref": {"name": "epp"}}}}},
        (*SCHEDULER, "config"),
        "config has inline and ref; only one of them is allowed",
        "kserve-scheduler-config-inline-and-ref",
        SINCE_17,
    ),
    Case(
        "an empty scheduler configuration",
        {"router": {"scheduler": {"config": {"inline": {}}}}},
        (*SCHEDULER, "config", "inline"),
        "inline is an empty mapping; it must be an EndpointPickerConfig",
        "kserve-scheduler-config-inline-empty",
        SINCE_17,
    ),
    Case(
        "a scheduler configuration in a ConfigMap without a name",
        {"router": {"scheduler": {"config": {"ref": {"key": "epp"}}}}},
        (*SCHEDULER, "config", "ref"),
        "ref names no ConfigMap",
        "kserve-scheduler-config-ref-without-name",
        SINCE_17,
    ),
]

SCALING = [
    Case(
        "scaling beside replicas",
        {"replicas": 0, "scaling": scaling()},
        ("spec", "scaling"),
        "scaling is set beside replicas, which is 0; only one of them is allowed",
        "kserve-scaling-with-replicas",
        SINCE_17,
    ),
    Case(
        "a minimum above the maximum",
        {"prefill": {"scaling": scaling(minReplicas=5)}},
        ("spec", "prefill", "scaling", "minReplicas"),
        "minReplicas is 5; it must be at most maxReplicas, which is 4",
        "kserve-scaling-minimum-above-maximum",
        SINCE_17,
    ),
    Case(
        "scaling without a way to scale",
        {"scaling": {"maxReplicas": 2}},
        ("spec", "scaling"),
        "scaling lacks wva, which says how to scale",
        "kserve-scaling-without-wva",
        SINCE_17,
    ),
    Case(
        "two backends of scaling",
        {"scaling": scaling(wva={"hpa": {}, "keda": {}})},
        WVA,
        "wva has hpa and keda; only one of them can scale a workload",
        "kserve-scaling-hpa-and-keda",
        SINCE_17,
    ),
    Case(
        "no backend of scaling",
        {"scaling": scaling(wva={"variantCost": "10.0"})},
        WVA,
        "wva has neither hpa nor keda, so nothing would scale",
        "kserve-scaling-without-actuator",
        SINCE_17,
    ),
    *(
        Case(
            f"a cost of {cost!r}",
            {"scaling": scaling(wva={"hpa": {}, "variantCost": cost})},
            (*WVA, "variantCost"),
            f"variantCost is {cost!r}; it must be a decimal number of 0 or more",
            "kserve-scaling-variant-cost-invalid",
            SINCE_17,
        )
        for cost in ("-1", "1.", "ten", "1\n", "٣")
    ),
    Case(
        "a formula of KEDA",
        keda(advanced={"scalingModifiers": {"formula": "a + b", "target": "", "metricType": "x"}}),
        (*WVA, "keda", "advanced", "scalingModifiers"),
        "scalingModifiers sets formula, metricType; the autoscaler decides about these",
        "kserve-scaling-keda-modifiers-set",
        SINCE_17,
    ),
    Case(
        "a name for the HPA of KEDA",
        keda(advanced={"horizontalPodAutoscalerConfig": {"name": "mine"}}),
        (*WVA, "keda", "advanced", "horizontalPodAutoscalerConfig", "name"),
        "name is 'mine'; KServe names the HorizontalPodAutoscaler itself",
        "kserve-scaling-keda-hpa-named",
        SINCE_17,
    ),
    Case(
        "as many idle replicas as the minimum",
        keda(idleReplicaCount=2),
        (*WVA, "keda", "idleReplicaCount"),
        "idleReplicaCount is 2; it must be less than minReplicas, which is 2",
        "kserve-scaling-idle-not-below-minimum",
        SINCE_17,
    ),
    Case(
        "idle replicas with the default of the minimum",
        {"scaling": {"maxReplicas": 4, "wva": {"keda": {"idleReplicaCount": 1}}}},
        (*WVA, "keda", "idleReplicaCount"),
        "idleReplicaCount is 1; it must be less than minReplicas, which is 1 where it is not set",
        "kserve-scaling-idle-not-below-minimum",
        SINCE_17,
    ),
    Case(
        "different backends for decode and prefill",
        {"scaling": scaling(), "prefill": keda()},
        ("spec", "prefill", "scaling", "wva"),
        "prefill scales with keda, but spec.scaling.wva with hpa; both must use the same",
        "kserve-scaling-backends-differ",
        SINCE_17,
    ),
]

MODELS = [
    *(
        Case(
            f"a {limit} of 0",
            {"model": {"lora": {limit: 0}}},
            (*LORA, limit),
            f"{limit} is 0; it must be 1 or more",
            "kserve-lora-limit-not-positive",
            SINCE_17,
        )
        for limit in ("maxRank", "maxAdapters", "maxCpuAdapters")
    ),
    *(
        Case(
            f"an adapter named {name!r}",
            adapters("sql", name),
            (*LORA, "adapters", 1),
            "adapters[1] has no name, by which requests would ask for it",
            "kserve-lora-adapter-without-name",
            SINCE_17,
        )
        for name in (None, "")
    ),
    Case(
        "an adapter that is a parent folder",
        adapters(".."),
        (*LORA, "adapters", 0, "name"),
        "name is '..', which as the name of a folder leads out of its place",
        "kserve-lora-adapter-name-is-path",
        SINCE_17,
    ),
    Case(
        "two adapters of one name",
        adapters("sql", "chat", "sql"),
        (*LORA, "adapters", 2, "name"),
        "name is 'sql', which is the name of adapters[0], too",
        "kserve-lora-adapter-name-repeated",
        SINCE_17,
    ),
    Case(
        "an adapter of the name that the model has by default",
        adapters("qwen"),
        (*LORA, "adapters", 0, "name"),
        "name is 'qwen', which is the name of the base model",
        "kserve-lora-adapter-named-as-model",
        SINCE_17,
    ),
    Case(
        "a confidential model in an image",
        {"model": {"uri": "oci://a/b", "confidential": {"enabled": True}}},
        ("spec", "model", "confidential"),
        "confidential has no effect on a model from oci://: the container runtime decrypts images "
        "by itself",
        "kserve-confidential-without-effect",
        (NEWER,),
    ),
    Case(
        "a confidential model on a volume",
        {"model": {"uri": "pvc://a/b", "confidential": {"enabled": True}}},
        ("spec", "model", "confidential"),
        "confidential has no effect on a model from pvc://: nothing is downloaded that could be "
        "decrypted",
        "kserve-confidential-without-effect",
        (NEWER,),
    ),
    Case(
        "a key that is no resource",
        {"model": {"confidential": {"enabled": True, "resourceId": "kbs:///a/b"}}},
        ("spec", "model", "confidential", "resourceId"),
        "resourceId is 'kbs:///a/b'; it must have the form kbs:///repository/type/tag",
        "kserve-confidential-resource-id-invalid",
        (NEWER,),
    ),
    Case(
        "a model from a scheme that 0.15 does not know",
        {"model": {"uri": "gs://bucket/model"}},
        ("spec", "model", "uri"),
        "uri is 'gs://bucket/model'; the controller can get a model from hf://, oci://, pvc://, "
        "s3:// only",
        "kserve-model-uri-scheme-deferred",
        (OLD,),
    ),
    Case(
        "a gateway without a namespace",
        {"router": {"route": {}, "gateway": {"refs": [*GATEWAYS, {"name": "other"}]}}},
        ("spec", "router", "gateway", "refs", 1),
        "refs[1] has no namespace, which the controller copies into the HTTPRoute, where it must "
        "not be empty",
        "kserve-gateway-without-namespace-deferred",
        (OLD,),
    ),
]

KV_CACHE = [
    *(
        Case(
            f"tiers beside a first one of {cpu!r}",
            tier({"emptyDir": {"size": "1Gi"}}, cpu=cpu),
            ("spec", "kvCacheOffloading"),
            "kvCacheOffloading has secondary tiers, but cpu, the first tier, is 0 or not set",
            "kserve-kv-cache-without-cpu",
            (NEWER,),
        )
        for cpu in (None, 0, "0", "0.0Gi", "0e3")
    ),
    Case(
        "a tier of no kind in the prefill",
        {"prefill": {"kvCacheOffloading": {"cpu": 1, "secondary": [{}]}}},
        ("spec", "prefill", "kvCacheOffloading", "secondary", 0),
        "secondary[0] has no fileSystem, the only kind of tier that there is",
        "kserve-kv-cache-tier-without-file-system",
        (NEWER,),
    ),
    Case(
        "a tier without a volume",
        tier({}),
        (*TIER, "fileSystem"),
        "fileSystem has neither emptyDir nor pvc; it needs one of them",
        "kserve-kv-cache-tier-without-volume",
        (NEWER,),
    ),
    Case(
        "a tier with two volumes",
        tier({"emptyDir": {}, "pvc": {}}),
        (*TIER, "fileSystem"),
        "fileSystem has emptyDir and pvc; only one of them is allowed",
        "kserve-kv-cache-tier-with-two-volumes",
        (NEWER,),
    ),
    Case(
        "a claim that is neither described nor named",
        tier({"pvc": {}}),
        (*TIER, "fileSystem", "pvc"),
        "pvc has neither spec nor ref; it needs one of them",
        "kserve-kv-cache-claim-without-source",
        (NEWER,),
    ),
    Case(
        "a claim that is described and named",
        tier({"pvc": {"spec": {}, "ref": {"name": "disk"}}}),
        (*TIER, "fileSystem", "pvc"),
        "pvc has spec and ref; only one of them is allowed",
        "kserve-kv-cache-claim-with-two-sources",
        (NEWER,),
    ),
    Case(
        "a claim with an empty name",
        tier({"pvc": {"ref": {"name": ""}}}),
        (*TIER, "fileSystem", "pvc", "ref"),
        "ref names no PersistentVolumeClaim",
        "kserve-kv-cache-claim-without-name",
        (NEWER,),
    ),
]


def device_case(name: str, key: str, value: str, message: str, code: str) -> Case:
    """Describe a broken annotation of managed DRA beside a right device class."""
    annotations = {f"{DRA}device-class": "gpu.example.com", f"{DRA}{key}": value}
    path = ("metadata", "annotations", f"{DRA}{key}")
    return Case(name, {}, path, message, code, SINCE_17, annotations)


SUBDOMAIN = "it must be a DNS name of at most 253 small letters, digits, '-' and '.'"
LABEL = "it must be a DNS label of at most 63 small letters, digits and '-'"
COUNT = "it must be a whole number of 1 or more"
DEVICES = [
    Case(
        "a device count without a class",
        {},
        ("metadata", "annotations", f"{DRA}device-count"),
        f"{DRA}device-count is set without {DRA}device-class, which turns managed DRA on",
        "kserve-dra-without-device-class",
        SINCE_17,
        {f"{DRA}device-count": "2"},
    ),
    *(
        device_case(
            f"a device class of {value!r}",
            "device-class",
            value,
            f"the device class is {value!r}; {SUBDOMAIN}",
            "kserve-dra-device-class-invalid",
        )
        for value in (" ", "GPU", "a..b", "a_b")
    ),
    *(
        device_case(
            f"a device count of {value!r}",
            "device-count",
            value,
            f"the device count is {value!r}; {COUNT}",
            "kserve-dra-device-count-invalid",
        )
        for value in ("0", "-1", "1.5", "two", "9223372036854775808", "1_0")
    ),
    device_case(
        "a selector of blank lines",
        "cel-selector",
        " \n ",
        "the CEL selector is empty; it must have at least one line with a CEL expression",
        "kserve-dra-selector-empty",
    ),
    *(
        device_case(
            f"a container named {value!r}",
            "container-name",
            value,
            f"the container name is {value!r}; {LABEL}",
            "kserve-dra-container-name-invalid",
        )
        for value in ("", "Main", "a.b", "-a")
    ),
]


def config_case(name: str, text: str, problem: str, code: str) -> Case:
    """Describe a config with a broken template in an argument."""
    message = f"args[0] {problem}"
    return Case(name, args(text), (*ARGS, 0), message, code, kind="LLMInferenceServiceConfig")


PARSE = "kserve-template-unparsable"
FIELD = "kserve-template-field-unknown"
CONFIGS = [
    Case(
        "a config that is based on a config",
        {"baseRefs": [{"name": "other"}]},
        ("spec", "baseRefs"),
        "baseRefs is set; an LLMInferenceServiceConfig cannot be based on others",
        "kserve-config-base-refs",
        kind="LLMInferenceServiceConfig",
    ),
    *(
        config_case(text, text, f"is not a Go template: {problem}", PARSE)
        for text, problem in (
            ("{{ .Spec.Model.Name", "{{ is not closed by }}"),
            ("{{ }}", "an action is empty"),
            ("{{ childName .ObjectMeta.Name `-a` }}", "there is no function childName"),
            ('{{ ChildName .ObjectMeta.Name "-a" }}', "a double quote cannot stand inside {{ }}"),
            (
                "{{ ChildName .ObjectMeta.Name '-a' }}",
                "single quotes hold one character; a text needs back-quotes",
            ),
            ("{{ .Spec\n.Model }}", "a line break cannot stand right behind .Spec"),
            ("{{ .Spec & }}", "a character that JSON escapes cannot stand inside {{ }}"),
            ("{{ (.Spec }}", "a parenthesis is not closed"),
            ("{{ .Spec) }}", "`)` is not expected in an action"),
            ("{{ print | 1 }}", "`1` cannot stand behind |, only a function can"),
            ("{{/* why }}", "a comment is not closed by */"),
            ("{{/* why */ }}", "}} must follow the end of a comment at once"),
            ("{{ if }}x{{ end }}", "if is empty"),
            ("{{ if .Spec }}x{{ end if }}", "`if` is not expected in end"),
            ("{{ 8x }}", "`8x` is not a number"),
            ("{{ true.x }}", "`.x` cannot stand right behind `true`"),
            ("{{ template x }}", "template needs the name of a template"),
        )
    ),
    config_case(
        "a block without an end",
        "{{ if .Spec.Prefill }}x",
        "begins a block that no end closes",
        "kserve-template-block-unbalanced",
    ),
    config_case(
        "an end without a block",
        "x{{ end }}",
        "has an end without a block",
        "kserve-template-block-unbalanced",
    ),
    config_case(
        "a variable from nowhere",
        "{{ $size }}",
        "uses $size, which nothing declares",
        "kserve-template-variable-undefined",
    ),
    config_case(
        "a field as YAML spells it",
        "{{ .spec.model.name }}",
        "uses .spec.model.name, but the template's data has no field spec",
        FIELD,
    ),
    config_case(
        "a field behind a whole block",
        "{{ if .Spec.Prefill }}x{{ else }}y{{ end }}{{ .objectMeta.Name }}",
        "uses .objectMeta.Name, but the template's data has no field objectMeta",
        FIELD,
    ),
    config_case(
        "a field that the spec does not have",
        "{{ if $.Spec.Modell.Name }}x{{ end }}",
        "uses .Spec.Modell.Name, but .Spec has no field Modell",
        FIELD,
    ),
    config_case(
        "a field that the global configuration does not have",
        "{{ $x := .GlobalConfig.Namespace }}",
        "uses .GlobalConfig.Namespace, but .GlobalConfig has no field Namespace",
        FIELD,
    ),
    Case(
        "a function that 0.15 does not have",
        args("{{ shutdownTimeout .Spec.Template 15 }}"),
        (*ARGS, 0),
        "args[0] is not a Go template: there is no function shutdownTimeout",
        PARSE,
        (OLD,),
        kind="LLMInferenceServiceConfig",
    ),
    Case(
        "a field that 0.15 does not have",
        args("{{ .Spec.Tracing }}"),
        (*ARGS, 0),
        "args[0] uses .Spec.Tracing, but .Spec has no field Tracing",
        FIELD,
        (OLD,),
        kind="LLMInferenceServiceConfig",
    ),
    Case(
        "a broken template in an annotation of a config",
        {},
        ("metadata", "annotations", "note"),
        "note is not a Go template: there is no function x",
        PARSE,
        annotations={"note": "{{ x }}"},
        kind="LLMInferenceServiceConfig",
    ),
    Case(
        "a broken template in the name of the model",
        {"model": {"name": "{{ x }}"}},
        ("spec", "model", "name"),
        "name is not a Go template: there is no function x",
        PARSE,
        kind="LLMInferenceServiceConfig",
    ),
    Case(
        "one block too many over two arguments",
        args("{{ end }}", "{{ if .Spec.Prefill }}{{ if .Spec.Worker }}"),
        (*ARGS, 1),
        "args[1] begins a block that no end closes",
        "kserve-template-block-unbalanced",
        kind="LLMInferenceServiceConfig",
    ),
    Case(
        "a broken template as a key of a config",
        {"template": {"nodeSelector": {"{{ x }}": ""}}},
        ("spec", "template", "nodeSelector", "{{ x }}"),
        "{{ x }} is not a Go template: there is no function x",
        PARSE,
        kind="LLMInferenceServiceConfig",
    ),
    Case(
        "a chat template in the arguments of a service",
        args("--chat-template", "{{ messages[0].content }}"),
        (*ARGS, 1),
        "args[1] is not a Go template: `[` cannot stand right behind messages",
        "kserve-template-deferred",
    ),
    Case(
        "a block without an end in a service",
        args("{{ range .Spec.BaseRefs }}"),
        (*ARGS, 0),
        "args[0] begins a block that no end closes",
        "kserve-template-deferred",
    ),
]

CASES = [*ROUTING, *PARALLELISM, *SCHEDULING, *SCALING, *MODELS, *KV_CACHE, *DEVICES, *CONFIGS]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_a_document_that_breaks_one_rule_has_one_finding_where_the_rule_holds(case: Case) -> None:
    for target in ALWAYS:
        data = document(case.spec, target[1], case.kind, annotations=case.annotations)
        found = check(data, target)
        if target in case.targets:
            places = [(item.code, item.path, item.message) for item in found]
            assert places == [(case.code, case.path, case.message)], target
        else:
            assert [item.code for item in found] == [case.elsewhere] * bool(case.elsewhere), target


def test_every_code_has_a_broken_document_and_a_sentence() -> None:
    known = {code: item for code, item in load_findings().items() if code.startswith("kserve-")}
    assert {case.code for case in CASES} == set(known)
    for item in known.values():
        assert ".go" in item.mirrors


def test_only_what_the_webhook_lets_pass_is_a_warning() -> None:
    mild = set()
    for case in CASES:
        data = document(case.spec, case.targets[0][1], case.kind, annotations=case.annotations)
        found = check(data, case.targets[0])
        mild |= {item.code for item in found if item.severity is Severity.WARNING}
    assert mild == {"kserve-route-parents-redundant", "kserve-confidential-without-effect"}


def test_every_finding_tells_what_to_do() -> None:
    for case in CASES:
        for target in case.targets:
            data = document(case.spec, target[1], case.kind, annotations=case.annotations)
            assert all(item.hint and not item.hint.endswith(".") for item in check(data, target))


def test_every_rule_is_put_to_some_broken_document() -> None:
    assert len(RULES) == 18
    assert {rule.since for rule in RULES} == set(KServeRelease)


RIGHT: dict[str, dict[str, Any]] = {
    "own routes at own gateways": {
        "router": {"route": {"http": {"refs": REFS}}, "gateway": {"refs": GATEWAYS}}
    },
    "own routes without a word about the gateway": {"router": {"route": {"http": {"refs": REFS}}}},
    "a described route at the managed gateway": {
        "router": {"route": {"http": {"spec": {"parentRefs": [PARENT]}}}, "gateway": {}}
    },
    "everything managed": {"router": {"route": {}, "gateway": {}, "scheduler": {}}},
    "a gateway without a namespace and without a route": {
        "router": {"gateway": {"refs": [{"name": "gateway"}]}}
    },
    "a gateway without a namespace beside own routes": {
        "router": {
            "route": {"http": {"refs": REFS}},
            "gateway": {"refs": [{"name": "gateway"}]},
        }
    },
    "a share of the traffic": {"router": {"route": {"group": "chat", "weight": 0, "http": {}}}},
    "workers with data parallelism": {
        "worker": {},
        "parallelism": {"data": 8, "dataLocal": 4, "tensor": 1, "expert": True},
        "prefill": {"worker": {}, "parallelism": {"pipeline": 2}},
    },
    "nothing but nulls": {
        "worker": None,
        "parallelism": None,
        "prefill": None,
        "router": None,
        "scaling": None,
        "kvCacheOffloading": None,
    },
    "one scheduler with a configuration": {
        "router": {"scheduler": {"replicas": 1, "config": {"inline": {"kind": "x"}}}}
    },
    "a scheduler with a configuration elsewhere": {
        "router": {"scheduler": {"config": {"ref": {"name": "epp"}}}}
    },
    "scaling with KEDA on both sides": {
        **keda(
            idleReplicaCount=1,
            advanced={
                "scalingModifiers": {"formula": ""},
                "horizontalPodAutoscalerConfig": {"name": ""},
            },
        ),
        "prefill": keda(),
    },
    "scaling within one number": {"scaling": scaling(minReplicas=4)},
    "no idle replicas": {"scaling": {"maxReplicas": 4, "wva": {"keda": {"idleReplicaCount": 0}}}},
    "a URI, which is no template": {"model": {"uri": "hf://a/{{ x }}"}},
    "scaling with a cost": {"scaling": scaling(wva={"hpa": {}, "variantCost": "10.50"})},
    "scaling with HPA beside a fixed prefill": {"scaling": scaling(), "prefill": {"replicas": 2}},
    "adapters": {
        "model": {"name": "base", "lora": {"maxRank": 1, **adapters("a", "qwen")["model"]["lora"]}}
    },
    "a KV cache without tiers": {"kvCacheOffloading": {"secondary": []}},
    "a KV cache on a disk": tier({"pvc": {"ref": {"name": "disk"}}}, cpu="0.5Gi"),
    "a KV cache on a new disk": tier({"pvc": {"spec": {}}}, cpu="010"),
    "a confidential model": {
        "model": {"confidential": {"enabled": True, "resourceId": "kbs:///a.b/c_d/e-f"}}
    },
    "a model that is not confidential": {
        "model": {"uri": "oci://a/b", "confidential": {"enabled": False, "resourceId": "x"}}
    },
    "a literal brace": args("{{`{{`}} messages }}", "}}", "{ { x } }"),
    "templates": args(
        "{{- if and .Spec.Parallelism .spec }}x{{ else if .Spec.Foo }}y{{- else -}}z{{- end }}",
        "{{/* why */}}{{- /* not */ -}}{{ ChildName .ObjectMeta.Name `-inference-pool` }}",
        "{{ $size := or .Spec.Parallelism.DataLocal 1 }}{{ $size }}{{ $.ObjectMeta.Namespace }}",
        "{{ range $i, $item := .Spec.BaseRefs }}{{ $i }}{{ $item.Name | printf `%s` }}{{ end }}",
        "{{ with .Spec.Router }}{{ .Gateway }}{{ end }}{{ (index .Spec.BaseRefs 0).Name }}",
        "{{ printf `%d%v` 0x1f (eq .Name `a`) }}",
    ),
    "a block over two arguments": args("{{ if .Spec.Prefill }}--a", "{{ else }}--b", "{{ end }}"),
}


@pytest.mark.parametrize("target", ALWAYS)
@pytest.mark.parametrize("name", RIGHT)
def test_right_services_and_configs_have_no_findings(name: str, target: Target) -> None:
    for kind in ("LLMInferenceService", "LLMInferenceServiceConfig"):
        assert check(document(RIGHT[name], target[1], kind), target) == []


RIGHT_DEVICES: list[dict[str, str]] = [
    {},
    {"device-class": "gpu.example.com"},
    {"device-class": "a" * 253, "container-name": "a" * 63, "device-count": "9223372036854775807"},
    {"device-class": " gpu ", "device-count": "", "container-name": "main"},
    {"device-class": "gpu", "device-count": " +08 ", "cel-selector": "\na == 1\n"},
]


@pytest.mark.parametrize("annotations", RIGHT_DEVICES)
def test_right_annotations_of_managed_dra_have_no_findings(annotations: dict[str, str]) -> None:
    named = {f"{DRA}{key}": value for key, value in annotations.items()}
    for target in ALWAYS:
        assert check(document({}, target[1], annotations=named), target) == []


def test_a_generated_name_is_no_name_that_an_adapter_could_have() -> None:
    data = document(adapters("qwen"), "v1alpha2")
    data["metadata"] = {"generateName": "qwen"}

    assert check(data, NEWER) == []


def test_the_name_of_a_model_counts_before_that_of_the_service() -> None:
    spec = adapters("base", "qwen")
    spec["model"]["name"] = "base"

    found = check(document(spec, "v1alpha1"), NEW)

    assert [item.path for item in found] == [(*LORA, "adapters", 0, "name")]


def test_adapters_that_are_folders_are_not_also_repeated() -> None:
    found = check(document(adapters(".", "."), "v1alpha2"), NEWER)

    assert [item.code for item in found] == ["kserve-lora-adapter-name-is-path"] * 2


def test_base_refs_may_bring_what_a_managed_route_lacks() -> None:
    router = {"route": {}, "gateway": {"refs": [{"name": "gateway"}]}}
    spec = {"router": router, "baseRefs": [{"name": "own-routes"}]}

    assert check(document(spec, "v1alpha1"), OLD) == []


def test_every_broken_thing_of_a_document_is_found_at_once() -> None:
    spec = {"worker": {}, "parallelism": {"data": 0}, "prefill": {"parallelism": {"dataLocal": 1}}}

    assert [item.code for item in check(document(spec, "v1alpha1"), OLD)] == [
        "kserve-worker-without-parallelism",
        "kserve-data-without-data-local",
        "kserve-parallelism-not-positive",
        "kserve-data-local-without-data",
    ]


@pytest.mark.parametrize(
    "spec",
    [
        {"worker": {}, "parallelism": {"data": "4", "dataLocal": "2"}},
        {"worker": {}, "parallelism": [{"pipeline": 2}]},
        {"worker": True},
        {"parallelism": {"data": 4, "dataLocal": "2"}},
        {"router": {"route": {"http": {"refs": REFS}}, "gateway": {"refs": "gateway"}}},
        {"router": {"scheduler": {"replicas": "0", "config": {"inline": "text"}}}},
        {"scaling": {"minReplicas": "5", "maxReplicas": 4, "wva": "hpa"}},
        {"model": {"lora": {"maxRank": 2**40, "adapters": [{"name": 7}, "sql"]}}},
        {"kvCacheOffloading": {"secondary": ["disk", {"fileSystem": []}], "cpu": True}},
    ],
)
def test_a_wrong_type_is_not_a_second_finding(spec: dict[str, Any]) -> None:
    for target in ALWAYS:
        assert check(document(spec, target[1]), target) == []


def test_fields_of_a_template_are_not_judged_where_a_block_spans_texts() -> None:
    spec = args("{{ if .Spec.Prefill }}", "{{ .spec }}", "{{ end }}")

    assert check(document(spec, "v1alpha1", "LLMInferenceServiceConfig"), OLD) == []


@pytest.mark.parametrize(
    ("api_version", "kind"),
    [
        ("serving.kserve.io/v1alpha2", "LLMInferenceService"),
        ("serving.kserve.io/v1beta1", "InferenceService"),
        ("example.com/v1alpha1", "LLMInferenceService"),
        (["serving.kserve.io/v1alpha1"], "LLMInferenceService"),
        ("serving.kserve.io/v1alpha1", None),
    ],
)
def test_what_0_15_does_not_serve_is_not_judged(api_version: Any, kind: Any) -> None:
    data = document({"worker": {}}, "v1alpha1") | {"apiVersion": api_version, "kind": kind}

    assert check(data, OLD) == []


def test_releases_are_ordered_and_named_by_their_version() -> None:
    assert KServeRelease("0.15") < KServeRelease("0.17")
    assert KServeRelease("0.17") >= KServeRelease.V0_17


@pytest.mark.parametrize("release", KServeRelease)
@pytest.mark.parametrize("profile", SHIPPED)
def test_the_committed_trees_have_no_findings(profile: str, release: KServeRelease) -> None:
    services = 0
    for file in (OUT / profile).rglob("*.yaml"):
        for data in yaml.safe_load_all(file.read_text("utf-8")):
            services += isinstance(data, dict) and data.get("kind") == "LLMInferenceService"
            assert list(check_kserve(data, release)) == []
    assert services == 1


GO_TEMPLATES = (
    "{{ . }}",
    "{{- .a.b -}}",
    "{{ print `}}` | not }}",
    "{{ (print 1).a }}",
    "{{ range $i, $x := .a }}{{ break }}{{ end }}",
    "{{ if .a }}{{ else if not .b }}{{ end }}",
    "{{ define `x` }}{{ end }}{{ template `x` . }}",
    "{{/* a */}}",
    "{{ 0x1f }}{{ 1e3 }}{{ 1+2i }}{{ 'a' }}",
    "{{ $x:=1 }}{{ $x }}",
    "{{ nil.a }}",
    "{{- -}}",
    "{{ 'ab' }}",
    "{{ print | true }}",
    "{{ range $i, $x, $y := .a }}{{ end }}",
    "{{ if $i, $x := .a }}{{ end }}",
    "{{ $x=1 }}",
    "{{ () }}",
    "{{ `a``b` }}",
    "{{ end }}",
    "{{ end }}{{ if .a }}",
)


def test_templates_are_judged_as_go_judges_them(tmp_path: Path) -> None:
    kubectl = need("kubectl")
    environment = {**os.environ, "KUBECONFIG": os.devnull, "HOME": str(tmp_path)}
    command = (kubectl, "create", "namespace", "x", "--dry-run=client", "-o")
    for text in GO_TEMPLATES:
        run = subprocess.run(
            [*command, f"go-template={text}"],
            capture_output=True,
            text=True,
            check=False,
            env=environment,
        )
        assert parses(text) == ("error parsing template" not in run.stderr), (text, run.stderr)


def parses(text: str) -> bool:
    """Tell whether we think that Go can parse a text."""
    try:
        outline = parse_template(text, frozenset())
    except TemplateProblem:
        return False
    return outline.balanced and outline.variables <= outline.declared


def test_hostile_templates_end_soon() -> None:
    for text in ("{{" * 20_000, "{{" + "(" * 20_000 + "}}", "{{ `" * 9_000, "{{'" + "\\" * 20_001):
        assert parses(text) in {True, False}


KEYS = sorted(
    {step for case in CASES for step in case.path if isinstance(step, str)}
    | {"containers", "emptyDir", "hpa", "ingress", "minReplicas", "namespace", "refs", "uri"}
    | {"enabled", "maxReplicas", "replicas", "tensor", "resourceId", "cpu", "formula", "baseRefs"}
)
PIECES = ["{{", "}}", " ", ".Spec", ".x", "$x", ":=", "if", "end", "else", "(", ")", "|", "`", "'"]
TEMPLATES = st.lists(st.sampled_from(PIECES), max_size=8).map("".join)
LEAVES = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(),
    st.text(max_size=10),
    st.sampled_from(["0", ".", "kbs:///a/b/c", "oci://a"]),
    TEMPLATES,
)
NAMES = st.one_of(st.sampled_from(KEYS), st.text(max_size=5), TEMPLATES)
ANYTHING = st.recursive(
    LEAVES,
    lambda part: st.one_of(st.lists(part, max_size=4), st.dictionaries(NAMES, part, max_size=6)),
    max_leaves=40,
)


@st.composite
def objects(draw: st.DrawFn) -> Any:
    """Draw an object of ours in which nothing but its kind is as it should be."""
    kind = draw(st.sampled_from(["LLMInferenceService", "LLMInferenceServiceConfig"]))
    version = draw(st.sampled_from(["v1alpha1", "v1alpha2"]))
    spec = draw(st.dictionaries(st.sampled_from(KEYS), ANYTHING, max_size=8))
    return {
        "apiVersion": f"serving.kserve.io/{version}",
        "kind": kind,
        "metadata": draw(ANYTHING),
        "spec": spec,
    }


@given(st.one_of(ANYTHING, objects()), st.sampled_from(KServeRelease))
@settings(deadline=None, max_examples=120)
def test_no_data_makes_the_check_fail(data: Any, release: KServeRelease) -> None:
    for item in check_kserve(data, release):
        assert item.code in load_findings()


WRONG: tuple[Any, ...] = ("text", 7, [[]], {"a": 1}, [None])


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_wrong_types_anywhere_in_a_broken_document_are_left_to_the_schema(case: Case) -> None:
    for target in case.targets:
        for wrong in WRONG:
            data = document(case.spec, target[1], case.kind, annotations=case.annotations)
            for place in places_of(data["spec"]):
                assert isinstance(check(replaced(data, ("spec", *place), wrong), target), list)


def places_of(data: Any) -> list[DataPath]:
    """List the places of all values."""
    items = data.items() if isinstance(data, dict) else enumerate(data)
    found: list[DataPath] = []
    for key, value in items:
        found.append((key,))
        if isinstance(value, dict | list):
            found += [(key, *rest) for rest in places_of(value)]
    return found


def replaced(data: Any, path: DataPath, value: Any) -> Any:
    """Copy data with another value at a place."""
    if not path:
        return value
    step: Any = path[0]
    copy = dict(data) if isinstance(data, dict) else list(data)
    copy[step] = replaced(data[step], path[1:], value)
    return copy
