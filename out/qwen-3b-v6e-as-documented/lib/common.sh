# shellcheck shell=bash
# shellcheck disable=SC2034 # the scripts that source this file use the constants
# What all scripts share: the constants of this deployment, and a few functions.
# Sourced, never run. bash 3.2 is enough, so macOS needs no other shell.

PROFILE=qwen-3b-v6e-as-documented
PROJECT=ecoeng-llmd
ZONE=europe-west4-a
REGION=europe-west4
NETWORK=default
CLUSTER=llmd-gke-native-tpu-pattern1
CONTEXT=gke_ecoeng-llmd_europe-west4-a_llmd-gke-native-tpu-pattern1
TPU_POOL=tpu-v6e-pool
NAMESPACE=llm-d-inference-scheduling
SERVICE=qwen2-3b-pattern1
MODEL=/mnt/models
INFERENCE_POOL=qwen2-3b-pattern1-inference-pool
WORKLOAD_SERVICE=qwen2-3b-pattern1-kserve-workload-svc
WORKLOAD_COMPONENT=llminferenceservice-workload
WORKLOAD_PODS="app.kubernetes.io/name=$SERVICE,app.kubernetes.io/component=$WORKLOAD_COMPONENT"
GATEWAY=inference-gateway
GATEWAY_NAMESPACE=opendatahub
KSERVE_NAMESPACE=opendatahub
# Where the load balancer's parts are: to look at one, and to list them.
SCOPE=--global
LIST_SCOPE=--global
readonly PROFILE PROJECT ZONE REGION NETWORK CLUSTER CONTEXT TPU_POOL NAMESPACE SERVICE
readonly MODEL INFERENCE_POOL WORKLOAD_SERVICE WORKLOAD_COMPONENT WORKLOAD_PODS
readonly GATEWAY GATEWAY_NAMESPACE KSERVE_NAMESPACE SCOPE LIST_SCOPE

AT="--zone=$ZONE --project=$PROJECT" # for commands in messages
readonly AT

# Time-outs are multiplied by this whole number: WAIT_FACTOR=2 scripts/deploy.sh
WAIT_FACTOR=${WAIT_FACTOR:-1}
YES=
DRY_RUN=
STEP=
WORK=

say() { printf '%s\n' "$*"; }
warn() { printf 'warning: %s\n' "$*" >&2; }

# Begins a step; when the script dies in it, on_error names it.
step() {
  STEP=$*
  printf '\n==> %s\n' "$*"
}

fail() {
  printf 'error: %s\n' "$*" >&2
  STEP=
  exit 1
}

# Runs at every end of the script: cleans up, and names the step that failed.
on_error() {
  local status=$?
  clean_up || true
  [ -z "$WORK" ] || rm -rf "$WORK"
  if [ "$status" -ne 0 ] && [ -n "$STEP" ]; then
    printf 'error: failed in: %s\n' "$STEP" >&2
  fi
  exit "$status"
}
clean_up() { :; } # a script that starts something replaces this
trap on_error EXIT
trap 'exit 129' HUP
trap 'exit 130' INT
trap 'exit 143' TERM

# A folder that only this user can read, gone when the script ends.
make_work_folder() { WORK=$(umask 077 && mktemp -d "${TMPDIR:-/tmp}/llmd-render.XXXXXX"); }

# The comment at the top of the script is its help.
show_help() {
  awk 'NR > 1 { if (!/^#/) exit; sub(/^# ?/, ""); print }' "$0"
}

# Puts a function in the place of each tool that talks to something: it prints its call.
begin_dry_run() {
  local tool
  DRY_RUN=1
  exec 3>&1
  for tool in curl gcloud git helm helmfile kubectl kustomize make podman skopeo; do
    eval "$tool() { print_call $tool \"\$@\"; }"
  done
}
print_call() {
  printf '%s' "$1" >&3
  shift
  [ $# -eq 0 ] || printf ' %q' "$@" >&3
  printf '\n' >&3
}

take_option() {
  case $1 in
    -h | --help) show_help && exit 0 ;;
    --yes) YES=1 ;;
    --dry-run) begin_dry_run ;;
    *) fail "unknown option: $1 (--help lists what there is)" ;;
  esac
}

take_options() {
  local option
  for option; do take_option "$option"; done
}

need() {
  local tool missing=
  for tool; do
    command -v "$tool" >/dev/null 2>&1 || missing="$missing $tool"
  done
  [ -z "$missing" ] || fail "install first:$missing"
}

# Asks for the cluster's name before something is deleted or begins to cost; --yes skips it.
confirm() {
  local answer
  [ -z "$YES" ] || return 0
  [ -t 0 ] || fail "$* Without a terminal to confirm it on, add --yes."
  printf '%s\nType the name of the cluster, %s, to go on: ' "$*" "$CLUSTER" >&2
  read -r answer || answer=
  [ "$answer" = "$CLUSTER" ] || fail "that is not its name; nothing was changed"
}

# wait_until SECONDS INTERVAL WHAT COMMAND...: until the command succeeds, or time is up.
wait_until() {
  local limit=$(($1 * WAIT_FACTOR)) interval=${WAIT_INTERVAL:-$2} what=$3
  local begin=$SECONDS shown=0 elapsed
  shift 3
  if [ -n "$DRY_RUN" ]; then
    "$@" >/dev/null || true
    return 0
  fi
  say "waiting for $what (at most $limit s)"
  until "$@" >/dev/null 2>&1; do
    elapsed=$((SECONDS - begin))
    if [ "$elapsed" -ge "$limit" ]; then
      warn "gave up after $elapsed s waiting for $what; the last answer was:"
      "$@" >&2 || true
      return 1
    fi
    if [ $((elapsed - shown)) -ge 60 ]; then
      shown=$elapsed
      say "  still waiting for $what: $elapsed s of $limit s"
    fi
    sleep "$interval"
  done
  say "  $what: after $((SECONDS - begin)) s"
}

# tolerate PATTERN COMMAND...: fails only when the command's errors hold a line without the
# pattern, and shows all of them.
tolerate() {
  local pattern=$1 status=0
  shift
  "$@" 2>"$WORK/errors" || status=$?
  cat "$WORK/errors" >&2
  [ "$status" -ne 0 ] || return 0
  [ -s "$WORK/errors" ] && ! grep -Eqv "$pattern" "$WORK/errors" || return "$status"
}

# Always this deployment's cluster, whatever kubectl's current context is.
kube() { kubectl --context "$CONTEXT" "$@"; }

need_cluster() {
  kube get --raw /readyz >/dev/null || fail "no answer from $CONTEXT: run cluster/get-credentials.sh"
}

exists() { kube get "$@" >/dev/null 2>&1; }

LLMISVC=llminferenceservices.serving.kserve.io
GATEWAYS=gateways.gateway.networking.k8s.io
readonly LLMISVC GATEWAYS

service_ready() {
  kube wait "$LLMISVC/$SERVICE" --namespace "$NAMESPACE" --for=condition=Ready --timeout=1s
}

pods_gone() {
  local pods
  pods=$(kube get pods --namespace "$NAMESPACE" --selector "$WORKLOAD_PODS" --output name) &&
    [ -z "$pods" ]
}

# gateway_parts KIND: names of the load balancer's parts, which GKE writes on the Gateway.
gateway_parts() {
  kube get "$GATEWAYS" "$GATEWAY" --namespace "$GATEWAY_NAMESPACE" --ignore-not-found \
    --output json | jq -r --arg kind "networking.gke.io/$1" '
      .metadata.annotations[$kind] // "" | split(",")[] | sub(".*/"; "") | gsub("\\s"; "")'
}
