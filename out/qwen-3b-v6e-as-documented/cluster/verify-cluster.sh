#!/usr/bin/env bash
# Checks that what exists is what the profile says: cluster, add-ons, node pools, GatewayClass.
# Costs nothing, changes nothing, takes about 10 seconds. Goes on after a finding, and fails at
# the end when there was one. GKE keeps patching a cluster in a release channel, so a newer
# version is no finding.
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
# shellcheck source-path=SCRIPTDIR source=../lib/checks.sh
. "$here/../lib/checks.sh"
CLASS=gke-l7-global-external-managed
POOL=inferencepools.inference.networking.k8s.io
UPDATE="gcloud container clusters update $CLUSTER $AT"
UPDATE_POOL="gcloud container node-pools update --cluster=$CLUSTER $AT"
NEW_CLUSTER="only a new cluster can have another"
NEW_POOL="only a new pool can have another"

# Writes what gcloud says about the cluster into $WORK/facts. GKE leaves out what is 0 or false.
find_facts() {
  gcloud container clusters describe "$CLUSTER" --zone="$ZONE" --project="$PROJECT" \
    --format=json | jq -r '
    def on: if . then "on" else "off" end;
    ({
      "status": .status,
      "network": .network,
      "subnet": .subnetwork,
      "GKE": .currentMasterVersion,
      "release channel": (.releaseChannel.channel // "" | ascii_downcase),
      "VPC-native": (.ipAllocationPolicy.useIpAliases | on),
      "Gateway API": .networkConfig.gatewayApiConfig.channel,
      "HTTP load balancing": (.addonsConfig.httpLoadBalancing.disabled | not | on),
      "network policy": (.networkPolicy.enabled
        or .networkConfig.datapathProvider == "ADVANCED_DATAPATH" | on),
      "workload identity": .workloadIdentityConfig.workloadPool
    } + ([.nodePools[]? | .name as $name | .config as $config | {
      "status": .status,
      "machine type": $config.machineType,
      "autoscaling": (.autoscaling
        | if .enabled then "\(.minNodeCount // 0) to \(.maxNodeCount) nodes" else "off" end),
      "metadata server": $config.workloadMetadataConfig.mode,
      "capacity": (if $config.spot then "spot" elif $config.flexStart then "flex-start"
        elif $config.reservationAffinity.consumeReservationType == "SPECIFIC_RESERVATION"
        then "reservation" else "on-demand" end)
    } | with_entries(.key |= "\($name), \(.)")] | add // {}))
    | to_entries[] | "\(.key)\t\(.value // "")"' >"$WORK/facts"
}

check_cluster() {
  expect "status" RUNNING "see gcloud container clusters describe $CLUSTER $AT"
  expect "network" "$NETWORK" "$NEW_CLUSTER"
  expect "subnet" default "$NEW_CLUSTER"
  expect "release channel" regular "$UPDATE --release-channel=CHANNEL"
  expect "VPC-native" on "only a new cluster can be"
  expect "Gateway API" CHANNEL_STANDARD "$UPDATE --gateway-api=standard"
  expect "HTTP load balancing" on "$UPDATE --update-addons=HttpLoadBalancing=ENABLED"
  expect "network policy" on \
    "$UPDATE --update-addons=NetworkPolicy=ENABLED, then the same with --enable-network-policy"
  expect "workload identity" ecoeng-llmd.svc.id.goog \
    "$UPDATE --workload-pool="ecoeng-llmd.svc.id.goog
  at_least GKE 1.34 "$(awk -F '\t' '$1 == "GKE" { print $2 }' "$WORK/facts")" \
    "gcloud container clusters upgrade $CLUSTER $AT --master --cluster-version="1.34
}

check_pools() {
  expect "default-pool, machine type" n1-standard-4 "$NEW_POOL"
  expect "default-pool, autoscaling" '2 to 4 nodes' "$UPDATE_POOL default-pool"
  if ! grep -q "^$TPU_POOL," "$WORK/facts"; then
    bad "node pool $TPU_POOL is not there: run cluster/create-tpu-node-pool.sh"
    return 0
  fi
  expect "$TPU_POOL, status" RUNNING "cluster/create-tpu-node-pool.sh says what to do"
  expect "$TPU_POOL, machine type" ct6e-standard-4t "$NEW_POOL"
  expect "$TPU_POOL, autoscaling" '0 to 3 nodes' "run cluster/update-tpu-node-pool.sh"
  expect "$TPU_POOL, capacity" on-demand "$NEW_POOL"
  expect "$TPU_POOL, metadata server" GKE_METADATA \
    "workload identity needs it: $UPDATE_POOL $TPU_POOL --workload-metadata=GKE_METADATA"
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
find_facts
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
