#!/usr/bin/env bash
# Stops the service without deleting it, and empties the TPU node pool: what is left costs is
# printed at the end. Takes 2 to 5 minutes; scale-up.sh undoes it. First the service, then the
# nodes: the autoscaler would bring nodes back for pods that still want them.
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
need gcloud kubectl
need_cluster
step "look for service $NAMESPACE/$SERVICE"
found=$(kube get "$LLMISVC" "$SERVICE" --namespace "$NAMESPACE" --ignore-not-found --output name)
stopped=$(service_stopped)
step "stop $SERVICE"
if [ "$stopped" = true ]; then
  say "it is stopped already"
elif [ -n "$found$DRY_RUN" ]; then
  confirm "This stops $NAMESPACE/$SERVICE: clients get errors until scale-up.sh has run."
  kube annotate "$LLMISVC" "$SERVICE" --namespace "$NAMESPACE" --overwrite \
    serving.kserve.io/stop=true
else
  say "it is not deployed"
fi
step "its pods gone" 'under a minute'
wait_until 300 5 "its pods to be gone" pods_gone
step "empty node pool $TPU_POOL" '1 to 3 minutes'
size=$(pool_size)
if [ -z "$DRY_RUN" ] && [ "$size" -eq 0 ]; then
  say "it is empty already"
else
  resize_pool 0
fi
say "no TPU is billed any more; the rest costs $LEAST \$$IDLE_PER_DAY a day"
