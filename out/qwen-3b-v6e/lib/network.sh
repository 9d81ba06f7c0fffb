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

check_proxy_only_subnet() {
  local found
  found=$(jq -r --arg region "$REGION" '
    .[] | select(.purpose == "REGIONAL_MANAGED_PROXY" and .role == "ACTIVE"
      and (.region | sub(".*/"; "")) == $region) | "\(.ipCidrRange) (\(.name))"' \
    "$WORK/subnets.json")
  case $found in
    "$SUBNET_RANGE "*) good "proxy-only subnet $found" ;;
    '')
      good "no proxy-only subnet in $REGION yet: create-proxy-only-subnet.sh makes one"
      check_overlap
      ;;
    *) bad "$REGION already has a proxy-only subnet with $found, not $SUBNET_RANGE:" \
      "set gateway.proxyOnlySubnet.range to it and render again" ;;
  esac
}

# No two subnets of a network may share an address, whatever their regions.
check_overlap() {
  local found
  found=$(jq -r --arg range "$SUBNET_RANGE" '
    def bounds: split("/") as [$address, $length]
      | (32 - ($length | tonumber) | exp2) as $size
      | (reduce ($address | split(".")[] | tonumber) as $part (0; . * 256 + $part))
      | . - . % $size | {first: ., after: (. + $size)};
    ($range | bounds) as $ours
    | [.[] | .name as $name | (.region | sub(".*/"; "")) as $region
      | (.ipCidrRange, (.secondaryIpRanges[]?.ipCidrRange)) | select(. != null) as $theirs
      | ($theirs | bounds) | select(.first < $ours.after and $ours.first < .after)
      | "\($theirs) of \($name) in \($region)"] | join(", ")' "$WORK/subnets.json")
  if [ -z "$found" ]; then
    good "range $SUBNET_RANGE is free in $NETWORK"
  else
    bad "range $SUBNET_RANGE overlaps $found: set gateway.proxyOnlySubnet.range to a free one"
  fi
}
