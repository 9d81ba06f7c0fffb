#!/usr/bin/env bash
# Stores the credentials of the image's registry, and of no other, in the cluster.
# Costs nothing; takes a few seconds; run again, it replaces the Secret.
#   --file FILE   read the credentials from this file
# Else from where check-pull-secret.sh finds them. They go through a private temporary file, and
# never onto the screen or a command line.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
# shellcheck source-path=SCRIPTDIR source=../lib/common.sh
. "$here/../lib/common.sh"
# shellcheck source-path=SCRIPTDIR source=../lib/registry.sh
. "$here/../lib/registry.sh"
REGISTRY=registry.redhat.io
SECRET=redhat-pull-secret

FILE=
while [ $# -gt 0 ]; do
  case $1 in
    --file) FILE=${2:?--file needs a path} && shift ;;
    *) take_option "$1" ;;
  esac
  shift
done
need jq kubectl
need_cluster
make_work_folder
step "credentials for $REGISTRY"
find_auth_file "$FILE" "$REGISTRY"
(umask 077 && registry_entry "$AUTH_FILE" "$REGISTRY" >"$WORK/dockerconfig.json")
step "Secret $NAMESPACE/$SECRET"
kube apply --server-side --kustomize "$here/../foundation"
kube create secret generic "$SECRET" --namespace "$NAMESPACE" \
  --type=kubernetes.io/dockerconfigjson --from-file=.dockerconfigjson="$WORK/dockerconfig.json" \
  --dry-run=client --output yaml | kube apply --server-side --force-conflicts --filename -
