#!/usr/bin/env bash
# Switches on the Google Cloud APIs that cluster, load balancer and Gateway need.
# Costs nothing; takes up to 2 minutes; APIs that are on stay on.
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
# shellcheck source-path=SCRIPTDIR source=../lib/apis.sh
. "$here/../lib/apis.sh"
take_options "$@"
need gcloud
step "enable APIs in $PROJECT" 'up to 2 minutes'
missing=$(missing_apis)
if [ -n "$missing" ]; then
  say "off so far: ${missing//$'\n'/ }"
  # All in one call: those that are on stay on.
  gcloud services enable "${APIS[@]}" --project="$PROJECT" --quiet --format=none
fi
say "all are on; next: cluster/preflight.sh again"
