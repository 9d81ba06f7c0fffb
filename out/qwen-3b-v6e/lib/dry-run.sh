# shellcheck shell=bash
# shellcheck disable=SC2034,SC2154 # steps.sh reads DRY_RUN and has WORK
# Sourced by --dry-run, never run: from here on every tool that reaches beyond this machine is a
# function that prints the command as the shell would read it, answers nothing, and succeeds.
# So a script goes the way of a first run on an empty project, and what it prints can be run.

DRY_RUN=1
# Commands appear on the terminal even where a script throws the output of a tool away.
exec 3>&1 </dev/null

MARK="'"
ESCAPED_MARK="'\\''"
SIGN=$'\001\002\001' # around the name of a variable that only a run fills
BEFORE=              # what stands around the next command
AFTER=

# Sets QUOTED to the text as one word of the shell.
quote_text() {
  local rest=$1
  QUOTED=$1
  case $1 in
    '' | *[!A-Za-z0-9_@%+=:,./-]*) QUOTED=$MARK ;;
    *) return 0 ;;
  esac
  while [ "$rest" != "${rest#*"$MARK"}" ]; do
    QUOTED="$QUOTED${rest%%"$MARK"*}$ESCAPED_MARK"
    rest=${rest#*"$MARK"}
  done
  QUOTED="$QUOTED$rest$MARK"
}

# The same, with what only a run knows as variables.
quote() {
  local rest=$1 done='' name
  [ -z "$WORK" ] || rest=${rest//"$WORK"/${SIGN}WORK$SIGN}
  while [ "$rest" != "${rest#*"$SIGN"}" ]; do
    quote_text "${rest%%"$SIGN"*}"
    [ "$QUOTED" = "$MARK$MARK" ] || done=$done$QUOTED
    rest=${rest#*"$SIGN"}
    name=${rest%%"$SIGN"*}
    done="$done\"\$$name\""
    rest=${rest#*"$SIGN"}
  done
  QUOTED=
  [ -z "$rest" ] && [ -n "$done" ] || quote_text "$rest"
  QUOTED=$done$QUOTED
}

show_command() {
  local word line=
  # In a pipeline, the command before this one prints first.
  [ ! -p /dev/stdin ] || cat >/dev/null
  for word in KUBECONFIG REGISTRY_AUTH_FILE; do
    quote "${!word:-}"
    [ "$QUOTED" = "${QUOTED#\"\$WORK\"}" ] || line="$line$word=$QUOTED "
  done
  for word; do
    quote "$word"
    line="$line$QUOTED "
  done
  printf '%s\n' "$BEFORE${line% }$AFTER" >&3
}

# Those of calls.sh, for what stands around a command.
into() {
  quote "$1"
  local BEFORE="$BEFORE(umask 077 && " AFTER=" >$QUOTED)$AFTER"
  shift
  "$@"
}
inside() {
  quote "$1"
  local BEFORE="$BEFORE(cd $QUOTED && " AFTER=")$AFTER"
  shift
  "$@"
}
maybe() {
  local AFTER=" || true$AFTER"
  "$@"
}
locally() { show_command "$@"; }
keep() {
  local kept_as=$1 BEFORE="$BEFORE$1=\$(" AFTER=")$AFTER"
  shift
  "$@" >/dev/null
  printf -v "$kept_as" '%s' "$SIGN$kept_as$SIGN"
}
answers() {
  quote "$1"
  local BEFORE="${BEFORE}[ \"\$(" AFTER=")\" = $QUOTED ]$AFTER"
  shift
  "$@"
}
make_work_folder() {
  WORK=$(umask 077 && mktemp -d "${TMPDIR:-/tmp}/llmd-render.XXXXXX")
  # shellcheck disable=SC2016 # it is printed
  printf '%s\n' 'WORK=$(umask 077 && mktemp -d "${TMPDIR:-/tmp}/llmd-render.XXXXXX")' >&3
}

gcloud() { show_command gcloud "$@"; }
kubectl() { show_command kubectl "$@"; }
helm() { show_command helm "$@"; }
helmfile() { show_command helmfile "$@"; }
kustomize() { show_command kustomize "$@"; }
make() { show_command make "$@"; }
git() { show_command git "$@"; }
curl() { show_command curl "$@"; }
skopeo() { show_command skopeo "$@"; }
podman() { show_command podman "$@"; }
sleep() { :; }
# It reads answers of the tools above, and there are none.
jq() { [ ! -p /dev/stdin ] || cat >/dev/null; }
