#!/usr/bin/env bash
# Brings the limits of the TPU node pool, fewest and most nodes, to those of the profile: render
# with the new number first. Takes up to a minute; costs nothing by itself, but a pool that may
# grow costs more when it does. A pool with these limits is left as it is. For another number of
# replicas run scripts/deploy.sh afterwards.
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
# shellcheck source-path=SCRIPTDIR source=../lib/node-pool.sh
. "$here/../lib/node-pool.sh"

take_options "$@"
need gcloud jq
step "look at the limits of node pool $TPU_POOL"
# GKE leaves out what is 0 or false.
limits=$(gcloud container node-pools list --cluster="$CLUSTER" --zone="$ZONE" \
  --project="$PROJECT" --filter="name=$TPU_POOL" --format=json |
  jq -r '.[] | .autoscaling
    | if .enabled then "\(.minNodeCount // 0) to \(.maxNodeCount // 0) nodes" else "off" end')
[ -n "$DRY_RUN$limits" ] || fail "there is no such pool: run cluster/create-tpu-node-pool.sh"
say "autoscaling now: $limits"
step "autoscaling from 0 to $MAX_NODES nodes"
if [ "$limits" = "0 to $MAX_NODES nodes" ]; then
  say "it is so already"
else
  confirm "This lets node pool $TPU_POOL have 0 to $MAX_NODES TPU nodes."
  gcloud container node-pools update "$TPU_POOL" --cluster="$CLUSTER" --zone="$ZONE" \
    --project="$PROJECT" --enable-autoscaling --min-nodes=0 --max-nodes="$MAX_NODES" --quiet
fi
say "next: scripts/deploy.sh, when the number of replicas has changed"
