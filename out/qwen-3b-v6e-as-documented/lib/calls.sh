# shellcheck shell=bash
# How a script calls a command whose output goes somewhere, so that a dry run can print all of it:
# dry-run.sh has the same functions again, which print. Sourced by common.sh, never run.

FOUND= # by answers

# into FILE COMMAND...: writes what it prints into a file that only this user can read.
into() {
  local file=$1
  shift
  (umask 077 && "$@" >"$file")
}

# inside FOLDER COMMAND...: runs it there.
inside() {
  local folder=$1
  shift
  (cd "$folder" && "$@")
}

# maybe COMMAND...: one that may fail, as the script goes on or looks at it.
maybe() { "$@"; }

# locally COMMAND...: one of this machine, which a dry run prints instead of running it.
locally() { "$@"; }

# keep NAME COMMAND...: sets the variable to what the command prints.
keep() {
  local kept_as=$1 kept
  shift
  kept=$("$@") || return 1
  printf -v "$kept_as" '%s' "$kept"
}

# answers WANTED COMMAND...: whether the command prints that. For conditions of wait_until, which
# shows both in the end.
answers() {
  local wanted=$1
  shift
  FOUND=$("$@") || return 1
  FOUND=${FOUND//$'\n'/ }
  printf 'found %s, wanted %s\n' "${FOUND:-nothing}" "${wanted:-nothing}"
  [ "$FOUND" = "$wanted" ]
}
