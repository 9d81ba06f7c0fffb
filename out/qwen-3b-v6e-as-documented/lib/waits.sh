# shellcheck shell=bash
# shellcheck disable=SC2154 # steps.sh and common.sh define the rest
# How a script waits for what takes its time, and what it says meanwhile.
# Sourced by common.sh, never run.

# Of a single call of kubectl within a wait, so that one that hangs does not outlast the wait.
CALL_LIMIT=
HOPELESS=
# What kubectl and gcloud say of a login that is refused or has ended.
LOGGED_OUT='must be logged in to the server|getting credentials: exec|gcloud auth login'
LOGGED_OUT="$LOGGED_OUT|refreshing your current auth tokens|Reauthentication (is )?(required|failed)"

# counts FOUND LEAST: whether there are enough. Prints both, which wait_until shows in the end.
counts() {
  printf 'found %s, wanted %s\n' "$(($1))" "$2"
  [ "$1" -ge "$2" ]
}

# hopeless TEXT: says, in the condition of a wait, that waiting is of no use, and what is.
hopeless() {
  HOPELESS=$*
  return 1
}

# wait_until SECONDS INTERVAL WHAT COMMAND...: until the command succeeds. Tells complaints that are
# new, digits apart, and ends early where the login is refused or the command is hopeless. When time
# is up, it shows the command's last answer and what show_trouble knows, and fails.
wait_until() {
  local limit=$(($1 * WAIT_FACTOR)) interval=${WAIT_INTERVAL:-$2} what=$3
  local begin=$SECONDS shown=0 elapsed said='' complaint
  # shellcheck disable=SC2034 # kube reads it
  local CALL_LIMIT=--request-timeout=30s
  shift 3
  if [ -n "$DRY_RUN" ]; then
    say "wait for $what: at most $limit s"
    local BEFORE="until $BEFORE" AFTER="$AFTER; do sleep $interval; done"
    "$@" >/dev/null 2>&1 || true
    return 0
  fi
  [ -n "$WORK" ] || make_work_folder
  say "waiting for $what: at most $limit s${USUAL:+, usually $USUAL}"
  HOPELESS=
  until "$@" >"$WORK/answer" 2>"$WORK/complaint"; do
    [ -z "$HOPELESS" ] || fail "$HOPELESS"
    if grep -Eq "$LOGGED_OUT" "$WORK/complaint"; then
      cat "$WORK/complaint" >&2
      fail "the login is refused: log in with gcloud auth login, then run this again"
    fi
    elapsed=$((SECONDS - begin))
    if [ "$elapsed" -ge "$limit" ]; then
      warn "gave up after $elapsed s waiting for $what (WAIT_FACTOR=2 waits twice as long);" \
        "the last answer was:"
      cat "$WORK/answer" "$WORK/complaint" >&2
      show_trouble >&2 || true
      return 1
    fi
    # Of a condition that is not met yet kubectl says no more than that.
    complaint=$(grep -v 'timed out waiting for the condition' "$WORK/complaint" | tail -n 3) || true
    if [ -n "$complaint" ] && [ "${complaint//[0-9]/}" != "$said" ]; then
      said=${complaint//[0-9]/}
      say "  so far: $complaint"
    fi
    if [ $((elapsed - shown)) -ge 60 ]; then
      shown=$elapsed
      say "  still waiting for $what: $elapsed s of at most $limit s${USUAL:+, usually $USUAL}"
    fi
    sleep "$interval"
  done
  say "  $what: after $((SECONDS - begin)) s"
}
