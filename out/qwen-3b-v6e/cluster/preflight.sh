#!/usr/bin/env bash
# Checks that this machine and the project can carry the deployment, before anything costs money.
# Costs nothing, changes nothing, takes about 20 seconds. Goes on after a finding, and fails at
# the end when there was one. What needs an API that is still off is skipped: enable the APIs
# with enable-apis.sh, then run this again.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
# shellcheck source-path=SCRIPTDIR source=../lib/common.sh
. "$here/../lib/common.sh"
# shellcheck source-path=SCRIPTDIR source=../lib/preflight.sh
. "$here/../lib/preflight.sh"
# shellcheck source-path=SCRIPTDIR source=../lib/quotas.sh
. "$here/../lib/quotas.sh"

apis_enabled() {
  local enabled api
  enabled=$(gcloud services list --enabled --project="$PROJECT" --quiet \
    --format='value(config.name)') || return 1
  api=compute.googleapis.com
  printf '%s\n' "$enabled" | grep -qxF "$api" || return 1
  api=container.googleapis.com
  printf '%s\n' "$enabled" | grep -qxF "$api" || return 1
  api=networkservices.googleapis.com
  printf '%s\n' "$enabled" | grep -qxF "$api" || return 1
}

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

check_proxy_only_subnet() {
  local name range
  find_proxy_only_subnet >"$WORK/subnet" || bad "the subnets of $NETWORK cannot be listed"
  read -r name range <"$WORK/subnet" || true
  if [ "${range:-}" = "$SUBNET_RANGE" ]; then
    good "proxy-only subnet $name, $range"
  elif [ -n "${range:-}" ]; then
    bad "$REGION already has proxy-only subnet $name with $range, not $SUBNET_RANGE:" \
      "set gateway.proxyOnlySubnet.range to $range and render again"
  else
    good "no proxy-only subnet yet: create-proxy-only-subnet.sh makes one"
  fi
}

take_options "$@"
make_work_folder
step "tools"
check_tools
step "project"
check_project
step "zone, versions, quotas"
if apis_enabled; then
  check_machine_type ct6e-standard-4t
  check_machine_type n1-standard-4
  check_version
  check_tpu_quota
  check_addresses
  check_proxy_only_subnet
else
  warn "skipped: APIs are off, or cannot be listed; run cluster/enable-apis.sh, then this again"
fi
[ "$PROBLEMS" -eq 0 ] || fail "$PROBLEMS problem(s) to solve first"
say "" && say "nothing found that stands in the way"
