#!/usr/bin/env bash
# Shows what there is and how it is, from nodes to load balancer. Changes nothing, costs nothing,
# takes a few seconds; what is missing is shown as an error line, and the rest still follows.
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
show() {
  say "== $1"
  shift
  maybe "$@" || true
}

take_options "$@"
need gcloud kubectl
show "node pools" gcloud container node-pools list --cluster="$CLUSTER" --zone="$ZONE" \
  --project="$PROJECT"
show "nodes" kube get nodes \
  --label-columns cloud.google.com/gke-nodepool,cloud.google.com/gke-tpu-topology
show "cert-manager" kube get pods --namespace cert-manager
show "KServe" kube get pods --namespace "$KSERVE_NAMESPACE"
show "Gateway" kube get "$GATEWAYS" "$GATEWAY" --namespace "$GATEWAY_NAMESPACE"
show "service" kube get "$LLMISVC" "$SERVICE" --namespace "$NAMESPACE"
show "pods" kube get pods --namespace "$NAMESPACE" --output wide
show "routes" kube get httproutes.gateway.networking.k8s.io --namespace "$NAMESPACE"
show "inference pools" kube get inferencepools.inference.networking.k8s.io --namespace "$NAMESPACE"
show "last events" kube get events --namespace "$NAMESPACE" --sort-by=.lastTimestamp
