#!/usr/bin/env bash
# Removes KServe and cert-manager from the cluster; scripts/undeploy.sh comes first.
# Takes 3 to 10 minutes. GKE's own CRDs, among them InferencePool in inference.networking.k8s.io,
# and the namespaces of the foundation stay. To be rid of the cluster, delete it instead: that
# needs none of this.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
# shellcheck source-path=SCRIPTDIR source=../lib/common.sh
. "$here/../lib/common.sh"
# shellcheck source-path=SCRIPTDIR source=../lib/infrastructure.sh
. "$here/../lib/infrastructure.sh"
# Complaints of kubectl that only say: it is gone already.
ABSENT='no matches for kind|ensure CRDs are installed|resource mapping not found|NotFound'
ABSENT="$ABSENT|the server doesn.t have a resource type|^Warning:|^\$"

delete() { kube delete --ignore-not-found --filename "$1"; }

take_options "$@"
need kubectl kustomize git
check_helm
need_cluster
make_work_folder
step "look for services"
services=$(kube get "$LLMISVC" --all-namespaces --output name 2>"$WORK/errors") ||
  grep -q "the server doesn.t have a resource type" "$WORK/errors" || {
  cat "$WORK/errors" >&2
  fail "cannot ask the cluster for services"
}
[ -z "$services" ] || fail "still there: $services. Run scripts/undeploy.sh first."
confirm "This removes KServe and cert-manager from $CLUSTER."

step "remove KServe"
kustomize build "$OVERLAY" | only_ours >"$WORK/kserve.yaml"
tolerate "$ABSENT" delete "$WORK/kserve.yaml"
kustomize build "$PKI_OVERLAY" | only_ours >"$WORK/pki.yaml"
tolerate "$ABSENT" delete "$WORK/pki.yaml"

step "remove the LeaderWorkerSet CRD"
LWS=leaderworkersets.leaderworkerset.x-k8s.io
sets=$(kube get "$LWS" --all-namespaces --output name 2>/dev/null) || sets=
if [ -z "$sets" ]; then
  kube delete crd "$LWS" --ignore-not-found
else
  warn "it stays: somebody uses it: $sets"
fi

step "remove cert-manager"
# While the operator runs it clears its own finalizers.
tolerate "$ABSENT" kube delete certmanagers.operator.openshift.io cluster --ignore-not-found \
  --timeout=120s
fetch_infrastructure
cp "$here/values.yaml" "$INFRASTRUCTURE/values.yaml"
use_own_kubeconfig
(cd "$INFRASTRUCTURE" && helmfile destroy --selector name=cert-manager-operator)
tolerate "$ABSENT" kube delete infrastructures.config.openshift.io cluster --ignore-not-found \
  --timeout=60s
kube delete namespace cert-manager cert-manager-operator --ignore-not-found
