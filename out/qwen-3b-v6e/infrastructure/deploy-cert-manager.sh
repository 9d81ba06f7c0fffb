#!/usr/bin/env bash
# Installs cert-manager, which signs the certificates of KServe, by its operator from the pinned
# infrastructure repository. Its images come from registry.redhat.io: log in there first.
# Costs nothing beyond the CPU nodes; takes 5 to 15 minutes; safe to run again. The repository
# itself takes the operator's chart from the branch main of another one.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
# shellcheck source-path=SCRIPTDIR source=../lib/common.sh
. "$here/../lib/common.sh"
# shellcheck source-path=SCRIPTDIR source=../lib/infrastructure.sh
. "$here/../lib/infrastructure.sh"
CONTROLLER_SECONDS=300

all_available() {
  kube get deployments --namespace cert-manager --output json | jq -e '
    (.items | length >= 3)
    and all(.items[]; any(.status.conditions[]?; .type == "Available" and .status == "True"))'
}

take_options "$@"
need kubectl jq
check_helm
make_work_folder
step "fetch $INFRASTRUCTURE_REPOSITORY"
fetch_infrastructure
cp "$here/values.yaml" "$INFRASTRUCTURE/values.yaml"
step "make deploy-cert-manager"
use_own_kubeconfig
make -C "$INFRASTRUCTURE" deploy-cert-manager
step "cert-manager Available"
wait_until "$CONTROLLER_SECONDS" 10 "controller, webhook and cainjector" all_available
kube get pods --namespace cert-manager
