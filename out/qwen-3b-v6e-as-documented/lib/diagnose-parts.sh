# shellcheck shell=bash
# shellcheck disable=SC2034 # diagnose.sh uses the constants
# What diagnose.sh collects where one call is not enough: each function prints one part.
# Sourced after common.sh, never run.

CONTROLLER=kserve-controller-manager
ALL_NAMESPACES=$(printf '%s\n' "$NAMESPACE" "$KSERVE_NAMESPACE" "$GATEWAY_NAMESPACE" cert-manager |
  sort -u)
SCHEDULER_PODS="app.kubernetes.io/name=$SERVICE"
SCHEDULER_PODS="$SCHEDULER_PODS,app.kubernetes.io/component=llminferenceservice-router-scheduler"
readonly CONTROLLER ALL_NAMESPACES SCHEDULER_PODS

# conditions KIND NAMESPACE: each condition of each such object, one a line.
conditions() {
  kube get "$1" --namespace "$2" --output json | jq --raw-output '.items[]
    | "\(.kind) \(.metadata.name)" as $what
    | [.. | objects | .conditions? | arrays | .[]] | unique | .[]
    | "\($what) \(.type)=\(.status) \(.reason // "") \(.message // "" | gsub("\\s+"; " "))"'
}

all_conditions() {
  local kind status=0
  conditions "$GATEWAYS" "$GATEWAY_NAMESPACE" || status=1
  for kind in "$LLMISVC" httproutes.gateway.networking.k8s.io \
    inferencepools.inference.networking.k8s.io healthcheckpolicies.networking.gke.io \
    gcpbackendpolicies.networking.gke.io; do
    conditions "$kind" "$NAMESPACE" || status=1
  done
  conditions clusterissuers.cert-manager.io cert-manager || status=1
  conditions certificates.cert-manager.io cert-manager || status=1
  conditions certificates.cert-manager.io "$KSERVE_NAMESPACE" || status=1
  return "$status"
}

logs() {
  local place=$1
  shift
  kube logs --namespace "$place" --prefix --all-containers --tail=400 "$@"
}

# Of containers that were restarted; where none was, there is nothing to say.
previous_logs() {
  local pod container status=0
  kube get pods --namespace "$NAMESPACE" --selector "$WORKLOAD_PODS" --output json | jq --raw-output '
    .items[] | .metadata.name as $pod
    | (.status.initContainerStatuses // [], .status.containerStatuses // [])[]
    | select(.restartCount > 0) | "\($pod) \(.name)"' >"$WORK/restarted" || return 1
  while read -r pod container; do
    printf '== %s %s\n' "$pod" "$container"
    kube logs --namespace "$NAMESPACE" "$pod" --container "$container" --previous --tail=400 ||
      status=1
  done <"$WORK/restarted"
  return "$status"
}

# list_in_all_namespaces KIND OPTION...: in the namespaces of this deployment.
list_in_all_namespaces() {
  local kind=$1 place status=0
  shift
  for place in $ALL_NAMESPACES; do
    printf '== %s\n' "$place"
    kube get "$kind" --namespace "$place" "$@" || status=1
  done
  return "$status"
}

versions() {
  local status=0
  kubectl --context "$CONTEXT" version || status=1
  gcloud version || status=1
  return "$status"
}

# Without masterAuth, where old clusters have a password.
describe_cluster() {
  local keys=status,statusMessage,conditions,currentMasterVersion,releaseChannel
  keys=$keys,addonsConfig,networkConfig,ipAllocationPolicy,workloadIdentityConfig
  gcloud container clusters describe "$CLUSTER" --zone="$ZONE" --project="$PROJECT" \
    --format="yaml($keys)"
}

backend_health() {
  local name names status=0
  names=$(gateway_parts backend-services) || return 1
  for name in $names; do
    printf '== %s\n' "$name"
    gcloud compute backend-services get-health "$name" "$SCOPE" --project="$PROJECT" \
      --format=json || status=1
  done
  return "$status"
}

quotas() {
  gcloud compute regions describe "$REGION" --project="$PROJECT" --format=json |
    jq --raw-output '.quotas[] | select(.usage > 0)
      | "\(.metric) \(.usage) of \(.limit)\(if .usage >= .limit then " exhausted" else "" end)"'
}

tpu_quota() {
  # With --quiet gcloud would install a missing component by itself.
  [ -n "$DRY_RUN" ] || gcloud version --format=json | jq -e 'has("beta")' >/dev/null || {
    printf 'gcloud has no component beta\n'
    return 1
  }
  gcloud beta quotas info describe TPUS-PER-TPU-FAMILY-per-project-region \
    --service=compute.googleapis.com --project="$PROJECT" --format=json
}
