#!/usr/bin/env bash
# Deletes the cluster with everything in it, then what these scripts made around it.
# Takes 5 to 10 minutes; afterwards nothing of this deployment costs money but what it lists at the
# end. You type the cluster's name first (--yes skips that). Refuses while a Gateway or a volume is
# left, because load balancer and disks would stay behind and be billed. A cluster that was not made
# for this profile is never deleted.
#   --force   delete it also while a Gateway or a volume is left, or when it does not answer
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
# shellcheck source-path=SCRIPTDIR source=../lib/cluster.sh
. "$here/../lib/cluster.sh"
FORCE=

volumes_gone() { answers '' kube get persistentvolumes --output name; }
cluster_gone() { answers '' cluster_status; }

while [ $# -gt 0 ]; do
  case $1 in
    --force) FORCE=1 ;;
    *) take_option "$1" ;;
  esac
  shift
done
need gcloud kubectl jq
make_work_folder

step "look for cluster $CLUSTER, and for what would stay behind"
need_own_cluster "Delete it yourself, if it shall go: gcloud container clusters delete $CLUSTER $AT"
subnet=$(gcloud compute networks subnets list --project="$PROJECT" --network="$NETWORK" \
  --regions="$REGION" --filter="name=$SUBNET" --format='value(description)')
delete=$DRY_RUN
case $STATUS in
  '') [ -n "$DRY_RUN" ] || say "there is no such cluster" ;;
  STOPPING) say "it is being deleted already" ;;
  *) delete=1 ;;
esac
ask=$delete
[ -z "$FORCE" ] || ask=$DRY_RUN
if [ -n "$ask" ]; then
  left=$(kube get "$GATEWAYS" --all-namespaces --output name) ||
    fail "cannot ask what is left in it: run cluster/get-credentials.sh, or add --force"
  [ -z "$left" ] ||
    fail "still there: ${left//$'\n'/ } - run scripts/undeploy.sh first, or add --force"
fi
confirm "This deletes cluster $CLUSTER in $PROJECT, all that is in it, and what was made for it."
step "volumes, whose disks would outlive the cluster"
if [ -n "$ask" ]; then
  volumes_gone >/dev/null || [ -n "$DRY_RUN" ] ||
    fail "still there: ${FOUND:-no answer} - look what is on them, delete their claims with" \
      "kubectl delete persistentvolumeclaim, and run this again; or add --force"
fi
step "delete cluster $CLUSTER" '5 to 10 minutes'
if [ -n "$delete" ]; then
  gcloud container clusters delete "$CLUSTER" --zone="$ZONE" --project="$PROJECT" --quiet
fi
step "cluster gone" '5 to 10 minutes'
wait_until 1800 15 "cluster $CLUSTER to be gone" cluster_gone
# What cannot be deleted is told in the end: first comes the list of what is billed.
STAYS=
step "proxy-only subnet $SUBNET"
if [ "$subnet" = "$SUBNET_DESCRIPTION" ] || [ -n "$DRY_RUN" ]; then
  gcloud compute networks subnets delete "$SUBNET" --region="$REGION" --project="$PROJECT" --quiet ||
    STAYS="${STAYS:+$STAYS and }proxy-only subnet $SUBNET"
else
  say "none that these scripts made: nothing deleted"
fi
step "what GKE may have left behind"
gcloud compute forwarding-rules list "$LIST_SCOPE" --project="$PROJECT" --filter='name~^gkegw1-'
gcloud compute addresses list "$LIST_SCOPE" --project="$PROJECT" --filter='name~^gkegw1-'
gcloud compute disks list --zones="$ZONE" --project="$PROJECT" --filter='name~^pvc-'
say "What is listed above, if anything, is billed, and may belong to other clusters: look before you"
say "delete it, with gcloud compute forwarding-rules, addresses or disks delete NAME,"
say "or gcloud filestore instances delete NAME."
[ -z "$STAYS" ] ||
  fail "still in use, and left: $STAYS. Delete what is listed above and yours, then run this again"
