#!/usr/bin/env bash
# Stores a Hugging Face token in the cluster, for models that need one.
# Costs nothing; takes a few seconds; run again, it replaces the Secret.
#   --file FILE   read the token from this file
# Else it is asked for, or read from standard input; never given on the command line, where
# history and other users would see it.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
# shellcheck source-path=SCRIPTDIR source=../lib/common.sh
. "$here/../lib/common.sh"
SECRET=hf-token
KEY=HF_TOKEN

FILE=
while [ $# -gt 0 ]; do
  case $1 in
    --file) FILE=${2:?--file needs a path} && shift ;;
    *) take_option "$1" ;;
  esac
  shift
done
need kubectl
need_cluster
make_work_folder
step "read the token"
if [ -n "$FILE" ]; then
  IFS= read -r token <"$FILE" || true
else
  [ ! -t 0 ] || printf 'Hugging Face token (it stays invisible): ' >&2
  IFS= read -r -s token || true
  [ ! -t 0 ] || printf '\n' >&2
fi
token=${token//[[:space:]]/}
case $token in
  hf_?*) ;;
  '') fail "there is no token" ;;
  *) warn "tokens of Hugging Face begin with hf_; this one does not" ;;
esac
(umask 077 && printf '%s' "$token" >"$WORK/token")
unset token
step "Secret $NAMESPACE/$SECRET"
kube apply --server-side --kustomize "$here/../foundation"
kube create secret generic "$SECRET" --namespace "$NAMESPACE" --from-file="$KEY=$WORK/token" \
  --dry-run=client --output yaml | kube apply --server-side --force-conflicts --filename -
