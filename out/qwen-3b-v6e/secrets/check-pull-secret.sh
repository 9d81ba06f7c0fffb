#!/usr/bin/env bash
# Checks that the model server's image can be pulled with your credentials: run it before
# anything costs money. Costs nothing, changes nothing, takes a few seconds.
#   --file FILE   read the credentials from this file: what podman login writes, or the Secret or
#                 JSON that was downloaded for a registry service account
# Else the first of $REGISTRY_AUTH_FILE, $XDG_RUNTIME_DIR/containers/auth.json,
# ~/.config/containers/auth.json and ~/.docker/config.json that knows the registry. It is all the
# same whether you logged in (podman login) with a registry service account or by yourself.
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
REGISTRY=registry.redhat.io
IMAGE=registry.redhat.io/rhaiis/vllm-tpu-rhel9:3.2.5

FILE=
while [ $# -gt 0 ]; do
  case $1 in
    --file) need_value "a path" "$@" && FILE=$2 && shift ;;
    *) take_option "$1" ;;
  esac
  shift
done
need jq
make_work_folder
step "credentials for $REGISTRY"
find_auth_file "$FILE" "$REGISTRY"
step "read $IMAGE"
export REGISTRY_AUTH_FILE="$AUTH_FILE"
if command -v skopeo >/dev/null 2>&1; then
  skopeo inspect --raw "docker://$IMAGE" >/dev/null
else
  need podman
  podman manifest inspect "$IMAGE" >/dev/null
fi
[ -n "$DRY_RUN" ] || say "the image can be pulled"
