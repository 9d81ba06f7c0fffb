#!/usr/bin/env bash
# Brings back what scale-to-zero.sh stopped: TPU nodes, then the service, and waits until it is
# Ready. Takes 10 to 20 minutes. The price of running is printed first, and you are asked.
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
exists "$LLMISVC" "$SERVICE" --namespace "$NAMESPACE" || [ -n "$DRY_RUN" ] ||
  fail "it is not deployed, and without it nodes would be idle: run scripts/deploy.sh"
stopped=$(service_stopped)
size=$(pool_size)
if [ "$stopped" = true ] || [ "$size" -lt "$INITIAL_NODES" ]; then
  show_costs
  confirm "This starts TPU nodes for $NAMESPACE/$SERVICE."
fi
step "$INITIAL_NODES node(s) in $TPU_POOL" '3 to 10 minutes'
if [ "$size" -lt "$INITIAL_NODES" ]; then
  resize_pool "$INITIAL_NODES"
else
  say "there are $size already, or they come when they are wanted"
fi
step "start $SERVICE"
if [ "$stopped" = true ] || [ -n "$DRY_RUN" ]; then
  kube annotate "$LLMISVC" "$SERVICE" --namespace "$NAMESPACE" serving.kserve.io/stop-
else
  say "it is not stopped"
fi
step "$SERVICE Ready" '4 to 15 minutes'
wait_until 2100 15 "$NAMESPACE/$SERVICE" service_ready
say "next: scripts/test-cluster.sh"
