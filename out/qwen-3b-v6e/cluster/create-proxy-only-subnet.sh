#!/usr/bin/env bash
# Makes the proxy-only subnet that the regional load balancer sends its traffic from.
# Costs nothing; takes half a minute. A region and network can have only one active: one that is
# there is used when its range is the profile's, and otherwise nothing is made.
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

subnet_ready() {
  answers READY gcloud compute networks subnets describe "$name" --region="$REGION" \
    --project="$PROJECT" --format='value(state)'
}

take_options "$@"
need gcloud
step "look for a proxy-only subnet in $REGION, network $NETWORK"
found=$(find_proxy_only_subnet)
read -r name range <<<"$found" || true
[ -z "$name" ] || [ "$range" = "$SUBNET_RANGE" ] ||
  fail "there already is $name with $range. NetworkPolicies admit the profile's range only:" \
    "set gateway.proxyOnlySubnet.range to $range and render again"
step "create $SUBNET, $SUBNET_RANGE" 'half a minute'
if [ -n "$name" ]; then
  say "using $name, $range, which is there already"
else
  name=$SUBNET
  gcloud compute networks subnets create "$SUBNET" --project="$PROJECT" --region="$REGION" \
    --network="$NETWORK" --range="$SUBNET_RANGE" --purpose=REGIONAL_MANAGED_PROXY --role=ACTIVE \
    --description="$SUBNET_DESCRIPTION" --quiet
fi
step "subnet READY"
wait_until 120 5 "subnet $name" subnet_ready
say "next: cluster/create-cluster.sh"
