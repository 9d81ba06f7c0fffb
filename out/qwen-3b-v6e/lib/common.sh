# shellcheck shell=bash
# shellcheck disable=SC2034,SC2154 # the scripts that source this file define here, use the rest
# What all scripts share: the constants of this deployment, and what they ask of its cluster.
# Sourced, never run. bash 3.2 is enough, so macOS needs no other shell.

PROFILE=qwen-3b-v6e
PROJECT=ecoeng-llmd
ZONE=europe-west4-a
REGION=europe-west4
NETWORK=default
CLUSTER=llmd-gke-native-tpu-pattern1
CONTEXT=gke_ecoeng-llmd_europe-west4-a_llmd-gke-native-tpu-pattern1
TPU_POOL=tpu-v6e-pool
NAMESPACE=llm-d-inference-scheduling
SERVICE=qwen2-3b-pattern1
MODEL=Qwen/Qwen2.5-3B-Instruct
INFERENCE_POOL=qwen2-3b-pattern1-inference-pool
WORKLOAD_SERVICE=qwen2-3b-pattern1-kserve-workload-svc
WORKLOAD_COMPONENT=llminferenceservice-workload
WORKLOAD_PODS="app.kubernetes.io/name=$SERVICE,app.kubernetes.io/component=$WORKLOAD_COMPONENT"
GATEWAY=inference-gateway
GATEWAY_NAMESPACE=opendatahub
KSERVE_NAMESPACE=opendatahub
# Where the load balancer's parts are: to look at one, and to list them.
SCOPE=--region=$REGION
LIST_SCOPE=--regions=$REGION
readonly PROFILE PROJECT ZONE REGION NETWORK CLUSTER CONTEXT TPU_POOL NAMESPACE SERVICE
readonly MODEL INFERENCE_POOL WORKLOAD_SERVICE WORKLOAD_COMPONENT WORKLOAD_PODS
readonly GATEWAY GATEWAY_NAMESPACE KSERVE_NAMESPACE SCOPE LIST_SCOPE

AT="--zone=$ZONE --project=$PROJECT" # for commands in messages
readonly AT

# shellcheck source-path=SCRIPTDIR source=steps.sh
. "$here/../lib/steps.sh"
# shellcheck source-path=SCRIPTDIR source=calls.sh
. "$here/../lib/calls.sh"
# shellcheck source-path=SCRIPTDIR source=waits.sh
. "$here/../lib/waits.sh"

# tolerate PATTERN COMMAND...: fails only when the command's errors hold a line without the
# pattern; those that are tolerated are shown as what they are.
tolerate() {
  local pattern=$1 status=0
  shift
  maybe "$@" 2>"$WORK/errors" || status=$?
  if [ "$status" -ne 0 ] && [ -s "$WORK/errors" ] && ! grep -Eqv "$pattern" "$WORK/errors"; then
    sed 's/^/  no harm: /' "$WORK/errors"
    return 0
  fi
  cat "$WORK/errors" >&2
  return "$status"
}

# Always this deployment's cluster, whatever kubectl's current context is.
kube() { kubectl --context "$CONTEXT" "$@" ${CALL_LIMIT:+"$CALL_LIMIT"}; }

need_cluster() {
  kube get --raw /readyz --request-timeout=30s >/dev/null || fail "no answer from $CONTEXT: run cluster/get-credentials.sh"
}

# ready_nodes SELECTOR: how many nodes are Ready.
ready_nodes() {
  AFTER=" | awk '\$2 == \"Ready\"' | grep .${AFTER:-}" \
    kube get nodes --selector "$1" --no-headers | awk '$2 == "Ready"' | wc -l
}

# For a dry run nothing exists.
exists() { maybe kube get "$@" >/dev/null 2>&1 && [ -z "$DRY_RUN" ]; }

LLMISVC=llminferenceservices.serving.kserve.io
GATEWAYS=gateways.gateway.networking.k8s.io
readonly LLMISVC GATEWAYS

service_ready() {
  kube wait "$LLMISVC/$SERVICE" --namespace "$NAMESPACE" --for=condition=Ready --timeout=1s
}

# get_known KIND...: kubectl get, which finds nothing where the cluster does not know the kind.
get_known() {
  maybe kube get "$@" 2>"$WORK/errors" && return 0
  grep -q "the server doesn.t have a resource type" "$WORK/errors" && return 0
  cat "$WORK/errors" >&2
  return 1
}

# service_value OUTPUT: what kubectl prints of the service; nothing where it is not there, or KServe.
service_value() {
  get_known "$LLMISVC" "$SERVICE" --namespace "$NAMESPACE" --ignore-not-found --output "$1"
}

# Prints true when scale-to-zero.sh has stopped the service.
service_stopped() {
  service_value 'jsonpath={.metadata.annotations.serving\.kserve\.io/stop}'
}

pods_gone() {
  answers '' kube get pods --namespace "$NAMESPACE" --selector "$WORKLOAD_PODS" --output name
}

# gateway_parts KIND: names of the load balancer's parts, which GKE writes on the Gateway.
gateway_parts() {
  AFTER=" | tr -d ' ' | tr , '\\n' | sed 's|.*/||'${AFTER:-}" \
    kube get "$GATEWAYS" "$GATEWAY" --namespace "$GATEWAY_NAMESPACE" --ignore-not-found \
    --output "jsonpath={.metadata.annotations.networking\.gke\.io/$1}" |
    tr -d ' ' | tr , '\n' | sed 's|.*/||'
}

SUBNET=proxy-only-subnet
SUBNET_RANGE=192.168.0.0/23
SUBNET_DESCRIPTION='made by llmd-render profile qwen-3b-v6e'
readonly SUBNET SUBNET_RANGE SUBNET_DESCRIPTION

# Google allows one active proxy-only subnet in a region and network: its name and range.
find_proxy_only_subnet() {
  gcloud compute networks subnets list --project="$PROJECT" --network="$NETWORK" \
    --regions="$REGION" --filter="purpose=REGIONAL_MANAGED_PROXY AND role=ACTIVE" \
    --format="value(name,ipCidrRange)"
}
