#!/usr/bin/env bash
# Switches on the Google Cloud APIs that cluster, load balancer and Gateway need.
# Costs nothing; takes up to 2 minutes; APIs that are on stay on.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
# shellcheck source-path=SCRIPTDIR source=../lib/common.sh
. "$here/../lib/common.sh"
take_options "$@"
need gcloud
step "enable APIs in $PROJECT"
gcloud services enable --project="$PROJECT" --quiet \
  compute.googleapis.com \
  container.googleapis.com \
  networkservices.googleapis.com \
  --format=none
say "done"
