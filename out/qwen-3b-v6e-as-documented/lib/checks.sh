# shellcheck shell=bash
# What preflight.sh and verify-cluster.sh share: findings are counted, and told at the end.
# Sourced after common.sh, never run. A dry run has no answers, and so finds nothing.

PROBLEMS=0
good() { [ -n "$DRY_RUN" ] || say "ok       $*"; }
bad() {
  [ -z "$DRY_RUN" ] || return 0
  say "PROBLEM  $*"
  PROBLEMS=$((PROBLEMS + 1))
}

# at_least NAME MINIMUM VERSION [REMEDY]
at_least() {
  if printf '%s\n' "$3" | awk -v least="$2" '{
    sub(/^[^0-9]*/, ""); split($0, have, /[.+-]/); split(least, want, ".")
    for (i = 1; i <= 3; i++) if (have[i] + 0 != want[i] + 0) exit (have[i] + 0 < want[i] + 0)
  }'; then good "$1 $3"; else bad "$1 '$3' is older than $2${4:+; $4}"; fi
}

# expect WHAT WANTED HINT: whether $WORK/facts, lines of a name, a tab and a value, says so.
expect() {
  local found
  found=$(awk -F '\t' -v what="$1" '$1 == what { print $2 }' "$WORK/facts")
  if [ "$found" = "$2" ]; then
    good "$1: $found"
  else
    bad "$1: ${found:-nothing}, and the profile says $2; $3"
  fi
}

conclude() {
  [ "$PROBLEMS" -eq 0 ] || fail "$PROBLEMS problem(s), each marked PROBLEM above"
  [ -n "$DRY_RUN" ] || printf '\n%s\n' "$1"
}
