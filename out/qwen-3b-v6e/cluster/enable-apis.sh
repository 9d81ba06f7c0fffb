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
apis_on() {
  # In a dry run all are missing, as in an empty project.
  if [ -n "$DRY_RUN" ]; then missing_apis; else answers '' missing_apis; fi
}

take_options "$@"
need gcloud
step "enable APIs in $PROJECT" 'up to 2 minutes'
missing=$(missing_apis)
if [ -n "$missing" ]; then
  say "off so far: ${missing//$'\n'/ }"
  # All in one call: those that are on stay on.
  gcloud services enable "${APIS[@]}" --project="$PROJECT" --quiet --format=none
fi
# Right after the call some may still count as off.
step "all are on" 'up to 2 minutes'
wait_until 300 5 "the APIs" apis_on ||
  fail "still off: $FOUND: run this again in a minute"
say "next: cluster/preflight.sh again"
