#!/usr/bin/env bash
# Installs KServe with its LLMInferenceService controller, at the pinned commit.
# Costs nothing beyond the CPU nodes; takes 3 to 10 minutes; safe to run again.
# The first time it applies everything twice, as KServe's overlay needs: its own objects can only
# be stored once its CRDs are established, and are only admitted once its controller answers. In
# between it takes KServe's validating webhooks away. Makes the namespaces of this deployment, too.
# A KServe that somebody else installed is left as it is, and so are inference CRDs that were there.
#   --force   install it nevertheless, over the one that is there; from then on it counts as ours
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
# What the first pass may complain of, and nothing else.
EXPECTED='no matches for kind|ensure CRDs are installed first|failed calling webhook|^Warning:|^$'

apply() { kube apply --server-side --force-conflicts --filename "$1"; }
issuer_ready() { kube wait --for=condition=Ready "clusterissuer/$ISSUER" --timeout=1s; }
controller_available() {
  kube wait --for=condition=Available "deployment/$CONTROLLER" \
    --namespace "$KSERVE_NAMESPACE" --timeout=1s
}

first_pass() {
  tolerate "$EXPECTED" apply "$WORK/kserve.yaml"
  # They would refuse KServe's own objects until the controller serves them; the second pass
  # brings them back.
  kube delete validatingwebhookconfiguration llminferenceservice.serving.kserve.io --ignore-not-found
  kube delete validatingwebhookconfiguration llminferenceserviceconfig.serving.kserve.io --ignore-not-found
  wait_until "$CONTROLLER_SECONDS" 5 "controller $CONTROLLER" controller_available || {
    kube get pods --namespace "$KSERVE_NAMESPACE" || warn "its pods cannot be listed"
    kube logs --namespace "$KSERVE_NAMESPACE" "deployment/$CONTROLLER" --tail=20 ||
      warn "it has no log"
    fail "the controller does not start: scripts/diagnose.sh collects why"
  }
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
need_cluster
make_work_folder
step "namespaces"
kube apply --server-side --filename "$here/../foundation/namespaces.yaml"
step "no other KServe"
before=
keep before inference_crds
claim kserve "$LLMISVC" "to use it, leave this script out and go on; to install over it, add --force"
record kserve --from-literal="inference-crds-before=$before"
keep before kube get configmap llmd-render-kserve --namespace default \
  --output 'jsonpath={.data.inference-crds-before}'
step "fetch KServe's manifests"
into "$WORK/pki.yaml" kustomize build "$PKI_OVERLAY"
into "$WORK/all.yaml" kustomize build "$OVERLAY"
into "$WORK/kserve.yaml" only_ours "$WORK/all.yaml" "$before"

step "certificate authority"
wait_until "$ISSUER_SECONDS" 10 "cert-manager to admit it" apply "$WORK/pki.yaml"
wait_until "$ISSUER_SECONDS" 5 "issuer $ISSUER" issuer_ready

# Where KServe runs already, its webhooks stay: without them it would admit anything for a while.
step "KServe, where it runs already"
runs=
if maybe controller_available >/dev/null 2>&1 && [ -z "$DRY_RUN" ] && apply "$WORK/kserve.yaml"; then
  runs=1
fi
step "KServe, first pass"
[ -n "$runs" ] || first_pass
step "KServe, second pass"
[ -n "$runs" ] ||
  wait_until "$ISSUER_SECONDS" 10 "KServe to admit all its objects" apply "$WORK/kserve.yaml"
step "controller up to date"
kube rollout status "deployment/$CONTROLLER" --namespace "$KSERVE_NAMESPACE" \
  --timeout="$((CONTROLLER_SECONDS * WAIT_FACTOR))s"
step "presets"
found=$(kube get llminferenceserviceconfigs.serving.kserve.io --namespace "$KSERVE_NAMESPACE" \
  --output name | wc -l)
[ -n "$DRY_RUN" ] || [ "$found" -ge "$PRESETS" ] ||
  fail "KServe has $((found)) presets instead of $PRESETS"
[ -n "$DRY_RUN" ] || say "KServe is there, with $((found)) presets"
