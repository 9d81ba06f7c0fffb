# shellcheck shell=bash
# The Google Cloud APIs that cluster, load balancer and Gateway need.
# Sourced after common.sh, never run.

APIS=(
  compute.googleapis.com
  container.googleapis.com
  networkservices.googleapis.com
)

# Prints those that are off; fails when the APIs cannot be listed.
missing_apis() {
  local enabled api
  enabled=$(gcloud services list --enabled --project="$PROJECT" --quiet \
    --format='value(config.name)') || return 1
  for api in "${APIS[@]}"; do
    grep -qxF "$api" <<<"$enabled" || printf '%s\n' "$api"
  done
}
