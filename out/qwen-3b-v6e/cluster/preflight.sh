#!/usr/bin/env bash
# Checks that this machine and the project can carry the deployment, before anything costs money.
# Costs nothing, changes nothing, takes about 20 seconds. Goes on after a finding, and fails at
# the end when there was one. What needs an API that is still off is skipped: enable the APIs
# with enable-apis.sh, then run this again.
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
# shellcheck source-path=SCRIPTDIR source=../lib/checks.sh
. "$here/../lib/checks.sh"
# shellcheck source-path=SCRIPTDIR source=../lib/apis.sh
. "$here/../lib/apis.sh"
# shellcheck source-path=SCRIPTDIR source=../lib/preflight.sh
. "$here/../lib/preflight.sh"
# shellcheck source-path=SCRIPTDIR source=../lib/quotas.sh
. "$here/../lib/quotas.sh"
# shellcheck source-path=SCRIPTDIR source=../lib/network.sh
. "$here/../lib/network.sh"

check_machine_type() {
  if gcloud compute machine-types describe "$1" --zone="$ZONE" --project="$PROJECT" --quiet \
    --format='value(name)' >/dev/null; then
    good "$ZONE has $1"
  else
    bad "$ZONE does not have $1"
  fi
}

check_version() {
  local version=1.34 channel=regular
  if gcloud container get-server-config --zone="$ZONE" --project="$PROJECT" --quiet --format=json |
    jq -e --arg version "$version" --arg channel "$channel" '
      [.channels[] | select((.channel | ascii_downcase) == $channel) | .validVersions[]]
      | any(. == $version or (.[($version | length):] as $rest
          | startswith($version) and ($rest | test("^[.-]"))))' >/dev/null; then
    good "GKE $version in channel $channel"
  else
    bad "GKE $version is not offered in channel $channel in $ZONE"
  fi
}

take_options "$@"
make_work_folder
step "tools"
check_tools
step "project"
check_project
step "APIs"
apis=on
missing=$(missing_apis) || apis=unknown
[ -z "$missing" ] || apis=off
case $apis in
  on) good "APIs that are needed are on" ;;
  off) bad "off: ${missing//$'\n'/ } - run cluster/enable-apis.sh, then this again" ;;
  *) bad "the APIs of $PROJECT cannot be listed with this account" ;;
esac
step "zone, versions, quotas, network"
if [ "$apis" = on ] || [ -n "$DRY_RUN" ]; then
  check_machine_type ct6e-standard-4t
  check_machine_type n1-standard-4
  check_version
  check_tpu_quota
  check_addresses
  if list_subnets; then
    check_nodes_subnet
    check_proxy_only_subnet
  else
    bad "the subnets of network $NETWORK cannot be listed"
  fi
else
  say "skipped until the APIs are on"
fi
conclude "nothing found that stands in the way"
