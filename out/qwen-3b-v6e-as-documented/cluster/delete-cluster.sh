#!/usr/bin/env bash
# Deletes the cluster with everything in it, then what these scripts made around it.
# Takes 5 to 10 minutes; afterwards nothing of this deployment costs money. You type the cluster's
# name first (--yes skips that). Refuses while a Gateway is left, because its load balancer would
# stay behind and be billed; --force deletes nevertheless.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
# shellcheck source-path=SCRIPTDIR source=../lib/common.sh
. "$here/../lib/common.sh"
FORCE=
for option; do
  case $option in
    --force) FORCE=1 ;;
    *) take_option "$option" ;;
  esac
done
need gcloud kubectl

step "look for cluster $CLUSTER"
found=$(gcloud container clusters list --zone="$ZONE" --project="$PROJECT" \
  --filter="name=$CLUSTER" --format='value(name)')
if [ -n "$found" ]; then
  if [ -z "$FORCE" ]; then
    step "look for Gateways in it"
    left=$(kube get "$GATEWAYS" --all-namespaces --output name) ||
      fail "cannot ask whether a Gateway is left: run cluster/get-credentials.sh, or add --force"
    [ -z "$left" ] || fail "still there: $left. Run scripts/undeploy.sh first, or add --force."
  fi
  confirm "This deletes cluster $CLUSTER in $PROJECT, all that is in it, and what was made for it."
  step "delete cluster $CLUSTER"
  gcloud container clusters delete "$CLUSTER" --zone="$ZONE" --project="$PROJECT" --quiet
else
  say "there is no such cluster"
  confirm "This deletes what these scripts made around it in $PROJECT."
fi

step "what GKE may have left behind"
gcloud compute forwarding-rules list "$LIST_SCOPE" --project="$PROJECT" --filter='name~^gkegw1-'
gcloud compute disks list --zones="$ZONE" --project="$PROJECT" --filter='name~^pvc-'
say "Forwarding rules and disks listed above, if any, may belong to other clusters: look before"
say "you delete one, with gcloud compute forwarding-rules delete or gcloud compute disks delete."
