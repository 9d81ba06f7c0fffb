# shellcheck shell=bash
# shellcheck disable=SC2034 # the scripts that source this file use the constants
# The repository that installs cert-manager, and a kubeconfig for it.
# Sourced after common.sh, never run.

INFRASTRUCTURE_REPOSITORY=https://github.com/aneeshkp/llm-d-infra-xks
INFRASTRUCTURE_REF=7749a9ac4e5dd8fe3de3ccf427aa29192ccbd95d
INFRASTRUCTURE=${XDG_CACHE_HOME:-$HOME/.cache}/llmd-render/infrastructure-$INFRASTRUCTURE_REF
LWS_CRD=https://raw.githubusercontent.com/kubernetes-sigs/lws/a9c674501cc13b79f713f3deb646064c92f2d2a6/config/crd/bases/leaderworkerset.x-k8s.io_leaderworkersets.yaml
PKI_OVERLAY='https://github.com/opendatahub-io/kserve/config/overlays/odh-test/cert-manager?ref=release-v0.15'
OVERLAY='https://github.com/opendatahub-io/kserve/config/overlays/odh-xks?ref=release-v0.15'
ISSUER=opendatahub-ca-issuer
CONTROLLER=kserve-controller-manager
PRESETS=8
readonly INFRASTRUCTURE_REPOSITORY INFRASTRUCTURE_REF INFRASTRUCTURE LWS_CRD PKI_OVERLAY OVERLAY
readonly ISSUER CONTROLLER PRESETS

# Brings the repository, at the pinned commit, into the user's cache.
fetch_infrastructure() {
  if [ ! -d "$INFRASTRUCTURE/.git" ]; then
    mkdir -p "$(dirname "$INFRASTRUCTURE")"
    git clone --quiet "$INFRASTRUCTURE_REPOSITORY" "$WORK/clone"
    mv "$WORK/clone" "$INFRASTRUCTURE"
  fi
  git -C "$INFRASTRUCTURE" cat-file -e "$INFRASTRUCTURE_REF^{commit}" 2>/dev/null ||
    git -C "$INFRASTRUCTURE" fetch --quiet origin
  git -C "$INFRASTRUCTURE" checkout --quiet --force --detach "$INFRASTRUCTURE_REF"
}

# Make and helmfile use kubectl's current context: give them a kubeconfig that has only ours.
use_own_kubeconfig() {
  kubectl config view --minify --flatten --context "$CONTEXT" >"$WORK/kubeconfig"
  chmod 600 "$WORK/kubeconfig"
  export KUBECONFIG="$WORK/kubeconfig"
  kubectl config use-context "$CONTEXT" >/dev/null
}

# Helmfile applies by the difference that helm's plugin diff shows.
check_helm() {
  need helm helmfile make git
  helm plugin list | grep -q '^diff' ||
    fail "helmfile needs it: helm plugin install https://github.com/databus23/helm-diff"
}

# KServe's manifests without the namespaces, which the foundation has, and without the CRD of
# InferencePool, which GKE brings and keeps up to date.
only_ours() {
  awk 'function flush() {
      if (doc !~ /\nkind: Namespace\n/ &&
          doc !~ /\n  name: inferencepools\.inference\.networking\.k8s\.io\n/)
        printf "%s---\n", doc
      doc = "\n"
    }
    BEGIN { doc = "\n" }
    /^---$/ { flush(); next }
    { doc = doc $0 "\n" }
    END { flush() }'
}
