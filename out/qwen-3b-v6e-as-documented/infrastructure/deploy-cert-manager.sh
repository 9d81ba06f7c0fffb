#!/usr/bin/env bash
# Installs cert-manager, which signs the certificates of KServe, by its operator from the pinned
# infrastructure repository. Its images come from registry.redhat.io: log in there first.
# Costs nothing beyond the CPU nodes; takes 5 to 15 minutes; safe to run again. The repository
# itself takes the operator's chart from the branch main of another one. The chart stores the
# credentials in the cluster, so it gets those for registry.redhat.io and no others. A copy of the
# repository stays in ~/.cache/llmd-render; your kubeconfig is left as it is. A cert-manager that
# somebody else installed is left as it is, too.
#   --force       install it nevertheless, over the operator that is there; it then counts as ours
#   --file FILE   read the credentials from this file: what podman login writes, or the Secret or
#                 JSON that was downloaded for a registry service account
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
# shellcheck source-path=SCRIPTDIR source=../lib/registry.sh
. "$here/../lib/registry.sh"
REGISTRY=registry.redhat.io

# The chart can find by itself what podman keeps in its own places.
write_values() {
  case $AUTH_ORIGIN in
    "$HOME/.config/containers/auth.json" | "${XDG_RUNTIME_DIR:-/nowhere}/containers/auth.json")
      if knows_only "$AUTH_ORIGIN" "$REGISTRY"; then
        say "method: useSystemPodmanAuth"
        locally cp "$here/values.yaml" "$INFRASTRUCTURE/values.yaml"
        return 0
      fi
      ;;
  esac
  say "method: pullSecretFile, a private copy with only $REGISTRY"
  # shellcheck disable=SC2016 # jq has variables, too
  into "$INFRASTRUCTURE/values.yaml" locally jq -n --arg file "$AUTH_FILE" \
    '{useSystemPodmanAuth: false, pullSecretFile: $file}'
}

FILE=
# shellcheck disable=SC2034 # records.sh reads FORCE
while [ $# -gt 0 ]; do
  case $1 in
    --force) FORCE=1 ;;
    --file) need_value "a path" "$@" && FILE=$2 && shift ;;
    *) take_option "$1" ;;
  esac
  shift
done
need kubectl jq
check_helm
need_cluster
make_work_folder
step "no other cert-manager"
if there deployment cert-manager --namespace cert-manager &&
  ! there crd "$CERT_MANAGER_OPERATOR"; then
  fail "a cert-manager that the operator does not manage is in namespace cert-manager: remove it," \
    "or set certManager.source to upstream and render again"
fi
claim cert-manager certificates.cert-manager.io "$USE_CERT_MANAGER"
step "credentials for $REGISTRY"
find_auth_file "$FILE" "$REGISTRY"
step "fetch $INFRASTRUCTURE_REPOSITORY"
fetch_infrastructure
write_values
step "make deploy-cert-manager"
record cert-manager
use_own_kubeconfig
make -C "$INFRASTRUCTURE" deploy-cert-manager
step "cert-manager Available"
wait_for_cert_manager
step "cert-manager's webhook answers"
wait_for_webhook
