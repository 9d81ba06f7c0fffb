# shellcheck shell=bash
# The part of preflight.sh that looks at the network: the subnet of the nodes, and the range of
# the load balancer's proxies.
# Sourced after common.sh and checks.sh, never run.

SUBNETWORK=default
readonly SUBNETWORK

# Writes all subnets of the network, in every region, into $WORK/subnets.json.
list_subnets() {
  gcloud compute networks subnets list --network="$NETWORK" --project="$PROJECT" --quiet \
    --format=json >"$WORK/subnets.json"
}

check_nodes_subnet() {
  if jq -e --arg name "$SUBNETWORK" --arg region "$REGION" '
    any(.[]; .name == $name and (.region | sub(".*/"; "")) == $region)' \
    "$WORK/subnets.json" >/dev/null; then
    good "subnet $SUBNETWORK in network $NETWORK, $REGION"
  else
    bad "network $NETWORK has no subnet $SUBNETWORK in $REGION: run cluster/create-network.sh, or" \
      "name others in cluster.network and cluster.subnetwork of the profile"
  fi
}
