# shellcheck shell=bash
# How a Secret gets into the cluster: by files that only this user can read, never by arguments,
# and only where it is not there already.
# Sourced after common.sh, and used after make_work_folder; never run.

# store_secret NAME TYPE KEY FILE: makes the Secret with what the file holds under that key.
store_secret() {
  local name=$1 type=$2 key=$3 file=$4 stored
  into "$WORK/stored.json" kube get secret "$name" --namespace "$NAMESPACE" --ignore-not-found \
    --output json
  into "$WORK/wanted.json" kube create secret generic "$name" --namespace "$NAMESPACE" \
    --type="$type" --from-file="$key=$file" --dry-run=client --output json
  if [ -s "$WORK/stored.json" ]; then
    stored=$(jq --raw-output '.type // "Opaque"' "$WORK/stored.json")
    [ "$stored" = "$type" ] || fail "the Secret $NAMESPACE/$name is there with type $stored" \
      "instead of $type, which cannot be changed: delete it, then run this again"
    if jq -e --arg key "$key" --slurpfile wanted "$WORK/wanted.json" \
      '.data[$key] != null and .data[$key] == $wanted[0].data[$key]' "$WORK/stored.json" >/dev/null; then
      say "unchanged: $NAMESPACE/$name"
      return 0
    fi
  fi
  kube apply --server-side --force-conflicts --filename "$WORK/wanted.json"
}
