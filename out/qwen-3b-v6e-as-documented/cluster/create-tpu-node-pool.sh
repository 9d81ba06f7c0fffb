#!/usr/bin/env bash
# Creates the TPU node pool: one single-host slice a node, between none and the profile's most.
# Takes 3 to 10 minutes. TPUs are what costs money: the price is printed, and you are asked,
# before anything is created (--yes skips the question). When the zone is out of TPUs, it shows
# here. An existing pool is left as it is. Nodes without work go away after about 10 minutes.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
# shellcheck source-path=SCRIPTDIR source=../lib/common.sh
. "$here/../lib/common.sh"
LEAST=about
RUNNING_PER_DAY=136.00
IDLE_PER_DAY=9.00
CAPACITY=on-demand
INITIAL_NODES=1
ACCELERATOR=tpu-v6e-slice
TOPOLOGY=2x2
NODES_SECONDS=300
# GKE labels and taints TPU nodes by itself.
TPU_NODES="cloud.google.com/gke-tpu-accelerator=$ACCELERATOR"
TPU_NODES="$TPU_NODES,cloud.google.com/gke-tpu-topology=$TOPOLOGY"
DELETE_POOL="gcloud container node-pools delete $TPU_POOL --cluster=$CLUSTER $AT"

nodes_ready() {
  [ "$(kube get nodes --selector "$TPU_NODES" --no-headers | awk '$2 == "Ready"' | wc -l)" \
    -ge "$INITIAL_NODES" ]
}

show_costs() {
  say "Running it costs $LEAST \$$RUNNING_PER_DAY a day, scaled to zero $LEAST \$$IDLE_PER_DAY a day."
  say 'Traffic, disks and taxes are not counted.'
}

take_options "$@"
need gcloud kubectl
need_cluster
step "look for node pool $TPU_POOL"
status=$(gcloud container node-pools list --cluster="$CLUSTER" --zone="$ZONE" --project="$PROJECT" \
  --filter="name=$TPU_POOL" --format='value(status)')
case $status in
  '')
    show_costs
    confirm "This creates $INITIAL_NODES TPU node(s), $CAPACITY, in $ZONE."
    step "create node pool $TPU_POOL"
    gcloud container node-pools create "$TPU_POOL" \
      --cluster="$CLUSTER" \
      --project="$PROJECT" \
      --zone="$ZONE" \
      --node-locations="$ZONE" \
      --machine-type=ct6e-standard-4t \
      --num-nodes="$INITIAL_NODES" \
      --enable-autoscaling \
      --min-nodes=0 \
      --max-nodes=3 \
      --workload-metadata=GKE_METADATA \
      --quiet || fail "no TPU nodes. When it was a stock-out (GCE_STOCKOUT) or a quota: try later," \
      "another zone, or another kind of capacity. Then take away what is left: $DELETE_POOL"
    ;;
  PROVISIONING | RECONCILING | RUNNING | RUNNING_WITH_ERROR) say "it is there already: $status" ;;
  *) fail "it is there, but $status; delete it and run this again: $DELETE_POOL" ;;
esac
if [ -z "$status" ] && [ "$INITIAL_NODES" -gt 0 ]; then
  step "TPU nodes Ready"
  wait_until "$NODES_SECONDS" 10 "$INITIAL_NODES TPU node(s)" nodes_ready
fi
kube get nodes --selector "$TPU_NODES"
