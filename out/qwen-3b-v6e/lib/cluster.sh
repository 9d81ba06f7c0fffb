# shellcheck shell=bash
# shellcheck disable=SC2034 # the scripts that source this file use the variables
# The cluster as Google has it, for the scripts that create and delete it.
# Sourced after common.sh, and used after make_work_folder; never run.

# Whether gcloud said that there is no such cluster. Where one of this name is in another zone or
# region, it says that, too, and that one may be meant.
is_absent() {
  grep -q 'code=404' "$WORK/errors" && ! grep -q 'Did you mean' "$WORK/errors"
}

# Prints the status, nothing where there is no cluster, and fails where there is no answer. Only the
# answer that there is none counts as that: a list may be incomplete, and only warns.
cluster_status() {
  gcloud container clusters describe "$CLUSTER" --zone="$ZONE" --project="$PROJECT" \
    --format='value(status)' 2>"$WORK/errors" || is_absent || {
    cat "$WORK/errors" >&2
    return 1
  }
}

# Sets STATUS, to nothing where there is no cluster, and OWNER, the profile in its label.
find_cluster() {
  STATUS='' OWNER=''
  if maybe into "$WORK/cluster.json" gcloud container clusters describe "$CLUSTER" \
    --zone="$ZONE" --project="$PROJECT" --format=json 2>"$WORK/errors"; then
    STATUS=$(jq -r .status "$WORK/cluster.json")
    OWNER=$(jq -r '.resourceLabels."llmd-profile" // ""' "$WORK/cluster.json")
  else
    is_absent || {
      cat "$WORK/errors" >&2
      return 1
    }
  fi
}

# need_own_cluster HINT: ends the script where there is a cluster that is somebody else's.
need_own_cluster() {
  find_cluster || fail "no answer whether cluster $CLUSTER is there: nothing was changed"
  [ -z "$STATUS" ] || [ "$OWNER" = "$PROFILE" ] ||
    fail "cluster $CLUSTER was not made for this profile: its label llmd-profile is '$OWNER', not" \
      "'$PROFILE'. $1; if it is yours, mark it: gcloud container clusters update $CLUSTER $AT" \
      "--update-labels=managed-by=llmd-render,llmd-profile=$PROFILE"
}
