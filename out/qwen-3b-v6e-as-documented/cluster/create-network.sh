#!/usr/bin/env bash
# Makes the profile's VPC network where the project has none: one with a subnet of the same name in
# every region (auto mode). Costs nothing; takes up to a minute. A network that is there is left as
# it is, and no script deletes it.
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
SUBNETWORK=default

subnet_there() {
  answers "$SUBNETWORK" gcloud compute networks subnets list --project="$PROJECT" \
    --network="$NETWORK" --regions="$REGION" --filter="name=$SUBNETWORK" --format='value(name)'
}

take_options "$@"
need gcloud
step "network $NETWORK" 'up to a minute'
found=$(gcloud compute networks list --project="$PROJECT" --filter="name=$NETWORK" \
  --format='value(name)')
if [ -n "$found" ]; then
  say "it is there already"
else
  gcloud compute networks create "$NETWORK" --project="$PROJECT" --subnet-mode=auto \
    --description="made by llmd-render profile $PROFILE" --quiet
fi
step "its subnet $SUBNETWORK in $REGION"
wait_until 120 5 "subnet $SUBNETWORK" subnet_there ||
  fail "network $NETWORK has no such subnet: name another in cluster.subnetwork of the profile"
