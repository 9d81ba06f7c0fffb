#!/usr/bin/env bash
# Writes the cluster's credentials into your kubeconfig, makes it kubectl's current context, and
# waits for the CPU nodes. Costs nothing; takes a few seconds. The other scripts name the context
# in every call, so they keep to this cluster whatever you switch to later.
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
CPU_NODES=2

nodes_ready() { counts "$(ready_nodes cloud.google.com/gke-nodepool=default-pool)" "$CPU_NODES"; }

take_options "$@"
need gcloud kubectl gke-gcloud-auth-plugin
step "credentials of $CLUSTER"
gcloud container clusters get-credentials "$CLUSTER" --zone="$ZONE" --project="$PROJECT"
step "CPU nodes Ready" 'a few seconds'
wait_until 300 5 "$CPU_NODES CPU node(s)" nodes_ready
kube get nodes
say "next: infrastructure/deploy-cert-manager.sh"
