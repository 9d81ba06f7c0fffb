#!/usr/bin/env bash
# Installs the CRD of LeaderWorkerSet. No such object is made, but KServe's controller watches
# the kind, and reconciles nothing while it is unknown. Costs nothing; takes a few seconds; safe to
# run again. One that somebody else installed serves as well, and is left as it is.
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
# shellcheck source-path=SCRIPTDIR source=../lib/infrastructure.sh
. "$here/../lib/infrastructure.sh"
take_options "$@"
need kubectl
need_cluster
step "apply the CRD"
OWNER=$(record_of lws-crds)
if [ "$OWNER" != "$PROFILE" ] && there crd "$LWS"; then
  say "it is there already, from ${OWNER:-somebody else}: left as it is"
else
  record lws-crds
  kube apply --server-side --force-conflicts --filename "$LWS_CRD"
fi
step "CRD Established"
kube wait --for=condition=Established "crd/$LWS" --timeout="$((60 * WAIT_FACTOR))s"
