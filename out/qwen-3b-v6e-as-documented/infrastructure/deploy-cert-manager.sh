#!/usr/bin/env bash
# Installs cert-manager, which signs the certificates of KServe, by its operator from the pinned
# infrastructure repository. Its images come from registry.redhat.io: log in there first.
# Costs nothing beyond the CPU nodes; takes 5 to 15 minutes; safe to run again. The repository
# itself takes the operator's chart from the branch main of another one, and the chart stores the
# whole file of credentials in the cluster.
#   --file FILE   a file with credentials for registry.redhat.io only
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
# shellcheck source-path=SCRIPTDIR source=../lib/common.sh
. "$here/../lib/common.sh"
# shellcheck source-path=SCRIPTDIR source=../lib/infrastructure.sh
. "$here/../lib/infrastructure.sh"
# shellcheck source-path=SCRIPTDIR source=../lib/registry.sh
. "$here/../lib/registry.sh"
CONTROLLER_SECONDS=300

all_available() {
  kube get deployments --namespace cert-manager --output json | jq -e '
    (.items | length >= 3)
    and all(.items[]; any(.status.conditions[]?; .type == "Available" and .status == "True"))'
}

FILE=
while [ $# -gt 0 ]; do
  case $1 in
    --file) FILE=${2:?--file needs a path} && shift ;;
    *) take_option "$1" ;;
  esac
  shift
done
need kubectl jq
check_helm
need_cluster
make_work_folder
step "credentials for registry.redhat.io"
find_auth_file "$FILE" registry.redhat.io
step "fetch $INFRASTRUCTURE_REPOSITORY"
fetch_infrastructure
case $AUTH_FILE in
  "$HOME/.config/containers/auth.json" | "${XDG_RUNTIME_DIR:-/nowhere}/containers/auth.json")
    cp "$here/values.yaml" "$INFRASTRUCTURE/values.yaml"
    ;;
  *)
    AUTH_FILE=$(cd "$(dirname "$AUTH_FILE")" && pwd)/$(basename "$AUTH_FILE")
    jq -n --arg file "$AUTH_FILE" '{useSystemPodmanAuth: false, pullSecretFile: $file}' \
      >"$INFRASTRUCTURE/values.yaml"
    ;;
esac
step "make deploy-cert-manager"
use_own_kubeconfig
make -C "$INFRASTRUCTURE" deploy-cert-manager
step "cert-manager Available"
wait_until "$CONTROLLER_SECONDS" 10 "controller, webhook and cainjector" all_available
kube get pods --namespace cert-manager
