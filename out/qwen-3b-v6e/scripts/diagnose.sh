#!/usr/bin/env bash
# Collects what somebody needs to find out what is wrong, as one archive for a ticket: nodes, pods,
# events, logs, conditions, load balancer, quotas. Its first page, 0-summary.txt, names what looks
# wrong and what to do. Changes nothing, costs nothing; takes a minute, at most about 5.
# Of Secrets only the names are read, and what looks like a token or a password is masked. Look at
# it before you send it all the same: names of projects, images and models are in it, and prompts
# may be, where the model server logs them.
#   --output FOLDER   where to put the archive; $TMPDIR or /tmp by default
# WAIT_FACTOR=2 doubles every time limit.
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
# shellcheck source-path=SCRIPTDIR source=../lib/diagnose.sh
. "$here/../lib/diagnose.sh"
# shellcheck source-path=SCRIPTDIR source=../lib/diagnose-parts.sh
. "$here/../lib/diagnose-parts.sh"
# shellcheck source-path=SCRIPTDIR source=../lib/remedies.sh
. "$here/../lib/remedies.sh"

collect() {
  part versions versions
  part cluster describe_cluster
  part node-pools gcloud container node-pools list --cluster="$CLUSTER" --zone="$ZONE" \
    --project="$PROJECT"
  part operations gcloud container operations list --zone="$ZONE" --project="$PROJECT" \
    --sort-by=~startTime --limit=15
  part services gcloud services list --enabled --project="$PROJECT" --format='value(config.name)'
  part quotas quotas
  part tpu-quota tpu_quota
  part nodes kube get nodes --output wide \
    --label-columns cloud.google.com/gke-nodepool,cloud.google.com/gke-tpu-topology
  part nodes-described kube describe nodes --selector "cloud.google.com/gke-nodepool=$TPU_POOL"
  part pods list_in_all_namespaces pods --output wide
  part deployments list_in_all_namespaces deployments --output wide
  part events list_in_all_namespaces events --sort-by=.lastTimestamp
  part secret-names kube get secrets --namespace "$NAMESPACE"
  part crds kube get crds
  part webhooks kube get validatingwebhookconfigurations
  part presets kube get llminferenceserviceconfigs.serving.kserve.io \
    --namespace "$KSERVE_NAMESPACE"
  part service kube describe "$LLMISVC" "$SERVICE" --namespace "$NAMESPACE"
  part service-yaml kube get "$LLMISVC" "$SERVICE" --namespace "$NAMESPACE" --output yaml
  part workload kube describe pods --namespace "$NAMESPACE" --selector "$WORKLOAD_PODS"
  part log-model-server logs "$NAMESPACE" --selector "$WORKLOAD_PODS"
  part log-model-server-previous previous_logs
  part log-scheduler logs "$NAMESPACE" --selector "$SCHEDULER_PODS"
  part log-kserve logs "$KSERVE_NAMESPACE" "deployment/$CONTROLLER"
  part log-cert-manager logs cert-manager deployment/cert-manager
  part log-cert-manager-webhook logs cert-manager deployment/cert-manager-webhook
  part conditions all_conditions
  part gateway-classes kube get gatewayclasses.gateway.networking.k8s.io
  part gateway kube describe "$GATEWAYS" "$GATEWAY" --namespace "$GATEWAY_NAMESPACE"
  part routes kube get httproutes.gateway.networking.k8s.io --namespace "$NAMESPACE" --output yaml
  part inference-pools kube get inferencepools.inference.networking.k8s.io \
    --namespace "$NAMESPACE" --output yaml
  part health-check-policies kube get healthcheckpolicies.networking.gke.io \
    --namespace "$NAMESPACE" --output yaml
  part backend-policies kube get gcpbackendpolicies.networking.gke.io \
    --namespace "$NAMESPACE" --output yaml
  part network-policies kube get networkpolicies --namespace "$NAMESPACE" --output yaml
  part volumes kube get persistentvolumeclaims --namespace "$NAMESPACE"
  part forwarding-rules gcloud compute forwarding-rules list "$LIST_SCOPE" --project="$PROJECT"
  part backend-health backend_health
}

OUTPUT=${TMPDIR:-/tmp}
while [ $# -gt 0 ]; do
  case $1 in
    --output) need_value "a folder" "$@" && OUTPUT=$2 && shift ;;
    *) take_option "$1" ;;
  esac
  shift
done
[ -n "$DRY_RUN" ] || [ -d "$OUTPUT" ] || fail "there is no folder $OUTPUT"
umask 077
make_work_folder
step "collect"
name=diagnose-$CLUSTER-$(date -u +%Y%m%d-%H%M%S)
FOLDER=$WORK/$name
mkdir "$FOLDER"
: >"$WORK/missed"
: >"$WORK/findings"
write_mask
collect
step "pack"
if [ -z "$DRY_RUN" ]; then
  judge
  write_summary >"$FOLDER/0-summary.txt"
  cat "$FOLDER/0-summary.txt"
  if tar -C "$WORK" -czf "$WORK/archive" "$name"; then
    mv "$WORK/archive" "${OUTPUT%/}/$name.tar.gz"
    say "" && say "archive: ${OUTPUT%/}/$name.tar.gz"
  else
    mv "$FOLDER" "${OUTPUT%/}/$name"
    warn "tar failed; the files are in ${OUTPUT%/}/$name"
  fi
fi
