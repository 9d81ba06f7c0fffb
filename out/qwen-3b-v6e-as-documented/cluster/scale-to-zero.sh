#!/usr/bin/env bash
# Stops the service without deleting it, and empties the TPU node pool: what is left costs is
# printed at the end. Takes 2 to 5 minutes; scale-up.sh undoes it. First the service, then the
# nodes: the autoscaler would bring nodes back for pods that still want them.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
# shellcheck source-path=SCRIPTDIR source=../lib/common.sh
. "$here/../lib/common.sh"
LEAST=about
IDLE_PER_DAY=9.00

take_options "$@"
need gcloud kubectl
need_cluster
confirm "This stops $NAMESPACE/$SERVICE: clients get errors until scale-up.sh has run."
step "stop $SERVICE"
found=$(kube get "$LLMISVC" "$SERVICE" --namespace "$NAMESPACE" --ignore-not-found --output name)
if [ -n "$found" ]; then
  kube annotate "$found" --namespace "$NAMESPACE" --overwrite serving.kserve.io/stop=true
else
  say "it is not deployed"
fi
wait_until 300 5 "its pods to be gone" pods_gone
step "empty node pool $TPU_POOL"
gcloud container clusters resize "$CLUSTER" --node-pool="$TPU_POOL" --num-nodes=0 \
  --zone="$ZONE" --project="$PROJECT" --quiet
say "no TPU is billed any more; the rest costs $LEAST \$$IDLE_PER_DAY a day"
