#!/usr/bin/env bash
# Takes the service and the load balancer away, in the order that leaves nothing behind: service,
# policies, Gateway. Takes 3 to 10 minutes. Cluster, KServe, TPU pool and the foundation
# (namespaces, Secrets, compile cache) stay; an empty TPU pool shrinks by itself.
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
# Complaints of kubectl that only say: it is gone already.
ABSENT='no matches for kind|ensure CRDs are installed|resource mapping not found|NotFound'
ABSENT="$ABSENT|the server doesn.t have a resource type|^Warning:|^\$"
GATEWAY_SECONDS=600
RULES=

# Waits until the objects and what hangs on them are gone.
delete() {
  tolerate "$ABSENT" kube delete --ignore-not-found --kustomize "$here/../$1" \
    --timeout="$((GATEWAY_SECONDS * WAIT_FACTOR))s"
}

rules_gone() {
  local rule
  for rule in $RULES; do
    answers '' gcloud compute forwarding-rules list "$LIST_SCOPE" --project="$PROJECT" \
      --filter="name=$rule" --format='value(name)' || return 1
  done
}

take_options "$@"
need gcloud kubectl jq
need_cluster
make_work_folder
step "look for the load balancer's parts"
keep RULES gateway_parts forwarding-rules
confirm "This stops $NAMESPACE/$SERVICE and deletes its load balancer; the address may change."
step "service"
delete workload
step "its pods gone" 'under a minute'
wait_until 300 5 "its pods to be gone" pods_gone
step "policies"
delete policies
step "Gateway" '2 to 3 minutes'
delete gateway
step "load balancer gone"
wait_until "$GATEWAY_SECONDS" 10 "the load balancer to be gone" rules_gone ||
  fail "forwarding rules are left, and cost money: $RULES"
say "gone. Next: nothing, or cluster/delete-cluster.sh"
