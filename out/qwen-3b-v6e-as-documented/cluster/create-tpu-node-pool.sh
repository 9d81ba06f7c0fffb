#!/usr/bin/env bash
# Creates the TPU node pool: one single-host slice a node, between none and the profile's most.
# Takes 3 to 10 minutes. TPUs are what costs money: the price is printed, and you are asked,
# before anything is created (--yes skips the question). When the zone is out of TPUs, it shows
# here. A pool that is there is left as it is, and used if it was made for this profile. Nodes
# without work go away after about 10 minutes.
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
# shellcheck source-path=SCRIPTDIR source=../lib/node-pool.sh
. "$here/../lib/node-pool.sh"
CAPACITY=on-demand
DELETE_POOL="gcloud container node-pools delete $TPU_POOL --cluster=$CLUSTER $AT"

# GKE has come to an end with it, good or bad.
pool_settled() {
  answers RUNNING pool_value status && return 0
  case $FOUND in
    '' | PROVISIONING | RECONCILING) return 1 ;;
  esac
}

# check_pool STATUS: ends the script unless the pool is well, with what GKE says and what to do.
check_pool() {
  local why
  case $1 in
    RUNNING) return 0 ;;
    STOPPING) fail "node pool $TPU_POOL is being deleted: run this again when it is gone" ;;
  esac
  why=$(pool_complaints) || why=
  fail "node pool $TPU_POOL is $1; GKE says: ${why:-nothing more}. When it was a stock-out" \
    "(GCE_STOCKOUT) or a quota: wait, or choose another zone or kind of capacity. Then delete the" \
    "pool and run this again: $DELETE_POOL"
}

take_options "$@"
need gcloud kubectl jq
need_cluster
step "look for node pool $TPU_POOL"
need_own_pool
case $POOL_STATUS in
  '' | PROVISIONING | RECONCILING) say "status: ${POOL_STATUS:-it is not there}" ;;
  *) check_pool "$POOL_STATUS" && say "status: $POOL_STATUS" ;;
esac
step "create node pool $TPU_POOL" '3 to 10 minutes'
if [ -n "$POOL_STATUS" ]; then
  say "it is there already"
else
  show_costs
  confirm "This creates $INITIAL_NODES TPU node(s), $CAPACITY, in $ZONE."
  # GKE labels and taints TPU nodes by itself.
  gcloud container node-pools create "$TPU_POOL" \
    --cluster="$CLUSTER" \
    --project="$PROJECT" \
    --zone="$ZONE" \
    --node-locations="$ZONE" \
    --machine-type=ct6e-standard-4t \
    --num-nodes="$INITIAL_NODES" \
    --enable-autoscaling \
    --min-nodes=0 \
    --max-nodes="$MAX_NODES" \
    --workload-metadata=GKE_METADATA \
    --labels="managed-by=llmd-render,llmd-profile=$PROFILE" \
    --quiet || fail "no TPU nodes. When it was a stock-out (GCE_STOCKOUT) or a quota: try later," \
    "another zone, or another kind of capacity. Then take away what is left: $DELETE_POOL"
fi
step "node pool RUNNING" '3 to 10 minutes'
wait_until 1200 15 "node pool $TPU_POOL" pool_settled
keep status pool_value status
[ -n "$DRY_RUN" ] || check_pool "$status"
step "TPU nodes Ready"
size=$(pool_size)
wait_until "$NODES_SECONDS" 10 "$size TPU node(s)" nodes_ready "$size"
kube get nodes --selector "cloud.google.com/gke-nodepool=$TPU_POOL"
say "next: cluster/verify-cluster.sh"
