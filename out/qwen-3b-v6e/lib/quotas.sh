# shellcheck shell=bash
# The part of preflight.sh that looks at quotas.
# Sourced after common.sh and checks.sh, never run.

check_tpu_quota() {
  local quota=TPUS-PER-TPU-FAMILY-per-project-region dimension=tpu_family=CT6E
  local chips=4 limit
  # With --quiet gcloud would install a missing component by itself.
  if ! gcloud version --format=json | jq -e 'has("beta")' >/dev/null; then
    warn "TPU quota not checked: gcloud has no component beta; see $quota in the console"
    return 0
  fi
  limit=$(gcloud beta quotas info describe "$quota" --service=compute.googleapis.com \
    --project="$PROJECT" --quiet --format=json |
    jq -r --arg region "$REGION" --arg dimension "$dimension" '
      [.dimensionsInfos[]
        | select((.applicableLocations // []) + [.dimensions.region] | index([$region]))
        | select($dimension == "" or ((.dimensions // {}) | to_entries
            | any("\(.key)=\(.value)" == $dimension)))
        | .details.value | tonumber]
      | if any(. == -1) then 1000000000 else max // "unknown" end') || limit=unknown
  case $limit in
    '' | unknown)
      [ -n "$DRY_RUN" ] || warn "TPU quota not checked: $quota $dimension cannot be read; see the console," \
        "or enable cloudquotas.googleapis.com"
      ;;
    *) if [ "$limit" -ge "$chips" ]; then
      good "quota $quota: $limit chips, $chips needed"
    else
      bad "quota $quota $dimension in $REGION: $limit chips, $chips needed; ask in the console"
    fi ;;
  esac
}

check_addresses() {
  local free
  free=$(gcloud compute regions describe "$REGION" --project="$PROJECT" --quiet --format=json |
    jq -r '[.quotas[] | select(.metric == "IN_USE_ADDRESSES") | .limit - .usage | floor]
      | first // "unknown"') || free=unknown
  case $free in
    '' | unknown) bad "quota IN_USE_ADDRESSES of $REGION cannot be read" ;;
    0 | -*) bad "no address is left in $REGION (quota IN_USE_ADDRESSES)" ;;
    *) good "$free addresses left in $REGION" ;;
  esac
}
