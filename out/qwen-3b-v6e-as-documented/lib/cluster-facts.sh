# shellcheck shell=bash
# shellcheck disable=SC2034 # the scripts that source this file use the constants
# What the cluster is, against what the profile says of it.
# Sourced after common.sh and checks.sh, and used after make_work_folder; never run.

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
      "made for profile": .resourceLabels."llmd-profile",
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
      "made for profile": $config.resourceLabels."llmd-profile",
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
  expect "made for profile" "$PROFILE" "cluster/create-cluster.sh says what to do"
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

check_pool_owner() {
  expect "$TPU_POOL, made for profile" "$PROFILE" \
    "no script will change it: name another in cluster.tpuPool.name and render again"
}
