#!/usr/bin/env bash
# Stores a Hugging Face token in the cluster, for models that need one.
# Costs nothing; takes a few seconds; run again, it replaces the Secret only if it differs. Makes
# the namespaces of this deployment where they are missing.
#   --file FILE             read the token from this file
#   --secret-manager NAME   read the token from the newest version of this secret of Secret Manager
#                           (its API must be on, and you need the role secretAccessor)
# Else it is asked for, or read from standard input; never given on the command line, where
# history and other users would see it.
set -Eeuo pipefail
here=$(
  file=${BASH_SOURCE[0]}
  while link=$(readlink -- "$file"); do
    case $link in /*) file=$link ;; *) file=$(dirname -- "$file")/$link ;; esac
  done
  CDPATH='' cd -P -- "$(dirname -- "$file")" && pwd
)
# shellcheck source-path=SCRIPTDIR source=../lib/common.sh
. "$here/../lib/common.sh"
# shellcheck source-path=SCRIPTDIR source=../lib/secrets.sh
. "$here/../lib/secrets.sh"
SECRET=hf-token
KEY=HF_TOKEN

read_managed() {
  gcloud secrets versions access latest --secret="$MANAGED" --project="$PROJECT" --quiet
}

# Prints the token as it was given: goes into a pipe.
read_token() {
  if [ -n "$FILE" ]; then
    cat <"$FILE"
  elif [ -n "$MANAGED" ]; then
    read_managed
  elif [ -t 0 ]; then
    { set +x; } 2>/dev/null # a trace would show it
    local token=
    printf 'Hugging Face token (it stays invisible): ' >&2
    IFS= read -r -s token || [ -n "$token" ] || fail "no token was typed"
    printf '\n' >&2
    printf '%s' "$token"
  else
    cat
  fi
}

FILE=
MANAGED=
while [ $# -gt 0 ]; do
  case $1 in
    --file) need_value "a path" "$@" && FILE=$2 && shift ;;
    --secret-manager) need_value "the name of a secret" "$@" && MANAGED=$2 && shift ;;
    *) take_option "$1" ;;
  esac
  shift
done
[ -z "$FILE" ] || [ -z "$MANAGED" ] || fail "--file and --secret-manager exclude each other"
need jq kubectl
[ -z "$MANAGED" ] || need gcloud
need_cluster
make_work_folder
source_of_token="standard input"
[ -z "$FILE" ] || source_of_token=$FILE
[ -z "$MANAGED" ] || source_of_token="Secret Manager, $MANAGED"
step "read the token from $source_of_token"
[ -z "$FILE" ] || [ -n "$DRY_RUN" ] || [ -r "$FILE" ] || fail "$FILE cannot be read"
if [ -z "$DRY_RUN" ]; then
  (umask 077 && read_token | tr -d '[:space:]' >"$WORK/token")
elif [ -n "$MANAGED" ]; then
  print_managed() { AFTER=" | tr -d '[:space:]'$AFTER" read_managed; }
  into "$WORK/token" print_managed
else
  [ -n "$FILE" ] || say "write this into a file and give bash that file: the token is standard input"
  # shellcheck disable=SC2016 # awk has variables, too
  into "$WORK/token" locally awk '{ gsub(/[[:space:]]/, ""); printf "%s", $0 }' "${FILE:-/dev/stdin}"
fi
if [ -z "$DRY_RUN" ]; then
  [ -s "$WORK/token" ] || fail "there is no token in $source_of_token"
  [ "$(head -c 3 "$WORK/token")" = hf_ ] ||
    warn "tokens of Hugging Face begin with hf_; this one does not"
fi
step "namespaces"
kube apply --server-side --filename "$here/../foundation/namespaces.yaml"
step "Secret $NAMESPACE/$SECRET"
store_secret "$SECRET" Opaque "$KEY" "$WORK/token"
