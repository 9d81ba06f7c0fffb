#!/usr/bin/env bash
# Creates the GKE cluster with its CPU nodes; the TPU nodes come later, from
# create-tpu-node-pool.sh. Takes 8 to 12 minutes. From then on CPU nodes and cluster cost money,
# as printed before the start. A cluster that is there is left as it is, and used if it was made
# for this profile.
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
LEAST=about
IDLE_PER_DAY=9.00
CHANNEL_FIELD='networkConfig.gatewayApiConfig.channel'

is_running() {
  answers RUNNING cluster_status && return 0
  case $FOUND in
    ERROR | DEGRADED | STOPPING)
      hopeless "it is $FOUND, and waiting does not mend that:" \
        "gcloud container clusters describe $CLUSTER $AT says why"
      ;;
    *) return 1 ;;
  esac
}

take_options "$@"
need gcloud jq
make_work_folder
step "look for cluster $CLUSTER in $ZONE"
need_own_cluster "Name another in cluster.name of the profile, or set cluster.existing to true to use it"
case $STATUS in
  '' | PROVISIONING | RECONCILING | RUNNING) say "status: ${STATUS:-it is not there}" ;;
  STOPPING) fail "it is being deleted: run this again when it is gone" ;;
  *) fail "it is there, but $STATUS: gcloud container clusters describe $CLUSTER $AT" ;;
esac
step "create cluster $CLUSTER" '8 to 12 minutes'
if [ -n "$STATUS" ]; then
  say "it is there already"
else
  say "With its CPU nodes and without TPUs it costs $LEAST \$$IDLE_PER_DAY a day from now on."
  confirm "This creates the cluster $CLUSTER in project $PROJECT."
  gcloud container clusters create "$CLUSTER" \
    --project="$PROJECT" \
    --zone="$ZONE" \
    --network="$NETWORK" \
    --subnetwork=default \
    --release-channel=regular \
    --cluster-version=1.34 \
    --machine-type=n1-standard-4 \
    --num-nodes=2 \
    --enable-autoscaling \
    --min-nodes=2 \
    --max-nodes=4 \
    --enable-ip-alias \
    --enable-network-policy \
    --gateway-api=standard \
    --workload-pool=ecoeng-llmd.svc.id.goog \
    --enable-shielded-nodes \
    --shielded-secure-boot \
    --shielded-integrity-monitoring \
    --labels="managed-by=llmd-render,llmd-profile=$PROFILE" \
    --quiet
fi
step "cluster RUNNING" '8 to 12 minutes'
wait_until 1800 15 "cluster $CLUSTER" is_running
step "Gateway API is on"
channel=$(gcloud container clusters describe "$CLUSTER" --zone="$ZONE" --project="$PROJECT" \
  --format="value($CHANNEL_FIELD)")
[ -n "$DRY_RUN" ] || [ "$channel" = CHANNEL_STANDARD ] ||
  fail "its Gateway API is off: gcloud container clusters update $CLUSTER $AT --gateway-api=standard"
say "next: cluster/get-credentials.sh"
