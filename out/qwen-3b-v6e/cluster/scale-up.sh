#!/usr/bin/env bash
# Brings back what scale-to-zero.sh stopped: TPU nodes, then the service, and waits until it is
# Ready. Takes 10 to 20 minutes. The price of running is printed first, and you are asked.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
# shellcheck source-path=SCRIPTDIR source=../lib/common.sh
. "$here/../lib/common.sh"
LEAST=about
RUNNING_PER_DAY=298.16
INITIAL_NODES=1
SERVICE_SECONDS=3900

take_options "$@"
need gcloud kubectl
need_cluster
say "From now on it costs $LEAST \$$RUNNING_PER_DAY a day."
confirm "This starts TPU nodes for $NAMESPACE/$SERVICE."
if [ "$INITIAL_NODES" -gt 0 ]; then
  step "$INITIAL_NODES node(s) in $TPU_POOL"
  gcloud container clusters resize "$CLUSTER" --node-pool="$TPU_POOL" \
    --num-nodes="$INITIAL_NODES" --zone="$ZONE" --project="$PROJECT" --quiet
fi
step "start $SERVICE"
kube annotate "$LLMISVC" "$SERVICE" --namespace "$NAMESPACE" serving.kserve.io/stop-
step "$SERVICE Ready"
wait_until "$SERVICE_SECONDS" 15 "$NAMESPACE/$SERVICE" service_ready
say "next: scripts/test-cluster.sh"
