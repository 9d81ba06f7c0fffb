#!/usr/bin/env bash
# Removes KServe and cert-manager from the cluster, and cert-manager's namespaces with all that is
# in them; scripts/undeploy.sh comes first. Costs nothing; takes 3 to 10 minutes; safe to run
# again. You type the cluster's name first (--yes skips that). GKE's own CRDs, among them
# InferencePool in inference.networking.k8s.io, and the namespaces of the foundation stay. So does
# what somebody else or another profile installed, and what others still use: CRDs with objects of
# others in them, and cert-manager while certificates or issuers are left that are not KServe's.
# To be rid of the cluster, delete it instead: that needs none of this.
#   --force   also remove what has no record of who installed it: older versions of these scripts
#             left none
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
CERTIFICATES=certificates.cert-manager.io,issuers.cert-manager.io,clusterissuers.cert-manager.io
readonly LIMIT CERTIFICATES

delete() { kube delete --ignore-not-found --filename "$1" --timeout="$LIMIT"; }

remove_cert_manager() {
  # While the operator runs it clears its own finalizers.
  tolerate "$GONE" kube delete "$CERT_MANAGER_OPERATOR" cluster --ignore-not-found \
    --timeout="$LIMIT"
  fetch_infrastructure
  locally cp "$here/values.yaml" "$INFRASTRUCTURE/values.yaml"
  use_own_kubeconfig
  inside "$INFRASTRUCTURE" helmfile destroy --selector name=cert-manager-operator
  tolerate "$GONE" kube delete infrastructures.config.openshift.io cluster --ignore-not-found \
    --timeout="$LIMIT"
  kube delete namespace cert-manager cert-manager-operator --ignore-not-found --timeout="$LIMIT"
}

remove_kserve() {
  local before=inferencepools.inference.networking.k8s.io crds='' known='' objects
  keep known kube get configmap llmd-render-kserve --namespace default --ignore-not-found \
    --output 'jsonpath={.data.inference-crds-before}'
  keep crds inference_crds
  if [ -n "$crds" ]; then
    objects=$(list_all "$crds") || fail "the objects of $crds cannot be listed"
    [ -z "$objects" ] || warn "the inference CRDs stay: somebody uses them: ${objects//$'\n'/ }"
    [ -z "$objects" ] || before=$before,$crds
  fi
  into "$WORK/all.yaml" kustomize build "$OVERLAY"
  into "$WORK/kserve.yaml" only_ours "$WORK/all.yaml" "$before,$known"
  tolerate "$GONE" delete "$WORK/kserve.yaml"
  into "$WORK/all.yaml" kustomize build "$PKI_OVERLAY"
  into "$WORK/pki.yaml" only_ours "$WORK/all.yaml" "$before"
  tolerate "$GONE" delete "$WORK/pki.yaml"
  forget kserve
}

# shellcheck disable=SC2034 # records.sh reads FORCE
while [ $# -gt 0 ]; do
  case $1 in
    --force) FORCE=1 ;;
    *) take_option "$1" ;;
  esac
  shift
done
need kubectl kustomize git
check_helm
need_cluster
make_work_folder
step "look for services"
services=$(list_all "$LLMISVC") || fail "the cluster's services cannot be listed"
[ -z "$services" ] || fail "still there: $services: run scripts/undeploy.sh first"
confirm "This removes KServe and cert-manager from $CLUSTER."

step "remove KServe"
if ours kserve; then
  remove_kserve
fi

step "remove the LeaderWorkerSet CRD"
sets=$(list_all "$LWS") || fail "the cluster's LeaderWorkerSets cannot be listed"
if [ -n "$sets" ]; then
  warn "it stays: somebody uses it: ${sets//$'\n'/ }"
elif ours lws-crds; then
  kube delete crd "$LWS" --ignore-not-found --timeout="$LIMIT"
  forget lws-crds
fi

step "remove cert-manager"
certificates=$(list_all "$CERTIFICATES") ||
  fail "the cluster's certificates and issuers cannot be listed"
if [ -n "$certificates" ]; then
  warn "it stays: somebody uses it: ${certificates//$'\n'/ }"
elif ours cert-manager; then
  remove_cert_manager
  forget cert-manager
fi
