# shellcheck shell=bash
# The half of preflight.sh that looks at this machine and this account.
# Sourced after common.sh, never run.

PROBLEMS=0
good() { say "ok       $*"; }
bad() {
  say "PROBLEM  $*"
  PROBLEMS=$((PROBLEMS + 1))
}

# at_least NAME MINIMUM VERSION
at_least() {
  if printf '%s\n' "$3" | awk -v least="$2" '{
    sub(/^[^0-9]*/, ""); split($0, have, /[.+-]/); split(least, want, ".")
    for (i = 1; i <= 3; i++) if (have[i] + 0 != want[i] + 0) exit (have[i] + 0 < want[i] + 0)
  }'; then good "$1 $3"; else bad "$1 '$3' is older than $2"; fi
}

check_tools() {
  local tool
  for tool in gcloud gke-gcloud-auth-plugin kubectl helm helmfile kustomize jq curl git make; do
    command -v "$tool" >/dev/null 2>&1 || bad "$tool is not installed"
  done
  command -v skopeo >/dev/null 2>&1 || command -v podman >/dev/null 2>&1 ||
    bad "neither skopeo nor podman is installed"
  need gcloud jq kubectl helm kustomize
  at_least kubectl 1.28.0 \
    "$(kubectl version --client --output json | jq -r .clientVersion.gitVersion)"
  at_least kustomize 5.8.0 "$(kustomize version | head -n 1)"
  at_least helm 3.17.0 "$(helm version --short)"
  helm plugin list 2>/dev/null | grep -q '^diff' ||
    bad "helm has no plugin diff, which helmfile needs"
}

check_project() {
  local account
  account=$(gcloud auth list --project="$PROJECT" --filter=status:ACTIVE \
    --format='value(account)') || account=
  if [ -n "$account" ]; then
    good "account $account"
  else
    bad "no active account: gcloud auth login"
  fi
  if gcloud projects describe "$PROJECT" --project="$PROJECT" --quiet >/dev/null; then
    good "project $PROJECT"
  else
    bad "project $PROJECT cannot be read with this account"
  fi
}
