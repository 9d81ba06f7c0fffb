#!/usr/bin/env bash
# Takes the service and the load balancer away, in the order that leaves nothing behind: service,
# policies, Gateway. Takes 3 to 10 minutes. Cluster, KServe, TPU pool and the foundation
# (namespaces, Secrets, compile cache) stay; an empty TPU pool shrinks by itself. The Gateway stays
# while routes of somebody else need it. Fails as long as parts of the load balancer are left, which
# are billed, also when it is run again.
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
# shellcheck source-path=SCRIPTDIR source=../lib/load-balancer.sh
. "$here/../lib/load-balancer.sh"
# Complaints of kubectl that only say: it is gone already.
ABSENT='no matches for kind|ensure CRDs are installed|resource mapping not found|NotFound'
ABSENT="$ABSENT|the server doesn.t have a resource type|^Warning:|^\$"
GATEWAY_SECONDS=600

# Waits until the objects and what hangs on them are gone.
delete() {
  tolerate "$ABSENT" kube delete --ignore-not-found --kustomize "$here/../$1" \
    --timeout="$((GATEWAY_SECONDS * WAIT_FACTOR))s"
}

take_options "$@"
need gcloud kubectl jq
need_cluster
make_work_folder
step "look for the load balancer's parts"
find_parts || fail "the cluster does not say which parts there are: nothing was changed"
[ -z "$PARTS" ] || say "${PARTS//$'\n'/ }"
confirm "This stops $NAMESPACE/$SERVICE and deletes its load balancer; the address may change."
step "service"
delete workload
step "its pods gone" 'under a minute'
wait_until 300 5 "its pods to be gone" pods_gone
step "policies"
delete policies
step "Gateway" '2 to 3 minutes'
others=$(other_routes) || fail "the routes of the cluster cannot be listed, and one may need it"
if [ -n "$others" ]; then
  warn "Gateway $GATEWAY_NAMESPACE/$GATEWAY stays, and its load balancer is billed on: other routes" \
    "need it: ${others//$'\n'/ }"
else
  remember_parts
  delete gateway
fi
step "load balancer gone"
if [ -n "$others" ]; then
  say "it stays, with the Gateway"
else
  wait_until "$GATEWAY_SECONDS" 10 "the load balancer to be gone" parts_gone ||
    fail "parts of the load balancer are left, and cost money: ${LEFT//$'\n'/ }. Run this again" \
      "later, or delete them: gcloud compute KIND delete NAME $SCOPE --project=$PROJECT"
  forget_parts
  warn_of_leftovers
fi
say "done. Next: nothing, or cluster/delete-cluster.sh"
