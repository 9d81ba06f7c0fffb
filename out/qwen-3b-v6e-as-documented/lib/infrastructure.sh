# shellcheck shell=bash
# shellcheck disable=SC2034,SC2154 # the scripts that source this file use the constants, define here
# Where cert-manager and KServe come from, and what their scripts share.
# Sourced after common.sh, and used after make_work_folder; never run.

INFRASTRUCTURE_REPOSITORY=https://github.com/aneeshkp/llm-d-infra-xks
INFRASTRUCTURE_REF=7749a9ac4e5dd8fe3de3ccf427aa29192ccbd95d
case ${XDG_CACHE_HOME:-/} in
  /*) ;;
  *) fail "XDG_CACHE_HOME is '$XDG_CACHE_HOME'; it must begin with /" ;;
esac
INFRASTRUCTURE=${XDG_CACHE_HOME:-$HOME/.cache}/llmd-render/infrastructure-$INFRASTRUCTURE_REF
readonly INFRASTRUCTURE_REPOSITORY INFRASTRUCTURE_REF INFRASTRUCTURE
CERT_MANAGER_OPERATOR=certmanagers.operator.openshift.io
LWS=leaderworkersets.leaderworkerset.x-k8s.io
LWS_CRD=https://raw.githubusercontent.com/kubernetes-sigs/lws/a9c674501cc13b79f713f3deb646064c92f2d2a6/config/crd/bases/leaderworkerset.x-k8s.io_leaderworkersets.yaml
PKI_OVERLAY='https://github.com/opendatahub-io/kserve/config/overlays/odh-test/cert-manager?ref=release-v0.15'
OVERLAY='https://github.com/opendatahub-io/kserve/config/overlays/odh-xks?ref=release-v0.15'
ISSUER=opendatahub-ca-issuer
CONTROLLER=kserve-controller-manager
PRESETS=8
USE_CERT_MANAGER="to use it, leave this script out and go on with infrastructure/deploy-lws-crds.sh;"
USE_CERT_MANAGER="$USE_CERT_MANAGER to install over it, add --force"
CERT_MANAGER_SECONDS=600
ISSUER_SECONDS=120
CONTROLLER_SECONDS=300
readonly CERT_MANAGER_OPERATOR LWS LWS_CRD PKI_OVERLAY OVERLAY ISSUER CONTROLLER PRESETS
readonly CERT_MANAGER_SECONDS ISSUER_SECONDS CONTROLLER_SECONDS
# shellcheck source-path=SCRIPTDIR source=records.sh
. "$here/../lib/records.sh"
# Complaints of kubectl that only say: it is gone already.
GONE='no matches for kind|ensure CRDs are installed|resource mapping not found|NotFound'
GONE="$GONE|the server doesn.t have a resource type|^Warning:|^\$"

# list_all KIND: the names of all such objects; none where the kind is unknown.
list_all() {
  kube get "$1" --all-namespaces --output name 2>"$WORK/errors" && return 0
  grep -q "the server doesn.t have a resource type" "$WORK/errors" && return 0
  cat "$WORK/errors" >&2
  return 1
}

all_available() {
  kube get deployments --namespace cert-manager --output json >"$WORK/deployments.json" || return 1
  [ -n "$DRY_RUN" ] || jq -e '
    (.items | length >= 3)
    and all(.items[]; any(.status.conditions[]?; .type == "Available" and .status == "True"))' \
    "$WORK/deployments.json"
}

# Its webhook admits an object; nothing is stored.
webhook_answers() { kube create --dry-run=server --filename "$WORK/probe.yaml"; }

wait_for_cert_manager() {
  wait_until "$CERT_MANAGER_SECONDS" 10 "controller, webhook and cainjector" all_available || {
    kube get pods --namespace cert-manager || warn "its pods cannot be listed"
    fail "cert-manager does not start: scripts/diagnose.sh collects why"
  }
}

wait_for_webhook() {
  into "$WORK/probe.yaml" locally printf '%s\n' 'apiVersion: cert-manager.io/v1' \
    'kind: ClusterIssuer' 'metadata: {name: llmd-render-probe}' 'spec: {selfSigned: {}}'
  wait_until "$ISSUER_SECONDS" 5 "cert-manager to admit an issuer" webhook_answers ||
    fail "cert-manager's webhook does not answer: after a reinstall delete the Secret" \
      "cert-manager-webhook-ca in namespace cert-manager, and restart its webhook"
}

# Brings the repository, at the pinned commit, into the user's cache. Each of the commands can be
# stopped and run again, which `git clone` cannot.
fetch_infrastructure() {
  git init --quiet "$INFRASTRUCTURE"
  { maybe git -C "$INFRASTRUCTURE" cat-file -e "$INFRASTRUCTURE_REF^{commit}" 2>/dev/null &&
    [ -z "$DRY_RUN" ]; } ||
    git -C "$INFRASTRUCTURE" fetch --quiet "$INFRASTRUCTURE_REPOSITORY" \
      '+refs/heads/*:refs/remotes/origin/*'
  git -C "$INFRASTRUCTURE" checkout --quiet --force --detach "$INFRASTRUCTURE_REF"
}

# Make and helmfile use kubectl's current context: give them a kubeconfig that has only ours.
use_own_kubeconfig() {
  into "$WORK/kubeconfig" kubectl config view --minify --flatten --context "$CONTEXT"
  export KUBECONFIG="$WORK/kubeconfig"
  kubectl config use-context "$CONTEXT" >/dev/null
}

# Helmfile applies by the difference that helm's plugin diff shows.
check_helm() {
  need helm helmfile make git
  helm plugin list | grep '^diff' >/dev/null || [ -n "$DRY_RUN" ] ||
    fail "helmfile needs it: helm plugin install https://github.com/databus23/helm-diff"
}

# The CRDs of both groups of Gateway API's inference extension, separated by commas. KServe's
# manifests have some, GKE brings one, and others may have installed the rest.
inference_crds() {
  AFTER=" | sed -n 's|.*/||; /inference\.networking\./p' | paste -s -d , -${AFTER:-}" \
    kube get crd --output name | sed -n 's|.*/||; /inference\.networking\./p' | paste -s -d , -
}

# only_ours FILE CRDS: a manifest of KServe without the namespaces, which the foundation has, and
# without these CRDs.
only_ours() {
  # shellcheck disable=SC2016 # awk has variables, too
  locally awk -v others="$2" 'function flush(drop, number) {
      drop = doc ~ /\nkind: Namespace\n/
      for (number in names) if (index(doc, "\n  name: " names[number] "\n")) drop = 1
      if (!drop) printf "%s---\n", doc
      doc = "\n"
    }
    BEGIN { split(others, names, ","); doc = "\n" }
    /^---$/ { flush(); next }
    { doc = doc $0 "\n" }
    END { flush() }' "$1"
}
