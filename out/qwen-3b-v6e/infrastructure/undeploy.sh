#!/usr/bin/env bash
# Removes KServe and cert-manager from the cluster, and cert-manager's namespaces with all that is
# in them; scripts/undeploy.sh comes first. Costs nothing; takes 3 to 10 minutes; safe to run
# again. You type the cluster's name first (--yes skips that). GKE's own CRDs, among them
# InferencePool in inference.networking.k8s.io, and the namespaces of the foundation stay; so does
# what others still use: LeaderWorkerSets, and cert-manager while certificates are left that are not
# KServe's. To be rid of the cluster, delete it instead: that needs none of this.
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
# shellcheck source-path=SCRIPTDIR source=../lib/infrastructure.sh
. "$here/../lib/infrastructure.sh"

LIMIT="$((CONTROLLER_SECONDS * WAIT_FACTOR))s"
readonly LIMIT

delete() { kube delete --ignore-not-found --filename "$1" --timeout="$LIMIT"; }

remove_cert_manager() {
  # While the operator runs it clears its own finalizers.
  tolerate "$GONE" kube delete "$CERT_MANAGER_OPERATOR" cluster --ignore-not-found \
    --timeout="$LIMIT"
  fetch_infrastructure
  [ -n "$DRY_RUN" ] || cp "$here/values.yaml" "$INFRASTRUCTURE/values.yaml"
  use_own_kubeconfig
  (
    [ -n "$DRY_RUN" ] || cd "$INFRASTRUCTURE"
    helmfile destroy --selector name=cert-manager-operator
  )
  tolerate "$GONE" kube delete infrastructures.config.openshift.io cluster --ignore-not-found \
    --timeout="$LIMIT"
  kube delete namespace cert-manager cert-manager-operator --ignore-not-found --timeout="$LIMIT"
}

take_options "$@"
need kubectl kustomize git
check_helm
need_cluster
make_work_folder
step "look for services"
services=$(list_all "$LLMISVC") || fail "the cluster's services cannot be listed"
[ -z "$services" ] || fail "still there: $services: run scripts/undeploy.sh first"
confirm "This removes KServe and cert-manager from $CLUSTER."

step "remove KServe"
kustomize build "$OVERLAY" >"$WORK/all.yaml"
only_ours <"$WORK/all.yaml" >"$WORK/kserve.yaml"
tolerate "$GONE" delete "$WORK/kserve.yaml"
kustomize build "$PKI_OVERLAY" >"$WORK/all.yaml"
only_ours <"$WORK/all.yaml" >"$WORK/pki.yaml"
tolerate "$GONE" delete "$WORK/pki.yaml"

step "remove the LeaderWorkerSet CRD"
sets=$(list_all "$LWS") || fail "the cluster's LeaderWorkerSets cannot be listed"
if [ -z "$sets" ]; then
  kube delete crd "$LWS" --ignore-not-found --timeout="$LIMIT"
else
  warn "it stays: somebody uses it: $sets"
fi

step "remove cert-manager"
certificates=$(list_all certificates.cert-manager.io) ||
  fail "the cluster's certificates cannot be listed"
if [ -z "$certificates" ]; then
  remove_cert_manager
else
  warn "it stays: somebody uses it: $certificates"
fi
