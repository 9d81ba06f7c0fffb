"""What each rule says about the odd cases, word for word, and where it holds its tongue."""

from __future__ import annotations

from importlib.resources import files
from typing import TYPE_CHECKING

import pytest
import yaml

from llmd_render.catalog import Catalog, load_catalog
from llmd_render.profile import Profile, load_profile
from llmd_render.rules import ProfileRule, find_rule
from llmd_render.rules.subjects.facts import flags_of, listed, vllm_version
from llmd_render.rules.subjects.image_names import split_image
from llmd_render.source import Document, SourceMap
from llmd_render.versions import is_older

if TYPE_CHECKING:
    from llmd_render.diagnostics import DataPath, Violation

MINIMAL = """
apiVersion: llmd-render/v1
name: example
project: my-project
zone: europe-west4-a
model: {uri: hf://Qwen/Qwen3-4B}
tpu: {type: v6e, topology: 2x2}
gateway: {className: gke-l7-rilb}
"""

FOUND: list[tuple[str, str, DataPath, str, str]] = [
    (
        "allowed-source-range-invalid",
        "gateway: {allowedSourceRanges: [203.0.113.0/24, 256.0.0.0/8]}",
        ("gateway", "allowedSourceRanges", 1),
        "the range 256.0.0.0/8 is no IPv4 range: four numbers up to 255 and a prefix up to /32",
        "write a range such as 203.0.113.0/24, or one address such as 203.0.113.7/32",
    ),
    (
        "benchmark-answer-exceeds-context",
        "{server: {maxModelLen: 128}}",
        ("benchmark", "outputTokens"),
        (
            "benchmark.outputTokens is 50, and with its prompt an answer of that length may "
            "exceed server.maxModelLen, which is 128"
        ),
        "set benchmark.outputTokens to 42 or less",
    ),
    (
        "capacity-reservation-missing",
        "cluster: {capacity: {kind: reservation}}",
        ("cluster", "capacity"),
        "cluster.capacity.kind is reservation, and no reservation is named",
        "set cluster.capacity.reservation to its name",
    ),
    (
        "capacity-reservation-unused",
        "cluster: {capacity: {reservation: mine}}",
        ("cluster", "capacity", "reservation"),
        (
            "the reservation mine is named, and cluster.capacity.kind is on-demand, "
            "which does not use it"
        ),
        "set cluster.capacity.kind to reservation, or remove cluster.capacity.reservation",
    ),
    (
        "cert-manager-kubernetes-unsupported",
        "{certManager: {source: upstream}, cluster: {version: '1.37.1'}}",
        ("certManager", "source"),
        "cert-manager v1.21.1 supports Kubernetes 1.33 to 1.36, and cluster.version is 1.37.1",
        "set certManager.version to a release that supports it, or change cluster.version",
    ),
    (
        "cert-manager-kubernetes-unsupported",
        "{certManager: {source: upstream, version: v1.21.1}, cluster: {version: '1.37'}}",
        ("certManager", "version"),
        "cert-manager v1.21.1 supports Kubernetes 1.33 to 1.36, and cluster.version is 1.37",
        "set certManager.version to a release that supports it, or change cluster.version",
    ),
    (
        "cert-manager-version-unused",
        "certManager: {version: v1.20.3}",
        ("certManager", "version"),
        "certManager.version is given, and certManager.source is xks, which does not use it",
        "set certManager.source to upstream, or remove certManager.version",
    ),
    (
        "compile-cache-class-not-shareable",
        "server: {compileCache: {accessMode: ReadWriteMany}}",
        ("server", "compileCache", "accessMode"),
        (
            "the compile cache is ReadWriteMany, and the disks of the StorageClass that "
            "the tree brings cannot be shared"
        ),
        (
            "set server.compileCache.storageClass to one that can, such as Filestore's, "
            "or accessMode to ReadWriteOnce"
        ),
    ),
    (
        "compile-cache-disk-unknown",
        "{tpu: {type: tpu7x, topology: 2x2x1}, server: {compileCache: {size: 20Gi}}}",
        ("server", "compileCache"),
        (
            "no source says which kind of disk machines with TPU tpu7x attach, so the "
            "tree has no StorageClass to bring"
        ),
        "set server.compileCache.storageClass to one whose disks they attach",
    ),
    (
        "compile-cache-volume-not-shared",
        "{service: {replicas: 3}, server: {compileCache: {storageClass: filestore}}}",
        ("server", "compileCache", "accessMode"),
        (
            "the compile cache is ReadWriteOnce, which one node can mount, and "
            "service.replicas is 3, each on a node of its own"
        ),
        (
            "set accessMode to ReadWriteMany with a storageClass that can do it, such as "
            "Filestore's, or leave server.compileCache out"
        ),
    ),
    (
        "cpu-pool-limits-swapped",
        "cluster: {cpuPool: {minNodes: 5}}",
        ("cluster", "cpuPool", "minNodes"),
        "cluster.cpuPool.minNodes is 5, more than maxNodes, which is 4",
        "set minNodes to 4 or less, or maxNodes to 5 or more",
    ),
    (
        "cpu-pool-zones-invalid",
        "cluster: {cpuPool: {zones: [europe-west4-b]}}",
        ("cluster", "cpuPool", "zones"),
        (
            "cluster.cpuPool.zones is given, and the cluster is zonal: all its nodes are in "
            "europe-west4-a"
        ),
        "set cluster.location to regional, or remove cluster.cpuPool.zones",
    ),
    (
        "cpu-pool-zones-invalid",
        "cluster: {location: regional, cpuPool: {zones: [europe-west4-b, europe-west1-b]}}",
        ("cluster", "cpuPool", "zones", 1),
        "the zone europe-west1-b is not in europe-west4, the region of the cluster",
        "name zones of europe-west4 only",
    ),
    (
        "existing-cluster-name-missing",
        "cluster: {existing: true}",
        ("cluster", "existing"),
        "the existing cluster has no name, so that the scripts look for llmd-example",
        "set cluster.name to what `gcloud container clusters list` shows",
    ),
    (
        "existing-cluster-setting-unused",
        "cluster: {existing: true, name: shared, cpuPool: {minNodes: 3}}",
        ("cluster", "cpuPool"),
        ("cluster.cpuPool is given, and the cluster exists already: the scripts do not change it"),
        "remove cluster.cpuPool, or set cluster.existing to false",
    ),
    (
        "gateway-backend-timeout-short",
        "gateway: {backendPolicy: false}",
        ("gateway", "backendPolicy"),
        (
            "gateway.backendPolicy is false: the load balancer then cuts off every "
            "answer that takes longer than 30 seconds"
        ),
        "set gateway.backendPolicy to true",
    ),
    (
        "gateway-class-not-managed-by-gke",
        "gateway: {className: istio}",
        ("gateway", "className"),
        (
            "the GatewayClass istio is not GKE's: the NetworkPolicies of the tree admit "
            "none of its gateway pods, and its load balancer policies do nothing"
        ),
        "use gke-l7-regional-external-managed or gke-l7-rilb",
    ),
    (
        "gateway-class-unknown-to-catalog",
        "gateway: {className: gke-l7-regional-external}",
        ("gateway", "className"),
        (
            "the tool does not know the GatewayClass gke-l7-regional-external, so "
            "nothing about it is checked"
        ),
        "did you mean `gke-l7-regional-external-managed`?",
    ),
    (
        "gateway-class-unknown-to-catalog",
        "gateway: {className: nginx}",
        ("gateway", "className"),
        "the tool does not know the GatewayClass nginx, so nothing about it is checked",
        "use gke-l7-regional-external-managed or gke-l7-rilb",
    ),
    (
        "gateway-class-unproven-with-inference-pool",
        "gateway: {className: gke-l7-rilb-mc}",
        ("gateway", "className"),
        "no source says whether the GatewayClass gke-l7-rilb-mc can route to an InferencePool",
        "use gke-l7-rilb",
    ),
    (
        "gateway-class-unproven-with-inference-pool",
        "gateway: {className: gke-l7-global-external-managed-mc}",
        ("gateway", "className"),
        (
            "no source says whether the GatewayClass gke-l7-global-external-managed-mc "
            "can route to an InferencePool"
        ),
        "use gke-l7-regional-external-managed",
    ),
    (
        "gateway-class-without-inference-pool",
        "gateway: {className: gke-l7-gxlb}",
        ("gateway", "className"),
        "the GatewayClass gke-l7-gxlb cannot route to an InferencePool",
        "use gke-l7-regional-external-managed or gke-l7-rilb",
    ),
    (
        "gateway-class-without-inference-pool",
        "gateway: {className: gke-l7-cross-regional-internal-managed-mc}",
        ("gateway", "className"),
        (
            "the GatewayClass gke-l7-cross-regional-internal-managed-mc cannot route to "
            "an InferencePool"
        ),
        "use gke-l7-regional-external-managed or gke-l7-rilb",
    ),
    (
        "gateway-health-check-missing",
        "gateway: {healthCheckPolicy: false}",
        ("gateway", "healthCheckPolicy"),
        (
            "gateway.healthCheckPolicy is false: the load balancer then probes /, which "
            "vLLM answers with 404, and it never sends a request to any model server"
        ),
        "set gateway.healthCheckPolicy to true",
    ),
    (
        "gateway-open-to-internet",
        "gateway: {className: gke-l7-regional-external-managed}",
        ("gateway", "className"),
        (
            "anybody on the internet can call a Gateway of class "
            "gke-l7-regional-external-managed and use the TPUs"
        ),
        (
            "list your clients' ranges in gateway.allowedSourceRanges, or use "
            "gke-l7-rilb, which only the VPC network reaches"
        ),
    ),
    (
        "gateway-open-to-internet",
        "gateway: {className: gke-l7-regional-external-managed, tls: {secret: s}}",
        ("gateway", "className"),
        (
            "anybody on the internet can call a Gateway of class "
            "gke-l7-regional-external-managed and use the TPUs (TLS encrypts the calls "
            "and does not limit who makes them)"
        ),
        (
            "list your clients' ranges in gateway.allowedSourceRanges, or use "
            "gke-l7-rilb, which only the VPC network reaches"
        ),
    ),
    (
        "gateway-open-to-internet",
        (
            "gateway: {className: gke-l7-regional-external-managed, allowedSourceRanges: "
            "[0.0.0.0/1, 128.0.0.0/1]}"
        ),
        ("gateway", "allowedSourceRanges"),
        (
            "anybody on the internet can call a Gateway of class "
            "gke-l7-regional-external-managed and use the TPUs"
        ),
        (
            "list your clients' ranges in gateway.allowedSourceRanges, or use "
            "gke-l7-rilb, which only the VPC network reaches"
        ),
    ),
    (
        "gateway-tls-certificate-ambiguous",
        "gateway: {tls: {}}",
        ("gateway", "tls"),
        (
            "gateway.tls names neither a secret nor a certificate; the listener takes "
            "its certificate from one source"
        ),
        "set gateway.tls.secret or gateway.tls.certificate, and only one of them",
    ),
    (
        "gateway-tls-certificate-ambiguous",
        "gateway: {tls: {secret: a, certificate: b}}",
        ("gateway", "tls"),
        (
            "gateway.tls names both a secret and a certificate; the listener takes its "
            "certificate from one source"
        ),
        "set gateway.tls.secret or gateway.tls.certificate, and only one of them",
    ),
    (
        "gateway-tls-certificate-ambiguous",
        "gateway: {className: gke-l7-global-external-managed, tls: {certificate: b}}",
        ("gateway", "tls", "certificate"),
        (
            "the GatewayClass gke-l7-global-external-managed does not read certificates "
            "of Certificate Manager, and gateway.tls.certificate names b"
        ),
        "set gateway.tls.secret instead, or use gke-l7-regional-external-managed or gke-l7-rilb",
    ),
    (
        "gateway-tls-certificate-ambiguous",
        "gateway: {className: istio, tls: {certificate: b}}",
        ("gateway", "tls", "certificate"),
        (
            "the GatewayClass istio does not read certificates of Certificate Manager, "
            "and gateway.tls.certificate names b"
        ),
        "set gateway.tls.secret instead, or use gke-l7-regional-external-managed or gke-l7-rilb",
    ),
    (
        "gke-version-unsupported",
        "cluster: {version: '1.31'}",
        ("cluster", "version"),
        "cluster.version is 1.31, and the GKE Inference Gateway needs 1.32.3 or later",
        'set cluster.version to "1.34", which means its newest build',
    ),
    (
        "gke-version-unsupported",
        "cluster: {version: '1.32.2'}",
        ("cluster", "version"),
        "cluster.version is 1.32.2, and the GKE Inference Gateway needs 1.32.3 or later",
        'set cluster.version to "1.34", which means its newest build',
    ),
    (
        "gke-version-unsupported",
        "cluster: {version: '1.30'}",
        ("cluster", "version"),
        (
            "cluster.version is 1.30, and the GKE Inference Gateway needs 1.32.3 and TPU "
            "v6e needs 1.31.2-gke.1115000 or later"
        ),
        'set cluster.version to "1.34", which means its newest build',
    ),
    (
        "gke-version-unsupported",
        "{tpu: {type: tpu7x, topology: 2x2x1}, cluster: {version: '1.34.0-gke.1626000'}}",
        ("cluster", "version"),
        "cluster.version is 1.34.0-gke.1626000, and TPU tpu7x needs 1.34.0-gke.2201000 or later",
        'set cluster.version to "1.34", which means its newest build',
    ),
    (
        "image-tag-not-pinned",
        "server: {image: localhost:5000/vllm-tpu}",
        ("server", "image"),
        "the image localhost:5000/vllm-tpu has no tag, which means latest",
        "name a version or a digest, as in image:v0.12.0 or image@sha256:…",
    ),
    (
        "image-tag-not-pinned",
        "server: {image: 'docker.io/vllm/vllm-tpu:nightly'}",
        ("server", "image"),
        "the image docker.io/vllm/vllm-tpu has the tag nightly, which moves",
        "name a version or a digest, as in image:v0.12.0 or image@sha256:…",
    ),
    (
        "inference-pool-crd-not-bundled",
        "cluster: {version: '1.33'}",
        ("cluster", "version"),
        "GKE 1.33 does not bring the InferencePool definition; GKE does from 1.34.0-gke.1626000 on",
        (
            'set cluster.version to "1.34", which means its newest build, or apply the '
            "definition yourself"
        ),
    ),
    (
        "inference-pool-crd-not-bundled",
        "cluster: {version: '1.34.0-gke.1625999'}",
        ("cluster", "version"),
        (
            "GKE 1.34.0-gke.1625999 does not bring the InferencePool definition; GKE "
            "does from 1.34.0-gke.1626000 on"
        ),
        (
            'set cluster.version to "1.34", which means its newest build, or apply the '
            "definition yourself"
        ),
    ),
    (
        "kserve-images-move",
        "kserve: {version: '0.15'}",
        ("kserve", "version"),
        (
            "KServe 0.15 names its images by tags that move, so a cluster made later may "
            "run another controller"
        ),
        "mirror the images you tested, or acknowledge this in lint.ignore",
    ),
    (
        "kserve-images-move",
        "{}",
        (),
        (
            "KServe 0.15 names its images by tags that move, so a cluster made later may "
            "run another controller"
        ),
        "mirror the images you tested, or acknowledge this in lint.ignore",
    ),
    (
        "kserve-ref-not-pinned",
        "kserve: {ref: release-v0.15}",
        ("kserve", "ref"),
        "kserve.ref is release-v0.15, which is not a full commit and may mean another one tomorrow",
        (
            "name the full commit of 40 digits, or leave it out, which means "
            "9682be26da593e5dd52555848cfc39a0b9fef9cd"
        ),
    ),
    (
        "kserve-ref-not-pinned",
        "kserve: {ref: 9682be2}",
        ("kserve", "ref"),
        "kserve.ref is 9682be2, which is not a full commit and may mean another one tomorrow",
        (
            "name the full commit of 40 digits, or leave it out, which means "
            "9682be26da593e5dd52555848cfc39a0b9fef9cd"
        ),
    ),
    (
        "kserve-version-unknown",
        "kserve: {version: '0.14'}",
        ("kserve", "version"),
        "the tool cannot render for KServe 0.14",
        'set kserve.version to "0.15"; --target kserve=VERSION judges against other releases',
    ),
    (
        "kubernetes-schemas-missing",
        "cluster: {version: '1.38'}",
        ("cluster", "version"),
        "there are no schemas of Kubernetes 1.38 to check against, only up to 1.37",
        'set cluster.version to "1.37"',
    ),
    (
        "model-context-exceeded",
        "server: {maxModelLen: 40961}",
        ("server", "maxModelLen"),
        "server.maxModelLen is 40961, and the context of Qwen/Qwen3-4B is 40960 tokens",
        "set server.maxModelLen to 40960 or less",
    ),
    (
        "model-gated-without-token",
        "model: {uri: hf://meta-llama/Llama-3.1-8B-Instruct}",
        ("model", "uri"),
        (
            "meta-llama/Llama-3.1-8B-Instruct is gated: Hugging Face gives it out only "
            "with a token, and secrets.hfToken names no Secret"
        ),
        "set secrets.hfToken to the name of a Secret, such as hf-token; the scripts create it",
    ),
    (
        "model-licence-forbids-commercial-use",
        "{model: {uri: hf://Qwen/Qwen2.5-3B-Instruct}, use: commercial}",
        ("model", "uri"),
        (
            "the licence of Qwen/Qwen2.5-3B-Instruct (Qwen Research License) forbids "
            "commercial use, and use is commercial"
        ),
        "use Qwen/Qwen2.5-1.5B-Instruct or Qwen/Qwen2.5-7B-Instruct",
    ),
    (
        "model-licence-has-conditions",
        "{model: {uri: hf://Qwen/Qwen2.5-72B-Instruct}, use: commercial}",
        ("model", "uri"),
        (
            "the licence of Qwen/Qwen2.5-72B-Instruct (Qwen License) allows commercial "
            "use under conditions"
        ),
        "read the licence, then acknowledge this in lint.ignore with the reason why it is met",
    ),
    (
        "model-licence-limits-use",
        "model: {uri: hf://Qwen/Qwen2.5-3B-Instruct}",
        ("model", "uri"),
        "the licence of Qwen/Qwen2.5-3B-Instruct (Qwen Research License) forbids commercial use",
        "keep it to evaluation, or set use to commercial to see models that are free of this",
    ),
    (
        "model-unknown-to-catalog",
        "model: {uri: hf://qwen/qwen3-4b}",
        ("model", "uri"),
        (
            "the tool does not know the model qwen/qwen3-4b: its size, context, "
            "licence and whether it needs a token are not checked"
        ),
        "did you mean `Qwen/Qwen3-4B`?",
    ),
    (
        "model-unknown-to-catalog",
        "model: {uri: hf://x/y}",
        ("model", "uri"),
        (
            "the tool does not know the model x/y: its size, context, licence and "
            "whether it needs a token are not checked"
        ),
        "read the model's page on Hugging Face",
    ),
    (
        "model-uri-scheme-unsupported",
        "model: {uri: 'gs://bucket/model'}",
        ("model", "uri"),
        "KServe 0.15 cannot download a model from gs://",
        "put the model where hf://, oci://, pvc:// or s3:// reaches it",
    ),
    (
        "model-download-exceeds-disk",
        "model: {uri: hf://Qwen/Qwen2.5-72B-Instruct}",
        ("model", "uri"),
        (
            "Qwen/Qwen2.5-72B-Instruct is 135.43 GiB to download, and of a boot disk of 100 GB, "
            "which is what GKE gives a node, 84.8 GiB can be filled before GKE evicts Pods"
        ),
        (
            "set cluster.tpuPool.bootDiskSize to 190, which leaves 26 GiB for the image of vLLM "
            "and logs, or serve the model from a volume with pvc://"
        ),
    ),
    (
        "model-download-exceeds-disk",
        ("{model: {uri: hf://Qwen/Qwen2.5-72B-Instruct}, cluster: {tpuPool: {bootDiskSize: 159}}}"),
        ("cluster", "tpuPool", "bootDiskSize"),
        (
            "Qwen/Qwen2.5-72B-Instruct is 135.43 GiB to download, and of a boot disk of 159 GB "
            "134.8 GiB can be filled before GKE evicts Pods"
        ),
        (
            "set cluster.tpuPool.bootDiskSize to 190, which leaves 26 GiB for the image of vLLM "
            "and logs, or serve the model from a volume with pvc://"
        ),
    ),
    (
        "model-weights-exceed-memory",
        "model: {uri: hf://Qwen/Qwen2.5-72B-Instruct}",
        ("model", "uri"),
        (
            "the weights of Qwen/Qwen2.5-72B-Instruct take 135.43 GiB, and the memory of "
            "4 devices of v6e is 125 GiB"
        ),
        "use the topology 2x4 on ct6e-standard-8t",
    ),
    (
        "model-weights-exceed-memory",
        "{model: {uri: hf://Qwen/Qwen3-32B}, tpu: {topology: 1x1}}",
        ("model", "uri"),
        (
            "the weights of Qwen/Qwen3-32B take 61.09 GiB, and the memory of one device "
            "of v6e is 31 GiB"
        ),
        "use the topology 2x2 on ct6e-standard-4t or 2x4 on ct6e-standard-8t",
    ),
    (
        "model-weights-exceed-memory",
        "{model: {uri: hf://Qwen/Qwen3-32B}, server: {tensorParallel: 1}}",
        ("model", "uri"),
        (
            "the weights of Qwen/Qwen3-32B take 61.09 GiB, and the memory of one device "
            "of v6e is 31 GiB"
        ),
        "set server.tensorParallel to 4",
    ),
    (
        "model-weights-exceed-memory",
        (
            "{model: {uri: hf://Qwen/Qwen2.5-72B-Instruct}, tpu: {type: v5e, topology: "
            "2x4, machineType: ct5lp-hightpu-8t}}"
        ),
        ("model", "uri"),
        (
            "the weights of Qwen/Qwen2.5-72B-Instruct take 135.43 GiB, and the memory of "
            "8 devices of v5e is 126 GiB"
        ),
        "use a smaller model",
    ),
    (
        "network-policies-switched-off",
        "networkPolicies: {enabled: false}",
        ("networkPolicies", "enabled"),
        (
            "networkPolicies.enabled is false: every pod of the cluster can call vLLM, "
            "which asks for no password"
        ),
        "set networkPolicies.enabled to true",
    ),
    (
        "node-pool-too-small",
        "{service: {replicas: 3}, cluster: {tpuPool: {maxNodes: 2}}}",
        ("cluster", "tpuPool", "maxNodes"),
        (
            "cluster.tpuPool.maxNodes is 2, and service.replicas is 3, each of which "
            "takes a whole node"
        ),
        "set cluster.tpuPool.maxNodes to 3 or more, or leave it out",
    ),
    (
        "proxy-only-subnet-range-invalid",
        "gateway: {proxyOnlySubnet: {range: 300.0.0.0/23}}",
        ("gateway", "proxyOnlySubnet", "range"),
        (
            "the range 300.0.0.0/23 of the proxy-only subnet is no IPv4 range: four "
            "numbers up to 255 and a prefix up to /32"
        ),
        "use a free range such as 192.168.0.0/23",
    ),
    (
        "proxy-only-subnet-range-invalid",
        "gateway: {proxyOnlySubnet: {range: 192.168.1.0/23}}",
        ("gateway", "proxyOnlySubnet", "range"),
        "the range 192.168.1.0/23 of the proxy-only subnet does not begin where a /23 begins",
        "use 192.168.0.0/23",
    ),
    (
        "proxy-only-subnet-range-invalid",
        "gateway: {proxyOnlySubnet: {range: 192.168.0.64/27}}",
        ("gateway", "proxyOnlySubnet", "range"),
        (
            "the range 192.168.0.64/27 of the proxy-only subnet is too small; Google "
            "Cloud wants /26 or larger"
        ),
        "use 192.168.0.64/26, or better a /23",
    ),
    (
        "proxy-only-subnet-range-invalid",
        "gateway: {proxyOnlySubnet: {range: 100.64.0.0/23}}",
        ("gateway", "proxyOnlySubnet", "range"),
        (
            "the range 100.64.0.0/23 of the proxy-only subnet is not private; it must "
            "lie in 10.0.0.0/8, 172.16.0.0/12 or 192.168.0.0/16"
        ),
        "use a free range such as 192.168.0.0/23",
    ),
    (
        "proxy-only-subnet-range-invalid",
        "gateway: {proxyOnlySubnet: {range: 10.129.0.0/23}}",
        ("gateway", "proxyOnlySubnet", "range"),
        (
            "the range 10.129.0.0/23 of the proxy-only subnet overlaps 10.128.0.0/9, "
            "which the network default uses for its subnets"
        ),
        "use a free range such as 192.168.0.0/23",
    ),
    (
        "proxy-only-subnet-range-invalid",
        "gateway: {className: nginx, proxyOnlySubnet: {range: 10.0.0.0/8}}",
        ("gateway", "proxyOnlySubnet", "range"),
        (
            "the range 10.0.0.0/8 of the proxy-only subnet overlaps 10.128.0.0/9, which "
            "the network default uses for its subnets"
        ),
        "use a free range such as 192.168.0.0/23",
    ),
    (
        "proxy-only-subnet-unmanaged",
        "gateway: {proxyOnlySubnet: {manage: false}}",
        ("gateway", "proxyOnlySubnet", "manage"),
        (
            "the scripts do not create the proxy-only subnet, and gke-l7-rilb gets no "
            "address without an active one in the network default"
        ),
        (
            "make sure that one with the range 192.168.0.0/23 exists, or set "
            "gateway.proxyOnlySubnet.manage to true"
        ),
    ),
    (
        "route-timeouts-refused-by-gke",
        "{routing: managed, managedRoute: preset}",
        ("managedRoute",),
        (
            "the preset of KServe writes time-outs into the HTTPRoute, and gke-l7-rilb "
            "refuses a route that has any"
        ),
        "set managedRoute to shadow, or routing to declared",
    ),
    (
        "secret-value-in-profile",
        "server: {env: {HF_TOKEN: not-a-token}}",
        ("server", "env", "HF_TOKEN"),
        "server.env holds the value of HF_TOKEN, which would be rendered in clear text",
        "remove it; a Hugging Face token goes into a Secret that secrets.hfToken names",
    ),
    (
        "secret-value-in-profile",
        "server: {args: [--api-key, not-a-key]}",
        ("server", "args", 0),
        "server.args holds the value of --api-key, which would be rendered in clear text",
        "remove it; a Hugging Face token goes into a Secret that secrets.hfToken names",
    ),
    (
        "served-model-name-is-path",
        "service: {servedModelName: /mnt/models}",
        ("service", "servedModelName"),
        "clients have to send the path /mnt/models as the name of the model",
        "leave service.servedModelName out: the name is then Qwen/Qwen3-4B",
    ),
    (
        "service-namespace-not-its-own",
        "service: {namespace: opendatahub}",
        ("service", "namespace"),
        (
            "the namespace opendatahub is that of KServe's controller, which the service's "
            "NetworkPolicies would cut off"
        ),
        "use a namespace of its own, such as llm-d-inference-scheduling",
    ),
    (
        "startup-budget-too-short",
        "{model: {uri: hf://Qwen/Qwen2.5-72B-Instruct}, server: {startupBudget: 20m}}",
        ("server", "startupBudget"),
        (
            "server.startupBudget is 20m; 135.43 GiB of Qwen/Qwen2.5-72B-Instruct take about "
            "14 minutes to download at 0.165 GiB a second, and vLLM about 10 minutes to start, as "
            "measured elsewhere"
        ),
        "set server.startupBudget to 25m or more",
    ),
    (
        "tensor-parallel-exceeds-slice",
        "server: {tensorParallel: 8}",
        ("server", "tensorParallel"),
        (
            "server.tensorParallel is 8, and the slice 2x2 of v6e has 4 devices; it must "
            "be 1, 2 or 4"
        ),
        "set server.tensorParallel to 4, or leave it out",
    ),
    (
        "tensor-parallel-exceeds-slice",
        "server: {tensorParallel: 3}",
        ("server", "tensorParallel"),
        (
            "server.tensorParallel is 3, and the slice 2x2 of v6e has 4 devices; it must "
            "be 1, 2 or 4"
        ),
        "set server.tensorParallel to 4, or leave it out",
    ),
    (
        "tensor-parallel-exceeds-slice",
        "server: {tensorParallel: 2, args: [--max-num-seqs=8, -pp, '4']}",
        ("server", "args", 1),
        (
            "-pp is 4 and server.tensorParallel 2, which takes 8 devices together, and the slice "
            "2x2 of v6e has 4"
        ),
        "remove -pp",
    ),
    (
        "tensor-parallel-exceeds-slice",
        "{tpu: {topology: 1x1}, server: {tensorParallel: 4}}",
        ("server", "tensorParallel"),
        ("server.tensorParallel is 4, and the slice 1x1 of v6e has 1 device; it must be 1"),
        "set server.tensorParallel to 1, or leave it out",
    ),
    (
        "tensor-parallel-leaves-chips-idle",
        "server: {tensorParallel: 1}",
        ("server", "tensorParallel"),
        (
            "server.tensorParallel is 1: 3 of the 4 devices of the slice 2x2 are paid "
            "for and do nothing"
        ),
        "set server.tensorParallel to 4, or use the topology 1x1",
    ),
    (
        "tensor-parallel-leaves-chips-idle",
        "server: {tensorParallel: 2}",
        ("server", "tensorParallel"),
        (
            "server.tensorParallel is 2: 2 of the 4 devices of the slice 2x2 are paid "
            "for and do nothing"
        ),
        "set server.tensorParallel to 4",
    ),
    (
        "tensor-parallel-splits-no-heads",
        "model: {uri: hf://microsoft/phi-4}",
        ("tpu", "topology"),
        (
            "microsoft/phi-4 has 40 attention heads and 10 key-value heads, which cannot "
            "be split over 4 devices"
        ),
        "set server.tensorParallel to 1 or 2",
    ),
    (
        "tensor-parallel-splits-no-heads",
        "{model: {uri: hf://microsoft/phi-4}, server: {tensorParallel: 4}}",
        ("server", "tensorParallel"),
        (
            "microsoft/phi-4 has 40 attention heads and 10 key-value heads, which cannot "
            "be split over 4 devices"
        ),
        "set server.tensorParallel to 1 or 2",
    ),
    (
        "tpu-dtype-not-bfloat16",
        "server: {dtype: float32}",
        ("server", "dtype"),
        "server.dtype is float32, which vLLM on a TPU turns into bfloat16 without saying so",
        "set server.dtype to bfloat16",
    ),
    (
        "tpu-machine-type-ambiguous",
        "tpu: {topology: 2x4}",
        ("tpu", "topology"),
        (
            "the topology 2x4 is formed by ct6e-standard-8t (1 host) and "
            "ct6e-standard-4t (2 hosts), and tpu.machineType names neither"
        ),
        "set tpu.machineType to ct6e-standard-8t",
    ),
    (
        "tpu-machine-type-unknown",
        "tpu: {machineType: ct6e-standard-16t}",
        ("tpu", "machineType"),
        "GKE has no machine type ct6e-standard-16t, though write-ups mention it",
        "use ct6e-standard-4t for the topology 2x2",
    ),
    (
        "tpu-machine-type-unknown",
        "tpu: {machineType: ct5p-hightpu-4t}",
        ("tpu", "machineType"),
        "the machine type ct5p-hightpu-4t has v5p chips, and tpu.type is v6e",
        "use ct6e-standard-4t for the topology 2x2",
    ),
    (
        "tpu-machine-type-unknown",
        "tpu: {type: v5p, topology: 2x2x1, machineType: ct5p-hightpu-2t}",
        ("tpu", "machineType"),
        "no source confirms that GKE has the machine type ct5p-hightpu-2t",
        "use ct5p-hightpu-4t for the topology 2x2x1",
    ),
    (
        "tpu-machine-type-unknown",
        "tpu: {topology: 3x3, machineType: ct6e-standart-4t}",
        ("tpu", "machineType"),
        "the tool does not know the machine type ct6e-standart-4t",
        "did you mean `ct6e-standard-4t`?",
    ),
    (
        "tpu-machine-type-unknown",
        "tpu: {topology: 3x3, machineType: n1-standard-4}",
        ("tpu", "machineType"),
        "the tool does not know the machine type n1-standard-4",
        "did you mean `ct6e-standard-4t`?",
    ),
    (
        "tpu-slice-spans-hosts",
        "tpu: {topology: 4x4}",
        ("tpu", "topology"),
        (
            "the topology 4x4 takes 4 hosts of ct6e-standard-4t, and KServe has no preset that "
            "makes one model server of several hosts"
        ),
        "use 2x4 on ct6e-standard-8t, 2x2 on ct6e-standard-4t or 1x1 on ct6e-standard-1t",
    ),
    (
        "tpu-slice-spans-hosts",
        "tpu: {topology: 2x4, machineType: ct6e-standard-4t}",
        ("tpu", "machineType"),
        (
            "the topology 2x4 takes 2 hosts of ct6e-standard-4t, and KServe has no preset that "
            "makes one model server of several hosts"
        ),
        "set tpu.machineType to ct6e-standard-8t",
    ),
    (
        "tpu-slice-spans-hosts",
        "tpu: {type: v5p, topology: 2x2x2}",
        ("tpu", "topology"),
        (
            "the topology 2x2x2 takes 2 hosts of ct5p-hightpu-4t, and KServe has no preset that "
            "makes one model server of several hosts"
        ),
        "use 2x2x1 on ct5p-hightpu-4t",
    ),
    (
        "tpu-topology-not-formable",
        "tpu: {topology: 3x3}",
        ("tpu", "topology"),
        (
            "no machine type of v6e forms the topology 3x3; there are 1x1, 2x2, 2x4, "
            "4x4, 4x8, 8x8, 8x16 and 16x16"
        ),
        "use 2x4 on ct6e-standard-8t, the nearest slice of one host",
    ),
    (
        "tpu-topology-not-formable",
        "tpu: {topology: 2x2x1}",
        ("tpu", "topology"),
        (
            "the topology 2x2x1 has 3 dimensions and v6e has 2; there are 1x1, 2x2, 2x4, "
            "4x4, 4x8, 8x8, 8x16 and 16x16"
        ),
        "use 2x2",
    ),
    (
        "tpu-topology-not-formable",
        "tpu: {topology: 4x2}",
        ("tpu", "topology"),
        (
            "no machine type of v6e forms the topology 4x2; there are 1x1, 2x2, 2x4, "
            "4x4, 4x8, 8x8, 8x16 and 16x16"
        ),
        "use 2x4",
    ),
    (
        "tpu-topology-not-formable",
        "tpu: {type: v5p, topology: 2x2}",
        ("tpu", "topology"),
        (
            "the topology 2x2 has 2 dimensions and v5p has 3; there are 2x2x1, 2x2x2, "
            "2x2x4, 2x4x4, 4x4x4, 4x4x8, 4x8x8, 8x8x8, 8x8x16 and 8x16x16"
        ),
        "use 2x2x1",
    ),
    (
        "tpu-topology-not-formable",
        "tpu: {topology: 1x1, machineType: ct6e-standard-4t}",
        ("tpu", "machineType"),
        (
            "the machine type ct6e-standard-4t forms 2x2, 2x4, 4x4, 4x8, 8x8, 8x16 and "
            "16x16, and tpu.topology is 1x1"
        ),
        "set tpu.machineType to ct6e-standard-1t",
    ),
    (
        "tpu-topology-not-formable",
        "tpu: {type: v5e, topology: 1x1, machineType: ct5l-hightpu-1t}",
        ("tpu", "machineType"),
        (
            "the machine type ct5l-hightpu-1t forms no topology that the tool knows, "
            "and tpu.topology is 1x1"
        ),
        "set tpu.machineType to ct5lp-hightpu-1t",
    ),
    (
        "tpu-zone-unknown-to-catalog",
        "zone: us-east5-c",
        ("zone",),
        "no source says whether the zone us-east5-c has TPU v6e on GKE",
        (
            "use us-east5-a, us-east5-b, europe-west4-a, us-east1-d, asia-northeast1-b, "
            "southamerica-west1-a, us-south1-ai1b or us-central1-b"
        ),
    ),
    (
        "tpu-zone-unknown-to-catalog",
        "zone: us-central1-ai1",
        ("zone",),
        "no source says whether the zone us-central1-ai1 has TPU v6e on GKE",
        (
            "use europe-west4-a, us-east5-a, us-east5-b, us-east1-d, asia-northeast1-b, "
            "southamerica-west1-a, us-south1-ai1b or us-central1-b"
        ),
    ),
    (
        "tpu-zone-without-accelerator",
        "zone: us-central1-a",
        ("zone",),
        "the zone us-central1-a has no TPU v6e on GKE",
        (
            "use europe-west4-a, us-east5-a, us-east5-b, us-east1-d, asia-northeast1-b, "
            "southamerica-west1-a, us-south1-ai1b or us-central1-b"
        ),
    ),
    (
        "vllm-flag-likely-unknown",
        "server: {image: 'quay.io/mine/vllm:1', args: [--max-num-seqs=8, --tool-cal-parser=a]}",
        ("server", "args", 1),
        "no vLLM from 0.9.2 to 0.33.0 has a flag --tool-cal-parser",
        "did you mean `--tool-call-parser`?",
    ),
    (
        "vllm-flag-likely-unknown",
        "server: {args: [--max_num_queued_reqs, '8']}",
        ("server", "args", 0),
        (
            "vLLM 0.11.2, in the image, has no flag --max-num-queued-reqs, which came later: "
            "0.32.0 has it"
        ),
        "remove it, or use an image with vLLM 0.32.0 or newer",
    ),
    (
        "vllm-flag-unknown-to-image",
        "server: {args: [--max-num-seqs=8, --tool-cal-parser, a]}",
        ("server", "args", 1),
        "no vLLM from 0.9.2 to 0.33.0 has a flag --tool-cal-parser",
        "did you mean `--tool-call-parser`?",
    ),
    (
        "vllm-flag-value-invalid",
        "server: {args: [--max-num-seqs, --enforce-eager]}",
        ("server", "args", 0),
        "--max-num-seqs has no value: the next word is --enforce-eager",
        "write --max-num-seqs=8, or remove it",
    ),
    (
        "vllm-flag-value-invalid",
        "server: {args: ['--max-num-seqs 64']}",
        ("server", "args", 0),
        "vLLM does not find the flag --max-num-seqs in `--max-num-seqs 64`, which is one word",
        "write --max-num-seqs=64",
    ),
    (
        "vllm-flag-value-likely-invalid",
        "server: {image: 'quay.io/mine/vllm:1', args: [--scheduling-policy, lifo]}",
        ("server", "args", 0),
        "lifo is none of the values of --scheduling-policy",
        "use one of fcfs, priority",
    ),
    (
        "vllm-flag-refused-on-tpu",
        'server: {args: [--speculative-config, \'{"method": "ngram"}\']}',
        ("server", "args", 0),
        "vLLM 0.11.2, in the image, refuses --speculative-config on TPUs",
        "remove it",
    ),
    (
        "vllm-flag-unknown-to-image",
        (
            "server: {image: 'quay.io/mine/vllm:1', "
            "args: [--max-num-seqs, '64', --prefix_cache_block_size, '16']}"
        ),
        ("server", "args", 2),
        "no vLLM from 0.9.2 to 0.33.0 has a flag --prefix-cache-block-size",
        "use --block-size",
    ),
    (
        "vllm-flag-removed-upstream",
        "server: {args: [--disable-log-requests]}",
        ("server", "args", 0),
        (
            "vLLM 0.11.2, in the image, calls the flag --disable-log-requests deprecated, "
            "and 0.18.0 does not have it"
        ),
        "use --no-enable-log-requests",
    ),
    (
        "vllm-flag-removed-from-image",
        (
            "server: {image: 'registry.redhat.io/rhaii/vllm-tpu-rhel9:3.4', args: "
            "[--disable-log-requests]}"
        ),
        ("server", "args", 0),
        (
            "vLLM 0.18.0, in the image, no longer has the flag --disable-log-requests, "
            "which 0.13.3 had"
        ),
        "use --no-enable-log-requests",
    ),
    (
        "vllm-flag-removed-upstream",
        (
            "server: {image: 'docker.io/vllm/vllm-tpu:v0.11.1@sha256:0', args: "
            "[--disable-log-requests]}"
        ),
        ("server", "args", 0),
        (
            "vLLM 0.11.1, in the image, calls the flag --disable-log-requests deprecated, "
            "and 0.18.0 does not have it"
        ),
        "use --no-enable-log-requests",
    ),
    (
        "vllm-flag-removed-upstream",
        "server: {image: 'quay.io/mine/vllm:1', args: [--disable-log-requests]}",
        ("server", "args", 0),
        (
            "vLLM 0.18.0 has no flag --disable-log-requests, and which vLLM is in "
            "quay.io/mine/vllm:1 is not known"
        ),
        "use --no-enable-log-requests",
    ),
    (
        "vllm-flag-set-twice",
        "server: {args: [-tp, '4']}",
        ("server", "args", 0),
        "server.args sets -tp, which the tool writes from server.tensorParallel",
        "remove it and set server.tensorParallel instead",
    ),
    (
        "vllm-flag-set-twice",
        "server: {args: ['--max_model_len 4096']}",
        ("server", "args", 0),
        "server.args sets --max-model-len, which the tool writes from server.maxModelLen",
        "remove it and set server.maxModelLen instead",
    ),
    (
        "vllm-flag-set-twice",
        "server: {args: [--port=80]}",
        ("server", "args", 0),
        "server.args sets --port, and probes, NetworkPolicies and the InferencePool use 8000",
        "remove it",
    ),
    (
        "vllm-flag-set-twice",
        "server: {prefixCaching: true, args: [--no-enable-prefix-caching]}",
        ("server", "args", 0),
        "server.args sets --no-enable-prefix-caching, and server.prefixCaching is true",
        "remove it, or set server.prefixCaching to false",
    ),
    (
        "vllm-flag-value-unsupported-on-tpu",
        "server: {args: [--quantization, gptq]}",
        ("server", "args", 0),
        "the value gptq of --quantization is none that vLLM supports on TPUs",
        (
            "use compressed-tensors, auto_awq, fp8, gpt_oss_mxfp4, modelopt_fp4, "
            "deepseek_v4_fp8 or tpu_int8"
        ),
    ),
    (
        "vllm-flag-value-unsupported-on-tpu",
        'server: {args: [\'--kv-transfer-config={"kv_connector":"NixlConnector"}\']}',
        ("server", "args", 0),
        (
            'the value {"kv_connector":"NixlConnector"} of --kv-transfer-config is none '
            "that vLLM supports on TPUs"
        ),
        "use TPUConnector, TPUConnectorHMA, TPUOffloadConnector or RaidenOffloadConnector",
    ),
    (
        "vllm-serves-tls-behind-gateway",
        "server: {args: [--ssl-certfile=/c]}",
        ("server", "args", 0),
        (
            "--ssl-certfile makes vLLM serve HTTPS, and GKE's load balancer speaks plain "
            "HTTP to an InferencePool"
        ),
        "remove it; for HTTPS to clients set gateway.tls",
    ),
    (
        "vllm-variable-set-twice",
        "server: {env: {PJRT_DEVICE: TPU}}",
        ("server", "env", "PJRT_DEVICE"),
        "server.env sets PJRT_DEVICE, which the tool works out from tpu.type",
        "remove it",
    ),
    (
        "vllm-variable-set-twice",
        "server: {compileCache: {size: 5Gi}, env: {JAX_COMPILATION_CACHE_DIR: /c}}",
        ("server", "env", "JAX_COMPILATION_CACHE_DIR"),
        (
            "server.env sets JAX_COMPILATION_CACHE_DIR, which the tool works out from "
            "server.compileCache"
        ),
        "remove it",
    ),
    (
        "tpu-machine-type-unknown",
        "tpu: {type: v5e, topology: 3x3, machineType: ct5l-hightpu-2t}",
        ("tpu", "machineType"),
        "the tool does not know the machine type ct5l-hightpu-2t",
        "did you mean `ct5lp-hightpu-8t`?",
    ),
    (
        "tpu-machine-type-unknown",
        "tpu: {topology: 3x3, machineType: zz}",
        ("tpu", "machineType"),
        "the tool does not know the machine type zz",
        "use ct6e-standard-1t, ct6e-standard-4t or ct6e-standard-8t",
    ),
    (
        "vllm-flag-removed-upstream",
        "server: {image: 'vllm/vllm-tpu:v0.11', args: [--disable-log-requests]}",
        ("server", "args", 0),
        (
            "vLLM 0.11, in the image, calls the flag --disable-log-requests deprecated, and "
            "0.18.0 does not have it"
        ),
        "use --no-enable-log-requests",
    ),
]

SILENT: list[tuple[str, str]] = [
    (
        "allowed-source-range-invalid",
        "gateway: {allowedSourceRanges: [203.0.113.7/24, 0.0.0.0/0]}",
    ),
    (
        "benchmark-answer-exceeds-context",
        "{server: {maxModelLen: 150}}",
    ),
    (
        "benchmark-answer-exceeds-context",
        "{server: {maxModelLen: 128}, benchmark: {outputTokens: 42}}",
    ),
    (
        "capacity-reservation-missing",
        "cluster: {capacity: {kind: reservation, reservation: mine}}",
    ),
    (
        "capacity-reservation-unused",
        "cluster: {capacity: {kind: reservation, reservation: mine}}",
    ),
    (
        "cert-manager-kubernetes-unsupported",
        "{certManager: {source: upstream}, cluster: {version: '1.36'}}",
    ),
    (
        "cert-manager-kubernetes-unsupported",
        "{certManager: {source: upstream, version: v1.22.0}, cluster: {version: '1.37'}}",
    ),
    (
        "cert-manager-kubernetes-unsupported",
        "cluster: {version: '1.37'}",
    ),
    (
        "cert-manager-version-unused",
        "certManager: {source: upstream, version: v1.20.3}",
    ),
    (
        "compile-cache-class-not-shareable",
        "server: {compileCache: {accessMode: ReadWriteOnce}}",
    ),
    (
        "compile-cache-disk-unknown",
        (
            "{tpu: {type: tpu7x, topology: 2x2x1}, server: {compileCache: {accessMode: "
            "ReadWriteMany}}}"
        ),
    ),
    (
        "compile-cache-disk-unknown",
        "{tpu: {type: tpu7x, topology: 2x2x1}}",
    ),
    (
        "compile-cache-disk-unknown",
        "server: {compileCache: {size: 5Gi}}",
    ),
    (
        "compile-cache-volume-not-shared",
        "service: {replicas: 2}",
    ),
    (
        "compile-cache-volume-not-shared",
        "server: {compileCache: {size: 5Gi}}",
    ),
    (
        "cpu-pool-limits-swapped",
        "cluster: {cpuPool: {minNodes: 4}}",
    ),
    (
        "cpu-pool-zones-invalid",
        "cluster: {location: regional, cpuPool: {zones: [europe-west4-a, europe-west4-b]}}",
    ),
    (
        "existing-cluster-name-missing",
        "cluster: {name: mine}",
    ),
    (
        "existing-cluster-setting-unused",
        "cluster: {cpuPool: {minNodes: 3}, releaseChannel: rapid}",
    ),
    (
        "gateway-backend-timeout-short",
        "gateway: {className: istio, backendPolicy: false}",
    ),
    (
        "gateway-backend-timeout-short",
        "gateway: {className: nginx, backendPolicy: false}",
    ),
    (
        "gateway-class-not-managed-by-gke",
        "gateway: {className: nginx}",
    ),
    (
        "gateway-class-unproven-with-inference-pool",
        "gateway: {className: nginx}",
    ),
    (
        "gateway-class-without-inference-pool",
        "gateway: {className: nginx}",
    ),
    (
        "gateway-class-without-inference-pool",
        "gateway: {className: gke-l7-rilb-mc}",
    ),
    (
        "gateway-health-check-missing",
        "gateway: {className: istio, healthCheckPolicy: false}",
    ),
    (
        "gateway-health-check-missing",
        "gateway: {className: nginx, healthCheckPolicy: false}",
    ),
    (
        "gateway-open-to-internet",
        "gateway: {className: nginx}",
    ),
    (
        "gateway-open-to-internet",
        "gateway: {className: istio}",
    ),
    (
        "gateway-open-to-internet",
        "gateway: {className: gke-l7-gxlb, allowedSourceRanges: [0.0.0.0/1]}",
    ),
    (
        "gateway-open-to-internet",
        "gateway: {className: gke-l7-gxlb, allowedSourceRanges: [0.0.0.0/0, 0.0.0.0/33]}",
    ),
    (
        "gateway-tls-certificate-ambiguous",
        "gateway: {tls: {certificate: a}}",
    ),
    (
        "gateway-tls-certificate-ambiguous",
        "gateway: {className: nginx, tls: {certificate: a}}",
    ),
    (
        "gateway-tls-certificate-ambiguous",
        "gateway: {className: gke-l7-rilb-mc, tls: {certificate: a}}",
    ),
    (
        "gateway-tls-certificate-ambiguous",
        "gateway: {className: gke-l7-gxlb, tls: {secret: a}}",
    ),
    (
        "gke-version-unsupported",
        "cluster: {version: '1.32'}",
    ),
    (
        "gke-version-unsupported",
        "cluster: {version: '1.32.3'}",
    ),
    (
        "gke-version-unsupported",
        "{tpu: {type: tpu7x, topology: 2x2x1}, cluster: {version: '1.34.0'}}",
    ),
    (
        "image-tag-not-pinned",
        "server: {image: 'docker.io/vllm/vllm-tpu@sha256:0'}",
    ),
    (
        "image-tag-not-pinned",
        "server: {image: 'docker.io/vllm/vllm-tpu:nightly-20260801'}",
    ),
    (
        "image-tag-not-pinned",
        "server: {image: 'localhost:5000/vllm-tpu:1'}",
    ),
    (
        "inference-pool-crd-not-bundled",
        "cluster: {version: '1.34.0'}",
    ),
    (
        "inference-pool-crd-not-bundled",
        "cluster: {version: '1.34.0-gke.1626000'}",
    ),
    (
        "inference-pool-crd-not-bundled",
        "cluster: {version: '1.31'}",
    ),
    (
        "kserve-images-move",
        "kserve: {version: '0.16'}",
    ),
    (
        "kubernetes-schemas-missing",
        "cluster: {version: '1.37.2-gke.1'}",
    ),
    (
        "model-context-exceeded",
        "server: {maxModelLen: 50000, env: {VLLM_ALLOW_LONG_MAX_MODEL_LEN: '1'}}",
    ),
    (
        "model-context-exceeded",
        "server: {maxModelLen: 50000, args: ['--rope-scaling={}']}",
    ),
    (
        "model-context-exceeded",
        "{model: {uri: hf://x/y}, server: {maxModelLen: 5000000}}",
    ),
    (
        "model-gated-without-token",
        "model: {uri: hf://mistralai/Mistral-7B-Instruct-v0.3}",
    ),
    (
        "model-gated-without-token",
        "model: {uri: 'pvc://google/gemma-3-4b-it'}",
    ),
    (
        "model-licence-forbids-commercial-use",
        "model: {uri: hf://Qwen/Qwen2.5-3B-Instruct}",
    ),
    (
        "model-licence-forbids-commercial-use",
        "{model: {uri: hf://google/gemma-3-4b-it}, use: commercial}",
    ),
    (
        "model-licence-has-conditions",
        "model: {uri: hf://google/gemma-3-4b-it}",
    ),
    (
        "model-licence-has-conditions",
        "{model: {uri: hf://Qwen/Qwen2.5-3B-Instruct}, use: commercial}",
    ),
    (
        "model-licence-has-conditions",
        "{model: {uri: hf://x/y}, use: commercial}",
    ),
    (
        "model-licence-limits-use",
        "{model: {uri: hf://Qwen/Qwen2.5-3B-Instruct}, use: commercial}",
    ),
    (
        "model-licence-limits-use",
        "model: {uri: hf://google/gemma-3-4b-it}",
    ),
    (
        "model-unknown-to-catalog",
        "model: {uri: 'pvc://models/mine'}",
    ),
    (
        "model-unknown-to-catalog",
        "model: {uri: 'hf://Qwen/Qwen3-4B:main'}",
    ),
    (
        "model-uri-scheme-unsupported",
        "{model: {uri: 'gs://b/m'}, kserve: {version: '0.16'}}",
    ),
    (
        "model-uri-scheme-unsupported",
        "model: {uri: 's3://b/m'}",
    ),
    (
        "model-download-exceeds-disk",
        "{model: {uri: hf://Qwen/Qwen2.5-72B-Instruct}, cluster: {tpuPool: {bootDiskSize: 160}}}",
    ),
    (
        "model-download-exceeds-disk",
        "model: {uri: hf://Qwen/Qwen3-32B}",
    ),
    (
        "model-download-exceeds-disk",
        "model: {uri: 'pvc://models/Qwen/Qwen2.5-72B-Instruct'}",
    ),
    (
        "startup-budget-too-short",
        "{model: {uri: hf://Qwen/Qwen2.5-72B-Instruct}, server: {startupBudget: 24m}}",
    ),
    (
        "startup-budget-too-short",
        "{model: {uri: hf://some/model}, server: {startupBudget: 1m}}",
    ),
    (
        "model-weights-exceed-memory",
        "{model: {uri: hf://Qwen/Qwen2.5-72B-Instruct}, server: {args: [--quantization=fp8]}}",
    ),
    (
        "model-weights-exceed-memory",
        "{model: {uri: hf://Qwen/Qwen2.5-72B-Instruct}, tpu: {topology: 3x3}}",
    ),
    (
        "model-weights-exceed-memory",
        "{model: {uri: hf://Qwen/Qwen2.5-72B-Instruct}, tpu: {type: tpu7x, topology: 1x1x1}}",
    ),
    (
        "node-pool-too-small",
        "service: {replicas: 9}",
    ),
    (
        "node-pool-too-small",
        "{service: {replicas: 2}, cluster: {tpuPool: {maxNodes: 2}}}",
    ),
    (
        "proxy-only-subnet-range-invalid",
        "gateway: {className: gke-l7-gxlb, proxyOnlySubnet: {range: 10.129.0.0/23}}",
    ),
    (
        "proxy-only-subnet-range-invalid",
        "{gateway: {proxyOnlySubnet: {range: 10.129.0.0/26}}, cluster: {network: mine}}",
    ),
    (
        "proxy-only-subnet-range-invalid",
        "gateway: {proxyOnlySubnet: {range: 10.127.0.0/16}}",
    ),
    (
        "proxy-only-subnet-range-invalid",
        "gateway: {proxyOnlySubnet: {range: 172.16.0.0/12}}",
    ),
    (
        "proxy-only-subnet-unmanaged",
        "gateway: {className: gke-l7-gxlb, proxyOnlySubnet: {manage: false}}",
    ),
    (
        "proxy-only-subnet-unmanaged",
        "gateway: {className: nginx, proxyOnlySubnet: {manage: false}}",
    ),
    (
        "route-timeouts-refused-by-gke",
        "{routing: declared, managedRoute: preset}",
    ),
    (
        "route-timeouts-refused-by-gke",
        "{gateway: {className: istio}, routing: managed, managedRoute: preset}",
    ),
    (
        "route-timeouts-refused-by-gke",
        "{gateway: {className: nginx}, routing: managed, managedRoute: preset}",
    ),
    (
        "secret-value-in-profile",
        "server: {env: {MIN_TOKEN_BUCKET: '16', HF_TOKEN: '', HF_TOKEN_PATH: /t}}",
    ),
    (
        "secret-value-in-profile",
        "server: {args: [--max-num-seqs=64]}",
    ),
    (
        "served-model-name-is-path",
        "service: {servedModelName: Qwen/Qwen3-4B}",
    ),
    (
        "service-namespace-not-its-own",
        "{service: {namespace: opendatahub}, networkPolicies: {enabled: false}}",
    ),
    (
        "tensor-parallel-exceeds-slice",
        "server: {tensorParallel: 2}",
    ),
    (
        "tensor-parallel-exceeds-slice",
        "{tpu: {topology: 3x3}, server: {tensorParallel: 64}}",
    ),
    (
        "tensor-parallel-exceeds-slice",
        "{tpu: {type: tpu7x, topology: 2x2x1}, server: {tensorParallel: 8}}",
    ),
    (
        "tensor-parallel-leaves-chips-idle",
        "server: {tensorParallel: 3}",
    ),
    (
        "tensor-parallel-leaves-chips-idle",
        "server: {tensorParallel: 8}",
    ),
    (
        "tensor-parallel-leaves-chips-idle",
        "server: {tensorParallel: 2, args: [--data-parallel-size=2]}",
    ),
    (
        "tensor-parallel-leaves-chips-idle",
        "{tpu: {topology: 3x3}, server: {tensorParallel: 2}}",
    ),
    (
        "tensor-parallel-splits-no-heads",
        "{model: {uri: hf://microsoft/phi-4}, server: {tensorParallel: 2}}",
    ),
    (
        "tensor-parallel-splits-no-heads",
        "{model: {uri: hf://microsoft/phi-4}, tpu: {topology: 3x3}}",
    ),
    (
        "tensor-parallel-splits-no-heads",
        "{model: {uri: hf://x/y}, server: {tensorParallel: 3}}",
    ),
    (
        "tpu-dtype-not-bfloat16",
        "server: {dtype: auto}",
    ),
    (
        "tpu-machine-type-ambiguous",
        "tpu: {topology: 2x4, machineType: ct6e-standard-4t}",
    ),
    (
        "tpu-machine-type-ambiguous",
        "tpu: {topology: 3x3}",
    ),
    (
        "tpu-machine-type-unknown",
        "tpu: {topology: 1x1, machineType: ct6e-standard-4t}",
    ),
    (
        "tpu-slice-spans-hosts",
        "tpu: {topology: 2x4, machineType: ct6e-standard-8t}",
    ),
    (
        "tpu-slice-spans-hosts",
        "tpu: {topology: 2x4}",
    ),
    (
        "tpu-topology-not-formable",
        "tpu: {topology: 3x3, machineType: ct6e-standard-16t}",
    ),
    (
        "tpu-topology-not-formable",
        "tpu: {topology: 2x2, machineType: ct5lp-hightpu-4t}",
    ),
    (
        "tpu-topology-not-formable",
        "tpu: {topology: 2x4}",
    ),
    (
        "tpu-zone-unknown-to-catalog",
        "zone: us-central1-a",
    ),
    (
        "tpu-zone-without-accelerator",
        "zone: us-central1-ai1",
    ),
    (
        "tpu-zone-without-accelerator",
        "zone: us-west9-z",
    ),
    (
        "vllm-flag-likely-unknown",
        "server: {image: 'quay.io/mine/vllm:1', args: [--max-num-queued-reqs=8, --swap-space=4]}",
    ),
    (
        "vllm-flag-unknown-to-image",
        "server: {args: [--speculative-config=16, --max-num-queued-reqs=8, plain, -O3]}",
    ),
    (
        "vllm-flag-value-invalid",
        "server: {args: [--max-num-seqs, '8', --no-enforce-eager, --block-size=512, --no-such=x]}",
    ),
    (
        "vllm-flag-value-likely-invalid",
        "server: {args: [--block-size=256, --max-num-seqs=many]}",
    ),
    (
        "vllm-flag-refused-on-tpu",
        (
            "server: {image: 'docker.io/vllm/vllm-tpu:v0.11.1', args: [--speculative-config, "
            '\'{"method": "ngram"}\']}'
        ),
    ),
    (
        "vllm-flag-refused-on-tpu",
        "server: {args: [--attention-backend=x, plain, --prefix-cache]}",
    ),
    (
        "vllm-flag-removed-from-image",
        (
            "server: {image: 'registry.redhat.io/rhaiis/vllm-tpu-rhel9:3.2.2', args: "
            "[--disable-log-requests]}"
        ),
    ),
    (
        "vllm-flag-removed-from-image",
        "server: {image: 'quay.io/mine/vllm:1', args: [--disable-log-requests]}",
    ),
    (
        "vllm-flag-removed-upstream",
        "server: {args: [--enforce-eager]}",
    ),
    (
        "vllm-flag-set-twice",
        "server: {args: [--no-enable-prefix-caching, --max-num-seqs, '8']}",
    ),
    (
        "vllm-flag-value-unsupported-on-tpu",
        'server: {args: [\'--speculative-config={"method":"eagle3"}\']}',
    ),
    (
        "vllm-flag-value-unsupported-on-tpu",
        "server: {args: [--quantization]}",
    ),
    (
        "vllm-variable-set-twice",
        "server: {env: {JAX_COMPILATION_CACHE_DIR: /c}}",
    ),
    (
        "model-licence-forbids-commercial-use",
        "{model: {uri: hf://x/y}, use: commercial}",
    ),
    (
        "model-weights-exceed-memory",
        (
            "{model: {uri: hf://Qwen/Qwen2.5-72B-Instruct}, tpu: {topology: 3x3}, "
            "server: {tensorParallel: 4}}"
        ),
    ),
    (
        "secret-value-in-profile",
        "server: {args: [--api-key]}",
    ),
    (
        "vllm-flag-removed-from-image",
        "server: {args: [--max-num-seqs=8, --no-such-flag]}",
    ),
    (
        "vllm-flag-removed-upstream",
        "server: {image: 'quay.io/mine/vllm:1', args: [--max-num-seqs=8, --no-such-flag]}",
    ),
    (
        "vllm-flag-set-twice",
        "server: {prefixCaching: true, args: [--max-num-seqs=8]}",
    ),
    (
        "vllm-flag-value-unsupported-on-tpu",
        "server: {args: [--dtype=bfloat16, --max-num-seqs=8, --no-such-flag=1]}",
    ),
]


def load(changes: str) -> Profile:
    data = yaml.safe_load(MINIMAL)
    for key, value in (yaml.safe_load(changes) or {}).items():
        data[key] = {**data.get(key, {}), **value} if isinstance(value, dict) else value
    return load_profile(Document(data, SourceMap("profile.yaml")))


def check(name: str, changes: str) -> list[Violation]:
    rule = find_rule(name)
    assert isinstance(rule, ProfileRule)
    return list(rule.check(load(changes), load_catalog()))


@pytest.mark.parametrize(("name", "changes", "path", "message", "hint"), FOUND)
def test_a_rule_says_what_is_wrong_where_and_what_to_do(
    name: str, changes: str, path: DataPath, message: str, hint: str
) -> None:
    (found,) = check(name, changes)
    assert (found.path, found.message, found.hint) == (path, message, hint)


@pytest.mark.parametrize(("name", "changes"), SILENT)
def test_a_rule_says_nothing_where_all_is_well_or_nobody_knows(name: str, changes: str) -> None:
    assert check(name, changes) == []


def test_each_argument_for_tls_is_found() -> None:
    found = check(
        "vllm-serves-tls-behind-gateway", "server: {args: [--ssl-certfile=/c, x, --ssl-keyfile]}"
    )
    assert [item.path for item in found] == [("server", "args", 0), ("server", "args", 2)]


def test_a_secret_is_not_repeated_in_the_message() -> None:
    token = "hf_" + "abcdefghijklmnopqrstuvwx"
    for changes in (f"server: {{env: {{X: {token}}}}}", f"server: {{args: [--x={token}]}}"):
        (found,) = check("secret-value-in-profile", changes)
        assert token not in found.message + found.hint


@pytest.mark.parametrize(
    ("version", "minimum", "older"),
    [
        ("1.34", "1.34.0-gke.1626000", False),
        ("1.33", "1.34.0-gke.1626000", True),
        ("1.34.0", "1.34.0-gke.1626000", False),
        ("1.34.0-gke.1625999", "1.34.0-gke.1626000", True),
        ("1.34.0-gke.1626000", "1.34.0-gke.1626000", False),
        ("1.9.1", "1.32.3", True),
        ("1.32.10", "1.32.3", False),
    ],
)
def test_versions_are_compared_by_the_parts_that_are_given(
    version: str, minimum: str, *, older: bool
) -> None:
    assert is_older(version, minimum) is older


@pytest.mark.parametrize(
    ("args", "expected"),
    [
        ("[--a=b]", [(0, "--a", "b")]),
        ("[--a, b]", [(0, "--a", "b")]),
        ("[--a b]", [(0, "--a", "b")]),
        ("[--a, --b]", [(0, "--a", ""), (1, "--b", "")]),
        ("[--a_b=c_d=e]", [(0, "--a-b", "c_d=e")]),
        ("[x, -q, y]", [(1, "-q", "y")]),
        ("[]", []),
    ],
)
def test_arguments_are_read_as_vllm_reads_them(
    args: str, expected: list[tuple[int, str, str]]
) -> None:
    found = flags_of(load(f"server: {{args: {args}}}"))
    assert [(flag.index, flag.name, flag.value) for flag in found] == expected


@pytest.mark.parametrize(
    ("reference", "repository", "tag", "digest"),
    [
        ("vllm", "vllm", "", ""),
        ("localhost:5000/a/b", "localhost:5000/a/b", "", ""),
        ("localhost:5000/a/b:1", "localhost:5000/a/b", "1", ""),
        ("q.io/a:1@sha256:0", "q.io/a", "1", "sha256:0"),
    ],
)
def test_an_image_reference_is_split(
    reference: str, repository: str, tag: str, digest: str
) -> None:
    image = split_image(reference)
    assert (image.repository, image.tag, image.digest) == (repository, tag, digest)


@pytest.mark.parametrize(
    ("image", "version"),
    [
        ("registry.redhat.io/rhaiis/vllm-tpu-rhel9:3.2.5", (0, 11, 2)),
        ("registry.redhat.io/rhaiis/vllm-tpu-rhel9:3.2.2", (0, 10, 1, 1)),
        ("registry.redhat.io/rhaiis/vllm-tpu-rhel9:9.9", None),
        ("docker.io/vllm/vllm-tpu:v0.12.0", (0, 12, 0)),
        ("vllm/vllm-tpu:v0.12.0", (0, 12, 0)),
        ("docker.io/vllm/vllm-tpu:latest", None),
        ("quay.io/mine/vllm:v0.12.0", None),
        ("quay.io/mine/vllm:3.2.5", None),
    ],
)
def test_the_version_of_vllm_follows_from_the_image(
    image: str, version: tuple[int, ...] | None
) -> None:
    assert vllm_version(load(f"server: {{image: '{image}'}}"), load_catalog()) == version


def test_a_list_reads_like_a_sentence() -> None:
    assert [listed("a"), listed("ab"), listed("abc", "and")] == ["a", "a or b", "a, b and c"]


def test_what_is_older_than_every_schema_is_refused_for_another_reason() -> None:
    assert check("gke-version-unsupported", "cluster: {version: '1.24'}")


def test_a_release_with_pinned_images_is_no_finding() -> None:
    known = load_catalog().kserve_releases
    pinned = {name: row.model_copy(update={"images_pinned": True}) for name, row in known.items()}
    catalog = Catalog(files("llmd_render") / "data" / "catalog")
    catalog.__dict__["kserve_releases"] = pinned  # where a cached property keeps its value
    rule = find_rule("kserve-images-move")
    assert isinstance(rule, ProfileRule)
    assert list(rule.check(load("{}"), catalog)) == []
    assert check("kserve-images-move", "{}")
