#!/usr/bin/env bash
# Stores the credentials of the image's registry, and of no other, in the cluster.
# Costs nothing; takes a few seconds; run again, it replaces the Secret only if it differs. Makes
# the namespaces of this deployment where they are missing.
#   --file FILE   read the credentials from this file: what podman login writes, or the Secret or
#                 JSON that was downloaded for a registry service account
# Else from where check-pull-secret.sh finds them. They go through a private temporary file, and
# never onto the screen or a command line.
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
# shellcheck source-path=SCRIPTDIR source=../lib/registry.sh
. "$here/../lib/registry.sh"
# shellcheck source-path=SCRIPTDIR source=../lib/secrets.sh
. "$here/../lib/secrets.sh"
REGISTRY=registry.redhat.io
SECRET=redhat-pull-secret

FILE=
while [ $# -gt 0 ]; do
  case $1 in
    --file) need_value "a path" "$@" && FILE=$2 && shift ;;
    *) take_option "$1" ;;
  esac
  shift
done
need jq kubectl
need_cluster
make_work_folder
step "credentials for $REGISTRY"
find_auth_file "$FILE" "$REGISTRY"
step "namespaces"
kube apply --server-side --filename "$here/../foundation/namespaces.yaml"
step "Secret $NAMESPACE/$SECRET"
store_secret "$SECRET" kubernetes.io/dockerconfigjson .dockerconfigjson "$WORK/auth.json"
