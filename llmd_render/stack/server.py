"""The LLMInferenceService and its vLLM container."""

from __future__ import annotations

import json
import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from llmd_render.catalog import Catalog
    from llmd_render.profile import Profile

    from .cluster import TpuPool

MODEL_PORT = 8000
_PROBE_PERIOD = 10
_CACHE_PATH = "/var/cache/xla"
_CACHED_SENTENCE = "Kubernetes runs containers on many machines and restarts those that fail. "


@dataclass(frozen=True, slots=True)
class EnvVar:
    """An environment variable of a container."""

    name: str
    value: str


@dataclass(frozen=True, slots=True)
class Service:
    """The LLMInferenceService, the objects KServe makes for it, and their labels."""

    name: str
    namespace: str
    replicas: int
    model_uri: str
    model_name: str
    served_model_name: str
    served_model_name_template: str
    deployment: str
    scheduler_deployment: str
    scheduler_service_account: str
    workload_service: str
    inference_pool: str
    workload_component: str
    scheduler_component: str


@dataclass(frozen=True, slots=True)
class Probe:
    """Timing of a container probe, in seconds and counts."""

    period: int
    timeout: int
    failures: int


@dataclass(frozen=True, slots=True)
class CompileCache:
    """A volume for XLA's compiled programs; `disk_type` is set where we render a StorageClass."""

    claim: str
    size: str
    access_mode: str
    shared: bool
    storage_class: str
    disk_type: str
    path: str


@dataclass(frozen=True, slots=True)
class Server:
    """The vLLM container."""

    image: str
    port: int
    command: tuple[str, ...]
    args: tuple[str, ...]
    prefix_caching: bool
    env: tuple[EnvVar, ...]
    chips: str
    cpu_request: str
    memory_request: str
    run_as_root: bool
    startup: Probe
    liveness: Probe
    readiness: Probe
    cache: CompileCache | None


@dataclass(frozen=True, slots=True)
class Requests:
    """Paths and bodies of the requests that the scripts send, ready to print."""

    base_path: str
    completion: str
    chat: str
    cache: str
    cache_repeats: int


def resolve_service(profile: Profile) -> Service:
    """Decide the service's names; KServe derives its objects' names from them."""
    name = profile.service.name or profile.name
    model = model_name(profile.model.uri)
    return Service(
        name=name,
        namespace=profile.service.namespace,
        replicas=profile.service.replicas,
        model_uri=profile.model.uri,
        model_name=model,
        served_model_name=served_model_name(profile),
        served_model_name_template=escape_go_template(served_model_name(profile)),
        deployment=f"{name}-kserve",
        scheduler_deployment=f"{name}-kserve-router-scheduler",
        scheduler_service_account=f"{name}-epp-sa",
        workload_service=f"{name}-kserve-workload-svc",
        inference_pool=f"{name}-inference-pool",
        workload_component="llminferenceservice-workload",
        scheduler_component="llminferenceservice-router-scheduler",
    )


def model_name(uri: str) -> str:
    """Take the model's own name out of its URI: Qwen/Qwen2.5-3B-Instruct of hf://Qwen/…."""
    return uri.partition("://")[2].partition(":")[0].strip("/") or uri


def served_model_name(profile: Profile) -> str:
    """Decide the name that clients send as `model`; vLLM, tests and runbook all use this one."""
    return profile.service.served_model_name or model_name(profile.model.uri)


def escape_go_template(text: str) -> str:
    """Write `{{` so that KServe, which renders the whole spec as a Go template, prints it.

    Back-quotes, because double quotes would be escaped by the JSON that the template stands in.
    """
    return text.replace("{{", "{{`{{`}}")


def escape_expansion(text: str) -> str:
    """Write `$` so that Kubernetes, which expands $(NAME) in arguments, passes it on as it is."""
    return text.replace("$", "$$")


def resolve_server(
    profile: Profile, catalog: Catalog, tpu: TpuPool, service: Service, budget: int
) -> Server:
    """Decide command, arguments, environment, probes and cache of the vLLM container.

    `budget` is the start-up budget in seconds.
    """
    cache = _resolve_cache(profile, catalog, service)
    return Server(
        image=profile.server.image,
        port=MODEL_PORT,
        command=("python3", "-m", "vllm.entrypoints.openai.api_server"),
        args=_resolve_args(profile, tpu, service),
        prefix_caching=_wants_prefix_caching(profile),
        env=_resolve_env(profile, tpu, cache),
        chips=str(tpu.chips),
        # More than it uses, and less than the system leaves of the host, which it has for itself.
        cpu_request=str(tpu.vcpu // 2) if tpu.vcpu else "",
        memory_request=f"{tpu.memory_gb // 2}Gi" if tpu.memory_gb else "",
        run_as_root=profile.server.run_as_root,
        startup=Probe(_PROBE_PERIOD, timeout=5, failures=math.ceil(budget / _PROBE_PERIOD)),
        liveness=Probe(period=30, timeout=30, failures=5),
        readiness=Probe(_PROBE_PERIOD, timeout=10, failures=3),
        cache=cache,
    )


def _resolve_args(profile: Profile, tpu: TpuPool, service: Service) -> tuple[str, ...]:
    server = profile.server
    parallel = server.tensor_parallel or tpu.tensor_parallel
    arguments = [
        "--model=/mnt/models",
        f"--served-model-name={escape_expansion(service.served_model_name)}",
        f"--port={MODEL_PORT}",
        f"--dtype={server.dtype}",
        f"--max-model-len={server.max_model_len}",
        f"--tensor-parallel-size={parallel}",
    ]
    if server.prefix_caching:
        arguments.append("--enable-prefix-caching")
    return tuple(escape_go_template(item) for item in [*arguments, *server.args])


def _wants_prefix_caching(profile: Profile) -> bool:
    switches = {"--enable-prefix-caching": True, "--no-enable-prefix-caching": False}
    wanted = profile.server.prefix_caching
    for argument in profile.server.args:
        wanted = switches.get(argument, wanted)  # the last one wins
    return wanted


def _resolve_env(profile: Profile, tpu: TpuPool, cache: CompileCache | None) -> tuple[EnvVar, ...]:
    values = {
        "PJRT_DEVICE": "TPU",
        "TPU_CHIPS_PER_HOST_BOUNDS": tpu.chips_per_host_bounds,
        "TPU_HOST_BOUNDS": tpu.host_bounds,
    }
    if cache:
        values["VLLM_XLA_CACHE_PATH"] = cache.path
        values["JAX_COMPILATION_CACHE_DIR"] = f"{cache.path}/jax"
    values |= profile.server.env
    return tuple(EnvVar(name, escape_go_template(value)) for name, value in values.items())


def _resolve_cache(profile: Profile, catalog: Catalog, service: Service) -> CompileCache | None:
    wanted = profile.server.compile_cache
    if wanted is None:
        return None
    disk_type = ""
    if wanted.storage_class is None:
        disk_type = catalog.accelerators[profile.tpu.type].disk_type or ""
    return CompileCache(
        claim=f"{service.name}-compile-cache",
        size=wanted.size,
        access_mode=wanted.access_mode,
        shared=wanted.access_mode == "ReadWriteMany",
        storage_class=wanted.storage_class or f"llmd-{disk_type}",
        disk_type=disk_type,
        path=_CACHE_PATH,
    )


def resolve_requests(service: Service, max_model_len: int) -> Requests:
    """Write the bodies that the scripts send, with the one served model name in all of them."""
    most = max(1, max_model_len // 4)  # prompt and answer share the context

    def completion(prompt: str, tokens: int) -> str:
        body = {
            "model": service.served_model_name,
            "prompt": prompt,
            "max_tokens": min(tokens, most),
            "temperature": 0.7,
        }
        return json.dumps(body, ensure_ascii=False)

    # vLLM's prefix cache holds full blocks only, so a short prompt is never found in it.
    words = min(600, max_model_len // 3)

    chat = {
        "model": service.served_model_name,
        "messages": [{"role": "user", "content": "What is Kubernetes?"}],
        "max_tokens": min(100, most),
    }
    return Requests(
        base_path=f"/{service.namespace}/{service.name}",
        completion=completion("Hello, how are you?", 50),
        chat=json.dumps(chat, ensure_ascii=False),
        cache=completion(_CACHED_SENTENCE, 8),
        cache_repeats=max(1, words // len(_CACHED_SENTENCE.split())),
    )
