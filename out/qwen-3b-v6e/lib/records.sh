# shellcheck shell=bash
# Which parts these scripts install is written down in the cluster, a ConfigMap for each, before
# anything of it is there: so an install that was stopped goes on, and what somebody else
# installed is known by having none. They are in the namespace default, which every cluster has.
# Sourced by infrastructure.sh, never run.

FORCE=
OWNER= # by claim

# there KIND NAME...: whether it is in the cluster. Ends the script where the cluster does not tell:
# what cannot be seen must not pass for absent.
there() {
  local found
  found=$(kube get "$@" --ignore-not-found --output name) || fail "no answer whether $1 $2 is there"
  [ -n "$found" ]
}

# record_of PART: prints the profile that installed it, nothing where these scripts did not.
record_of() {
  kube get configmap "llmd-render-$1" --namespace default --ignore-not-found \
    --output 'jsonpath={.data.profile}'
}

# claim PART CRD HINT: fails where the part is somebody else's, which its CRD shows.
claim() {
  OWNER=$(record_of "$1") || fail "no answer who installed $1"
  [ "$OWNER" != "$PROFILE" ] && [ -z "$FORCE" ] || return 0
  [ -z "$OWNER" ] || fail "profile $OWNER installed $1 in this cluster: $3"
  ! there crd "$2" || fail "$1 is in this cluster already, with the CRD $2, and there is no record" \
    "that these scripts installed it: $3"
}

# record PART [LITERAL]: writes down that this profile installs it, after claim.
record() {
  local part=$1
  shift
  [ "$OWNER" != "$PROFILE" ] || return 0
  [ -z "$OWNER" ] || forget "$part"
  kube create configmap "llmd-render-$part" --namespace default --from-literal="profile=$PROFILE" "$@"
}

forget() { kube delete configmap "llmd-render-$1" --namespace default --ignore-not-found; }

# ours PART: whether this profile installed it. With --force also what has no record.
ours() {
  local owner
  owner=$(record_of "$1") || fail "no answer who installed $1"
  case $owner:$FORCE in
    "$PROFILE":* | :1) return 0 ;;
    :) [ -n "$DRY_RUN" ] || say "no record that these scripts installed $1: what is there stays" ;;
    *) say "profile $owner installed $1: it stays" ;;
  esac
  [ -n "$DRY_RUN" ]
}
