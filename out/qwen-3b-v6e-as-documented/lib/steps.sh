# shellcheck shell=bash
# shellcheck disable=SC2154 # common.sh defines CLUSTER, and the scripts define here
# How a script takes options, shows its progress, and says what failed.
# Sourced by common.sh, never run.

# Time-outs are multiplied by this whole number: WAIT_FACTOR=2 scripts/deploy.sh
WAIT_FACTOR=${WAIT_FACTOR:-1}
YES=
DRY_RUN=
WORK=
NUMBER=0 # of the step that runs
STEPS=   # how many there are
STEP=
USUAL=
FAILED=

# In a dry run what is said becomes a comment, so that the output can be run.
say() {
  local text=$*
  if [ -z "$DRY_RUN" ]; then
    printf '%s\n' "$text"
  elif [ -n "$text" ]; then
    printf '# %s\n' "${text//$'\n'/ }"
  fi
}
warn() { printf 'warning: %s\n' "$*" >&2; }

fail() {
  printf 'error: %s\n' "$*" >&2
  FAILED=
  exit 1
}

# step TITLE [USUAL-TIME]: begins a step, which is named when the script ends in it. A script has
# as many steps as lines that begin with the word; so it calls this on each way through, at the
# left margin, and says inside the step when there is nothing to do.
step() {
  [ -n "$STEPS" ] || STEPS=$(grep -c '^step ' "$0")
  NUMBER=$((NUMBER + 1))
  STEP="step $NUMBER of $STEPS, $1"
  USUAL=${2:-}
  if [ -n "$DRY_RUN" ]; then
    say "$STEP"
  else
    printf '\n==> step %s of %s, after %s s: %s\n' "$NUMBER" "$STEPS" "$SECONDS" \
      "$1${USUAL:+, usually $USUAL}"
  fi
}

# Remembers which command ended the script, for on_exit to tell. Bash names the last one within a
# function that failed: where that is only its return, the line that called the function says more.
note_failure() {
  local line=$2 file=$3 command=$4 frame=1
  while [ "${file##*/}" = calls.sh ]; do
    line=${BASH_LINENO[frame]} frame=$((frame + 1)) command=return
    file=${BASH_SOURCE[frame]:-$0}
  done
  case $command in
    return | "return "*) command=$(sed -n "${line}s/^ *//p" "$file" 2>/dev/null) || command=$4 ;;
  esac
  FAILED="exit code $1 in line $line of ${file##*/}: ${command:0:300}"
}

# Runs at every end of the script: cleans up, and names what failed, and the step.
on_exit() {
  local status=$?
  clean_up || true
  if [ -n "$WORK" ]; then
    rm -rf "$WORK"
    # shellcheck disable=SC2016 # it is printed
    [ -z "$DRY_RUN" ] || printf '%s\n' 'rm -rf "$WORK"'
  fi
  if [ "$status" -ne 0 ]; then
    [ -z "$FAILED" ] || printf 'error: %s\n' "$FAILED" >&2
    [ -z "$STEP" ] || printf 'stopped in %s; run it again to go on\n' "$STEP" >&2
  fi
  exit "$status"
}
clean_up() { :; }     # a script that starts something replaces this
show_trouble() { :; } # a script that knows what helps after a time-out replaces this
trap 'note_failure "$?" "$LINENO" "${BASH_SOURCE[0]}" "$BASH_COMMAND"' ERR
trap on_exit EXIT
trap 'FAILED="hung up"; exit 129' HUP
trap 'FAILED="interrupted"; exit 130' INT
trap 'FAILED="told to end"; exit 143' TERM
case $WAIT_FACTOR in
  '' | *[!0-9]* | ?????*) fail "WAIT_FACTOR is '$WAIT_FACTOR'; it must be a whole number, at most 9999" ;;
esac
WAIT_FACTOR=$((10#$WAIT_FACTOR)) # 08 is no octal number
# Where no login set it, as under cron; gcloud and kubectl must agree on it.
if [ -z "${HOME:-}" ]; then
  unset HOME
  export HOME=~
fi

# A folder that only this user can read, gone when the script ends.
make_work_folder() {
  case ${TMPDIR:-/tmp} in
    /*) WORK=$(umask 077 && mktemp -d "${TMPDIR:-/tmp}/llmd-render.XXXXXX") ;;
    *) fail "TMPDIR is '$TMPDIR'; it must begin with /" ;;
  esac
}

# The comment at the top of the script is its help.
show_help() {
  awk 'NR > 1 { if (!/^#/) exit; sub(/^# ?/, ""); print }' <"$0"
  printf '%s\n' '  --dry-run   print the commands of a first run, and call none' \
    '  --yes       ask nothing' '  --help      this text'
}

take_option() {
  case $1 in
    -h | --help) show_help && exit 0 ;;
    --yes) YES=1 ;;
    --dry-run)
      # shellcheck source-path=SCRIPTDIR source=dry-run.sh
      . "$here/../lib/dry-run.sh"
      ;;
    *) fail "unknown option: $1 (--help lists what there is)" ;;
  esac
}

# need_value WHAT OPTION [VALUE]: fails where an option came without its value.
need_value() { [ -n "${3:-}" ] || fail "$2 needs $1"; }

take_options() {
  local option
  for option; do take_option "$option"; done
}

need() {
  local tool missing=
  [ -z "$DRY_RUN" ] || return 0
  for tool; do
    command -v "$tool" >/dev/null 2>&1 || missing="$missing $tool"
  done
  [ -z "$missing" ] || fail "install first:$missing"
}

# Asks for the cluster's name before something is deleted or begins to cost; --yes skips it.
confirm() {
  local answer
  [ -z "$YES$DRY_RUN" ] || return 0
  [ -t 0 ] || fail "$* Without a terminal to confirm it on, add --yes."
  printf '%s\nType the name of the cluster, %s, to go on: ' "$*" "$CLUSTER" >&2
  read -r answer || answer=
  [ "$answer" = "$CLUSTER" ] || fail "that is not its name; nothing was changed"
}
