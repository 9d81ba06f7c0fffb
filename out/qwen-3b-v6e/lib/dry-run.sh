# shellcheck shell=bash
# shellcheck disable=SC2034 # steps.sh reads DRY_RUN
# Sourced by --dry-run, never run: from here on every tool that reaches beyond this machine is a
# function that prints the command as the shell would read it, answers nothing, and succeeds.
# So a script goes the way of a first run on an empty project.

DRY_RUN=1
# Commands appear on the terminal even where a script throws the output of a tool away.
exec 3>&1 </dev/null

MARK="'"
ESCAPED_MARK="'\\''"

# Sets QUOTED to the text as one word of the shell.
quote() {
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

show_command() {
  local word line=
  # In a pipeline, the command before this one prints first.
  [ ! -p /dev/stdin ] || cat >/dev/null
  for word; do
    quote "$word"
    line="$line${line:+ }$QUOTED"
  done
  printf '%s\n' "$line" >&3
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
