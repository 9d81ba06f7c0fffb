#!/usr/bin/env bash
# Checks that what exists is what the profile says: cluster, add-ons, node pools, GatewayClass.
# Costs nothing, changes nothing, takes about 10 seconds. Goes on after a finding, and fails at
# the end when there was one. GKE keeps patching a cluster in a release channel, so a newer
# version is no finding.
set -Eeuo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
# shellcheck source-path=SCRIPTDIR source=../lib/common.sh
. "$here/../lib/common.sh"
# shellcheck source-path=SCRIPTDIR source=../lib/checks.sh
. "$here/../lib/checks.sh"
CLASS=gke-l7-regional-external-managed
POOL=inferencepools.inference.networking.k8s.io
UPDATE="gcloud container clusters update $CLUSTER $AT"
RECREATE="only a new pool can have another"

check_cluster() {
  expect "status" RUNNING .status "see gcloud container clusters describe $CLUSTER $AT"
  expect "network" "$NETWORK" .network "only a new cluster can have another"
  expect "subnet" default .subnetwork "only a new cluster can have another"
  expect "release channel" regular \
    '.releaseChannel.channel // "" | ascii_downcase' \
    "$UPDATE --release-channel="regular
  expect "VPC-native" true .ipAllocationPolicy.useIpAliases "only a new cluster can be"
  expect "Gateway API" CHANNEL_STANDARD .networkConfig.gatewayApiConfig.channel \
    "$UPDATE --gateway-api=standard"
  expect "HTTP load balancing" on \
    'if .addonsConfig.httpLoadBalancing.disabled then "off" else "on" end' \
    "$UPDATE --update-addons=HttpLoadBalancing=ENABLED"
  expect "network policy" on 'if .networkPolicy.enabled
    or .networkConfig.datapathProvider == "ADVANCED_DATAPATH" then "on" else "off" end' \
    "$UPDATE --update-addons=NetworkPolicy=ENABLED, then the same with --enable-network-policy"
  expect "workload identity" ecoeng-llmd.svc.id.goog \
    .workloadIdentityConfig.workloadPool "$UPDATE --workload-pool="ecoeng-llmd.svc.id.goog
  at_least "GKE" 1.34 "$(jq -r .currentMasterVersion "$WORK/cluster.json")"
}

# expect_pool NAME WHAT WANTED FILTER HINT: the filter sees the node pool.
expect_pool() {
  expect "$1: $2" "$3" ".nodePools[]? | select(.name == \"$1\") | $4" "$5"
}

LIMITS='.autoscaling | if .enabled then "\(.minNodeCount // 0) to \(.maxNodeCount)" else "off" end'

check_pools() {
  local limits='2 to 4 nodes'
  expect_pool default-pool "machine type" n1-standard-4 \
    .config.machineType "$RECREATE"
  expect_pool default-pool "nodes" "$limits" "$LIMITS" "see gcloud container node-pools update"
  if ! jq -e --arg name "$TPU_POOL" 'any(.nodePools[]?; .name == $name)' "$WORK/cluster.json" \
    >/dev/null; then
    bad "node pool $TPU_POOL is not there: run cluster/create-tpu-node-pool.sh"
    return 0
  fi
  expect_pool "$TPU_POOL" "status" RUNNING .status "cluster/create-tpu-node-pool.sh says what to do"
  expect_pool "$TPU_POOL" "machine type" ct6e-standard-4t .config.machineType "$RECREATE"
  expect_pool "$TPU_POOL" "nodes" '0 to 3 nodes' "$LIMITS" \
    "run cluster/update-tpu-node-pool.sh"
  expect_pool "$TPU_POOL" "capacity" on-demand '.config
    | if .spot then "spot" elif .flexStart then "flex-start"
      elif .reservationAffinity.consumeReservationType == "SPECIFIC_RESERVATION" then "reservation"
      else "on-demand" end' "$RECREATE"
  expect_pool "$TPU_POOL" "metadata server" GKE_METADATA .config.workloadMetadataConfig.mode \
    "workload identity needs it: gcloud container node-pools update --workload-metadata=GKE_METADATA"
}

check_topologies() {
  local found
  found=$(kube get nodes --selector "cloud.google.com/gke-nodepool=$TPU_POOL" --output json |
    jq -r '[.items[].metadata.labels | ."cloud.google.com/gke-tpu-accelerator"
      + " " + ."cloud.google.com/gke-tpu-topology"] | unique | join(", ")')
  case $found in
    '') good "$TPU_POOL: no nodes now, as the autoscaler or scale-to-zero.sh left it" ;;
    'tpu-v6e-slice 2x2') good "$TPU_POOL: nodes are $found" ;;
    *) bad "$TPU_POOL: nodes are $found, and the profile says" 'tpu-v6e-slice 2x2' ;;
  esac
}

take_options "$@"
need gcloud kubectl jq
need_cluster
make_work_folder
step "cluster $CLUSTER"
gcloud container clusters describe "$CLUSTER" --zone="$ZONE" --project="$PROJECT" \
  --format=json >"$WORK/cluster.json"
check_cluster
step "node pools"
check_pools
check_topologies
step "what GKE brings"
# Not a problem: deploy.sh waits for it.
if exists gatewayclass "$CLASS"; then
  good "GatewayClass $CLASS"
else
  say "not yet  GatewayClass $CLASS; it comes up to 45 minutes after the Gateway API was turned on"
fi
if exists crd "$POOL"; then
  good "CRD $POOL"
else
  bad "CRD $POOL is not there: GKE brings it from 1.34.0-gke.1626000 on"
fi
conclude "the cluster is what the profile says"
