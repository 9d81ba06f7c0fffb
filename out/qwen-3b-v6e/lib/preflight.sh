# shellcheck shell=bash
# The half of preflight.sh that looks at this machine and this account.
# Sourced after common.sh and checks.sh, never run.

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
  case $(helm plugin list 2>/dev/null) in
    *diff*) good "helm's plugin diff" ;;
    *) bad "helm has no plugin diff, which helmfile needs" ;;
  esac
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
