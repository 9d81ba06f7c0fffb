#!/usr/bin/env bash
# Deploys this tree into the cluster, stage by stage, and waits for each. Safe to run again: it
# also brings changes. Takes 10 to 25 minutes; on a new cluster up to 45 minutes more, until GKE
# offers its GatewayClasses. Costs: the load balancer, and TPU nodes where the pool must grow.
# WAIT_FACTOR=2 doubles every time-out.
set -Eeuo pipefail
here=$(
  file=${BASH_SOURCE[0]}
  while link=$(readlink -- "$file"); do
    case $link in /*) file=$link ;; *) file=$(dirname -- "$file")/$link ;; esac
  done
  CDPATH='' cd -P -- "$(dirname -- "$file")" && pwd
)
# shellcheck source-path=SCRIPTDIR source=../lib/common.sh
. "$here/../lib/common.sh"
# shellcheck source-path=SCRIPTDIR source=../lib/endpoint.sh
. "$here/../lib/endpoint.sh"
CLASS=gke-l7-global-external-managed
POOL=inferencepools.inference.networking.k8s.io
apply() { kube apply --server-side --force-conflicts --kustomize "$here/../$1"; }

# demand HINT KIND NAME...: fails when it is not there; a dry run does not ask.
demand() {
  local hint=$1
  shift
  exists "$@" || [ -n "$DRY_RUN" ] || fail "$1 $2 is missing: $hint"
}
secret_there() { demand "$3" secret "$2" --namespace "$1"; }

gateway_ready() {
  kube wait "$GATEWAYS/$GATEWAY" --namespace "$GATEWAY_NAMESPACE" --for=condition=Programmed \
    --timeout=1s && [ -n "$(gateway_address)" ]
}
pool_there() { kube get "$POOL" "$INFERENCE_POOL" --namespace "$NAMESPACE"; }

show_trouble() {
  kube describe "$GATEWAYS" "$GATEWAY" --namespace "$GATEWAY_NAMESPACE" | tail -n 20 || true
  kube describe "$LLMISVC" "$SERVICE" --namespace "$NAMESPACE" | tail -n 40 || true
  kube get pods --namespace "$NAMESPACE" --output wide || true
  kube get events --namespace "$NAMESPACE" --sort-by=.lastTimestamp | tail -n 25 || true
  kube logs --namespace "$NAMESPACE" --selector "$WORKLOAD_PODS" --all-containers --prefix \
    --tail=30 || true
}

backend_healthy() {
  local name names=
  keep names gateway_parts backend-services
  for name in $names; do
    gcloud compute backend-services get-health "$name" "$SCOPE" --project="$PROJECT" \
      --format=json | jq -e '[.[].status.healthStatus[]?.healthState]
        | length > 0 and all(. == "HEALTHY")' && return 0
  done
  return 1
}

take_options "$@"
need kubectl jq gcloud
need_cluster
make_work_folder
step "CRDs and running state"
for crd in "$LLMISVC" "$POOL" "$GATEWAYS" leaderworkersets.leaderworkerset.x-k8s.io; do
  demand "run infrastructure/deploy-lws-crds.sh and deploy-kserve.sh" crd "$crd"
done
stopped=$(service_stopped)
[ "$stopped" != true ] || fail "$SERVICE is scaled to zero: run cluster/scale-up.sh first"
step "foundation"
apply foundation
step "what must be there before"
secret_there "$NAMESPACE" redhat-pull-secret "run secrets/create-pull-secret.sh"
secret_there "$NAMESPACE" hf-token "run secrets/create-hf-token.sh"
step "GatewayClass $CLASS" 'up to 45 minutes from the cluster'"'"'s creation'
wait_until 2700 30 "GatewayClass $CLASS" kube get gatewayclass "$CLASS"
step "Gateway" '2 to 3 minutes'
apply gateway
wait_until 600 10 "the load balancer and its address" gateway_ready ||
  fail "the Gateway is not Programmed; the troubleshooting table of README.md names the usual causes"
step "workload"
apply workload
wait_until 300 5 "InferencePool $INFERENCE_POOL" pool_there
step "service Ready" '4 to 15 minutes'
say "nodes, download and XLA compilation take their time"
wait_until 2100 15 "$NAMESPACE/$SERVICE" service_ready ||
  fail "$SERVICE is not Ready in time"
step "backend health" '30 to 90 seconds'
wait_until 300 10 "the load balancer to see healthy model servers" backend_healthy ||
  fail "no backend is healthy: see 'no healthy upstream' in the troubleshooting table of README.md"
address=${GATEWAY_ADDRESS:-$(gateway_address)}
say "$SERVICE answers at $SCHEME://${address:-ADDRESS}$BASE_PATH/v1"
say "next: scripts/test-cluster.sh"
