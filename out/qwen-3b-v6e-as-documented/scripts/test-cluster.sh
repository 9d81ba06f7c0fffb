#!/usr/bin/env bash
# Sends real requests to the deployed service and checks the answers: health, models, completion,
# chat, routing, metrics and prefix cache. Takes about a minute; costs nothing more. Runs all tests
# before it fails. A test that can prove nothing is skipped, with its reason, and is no failure.
# GATEWAY_ADDRESS replaces the address that the Gateway reports, REQUEST_TIMEOUT the 120 seconds
# that a request may take. Exit status: 0 all passed, 1 a test failed, 2 tests could not run.
#   --output FOLDER   also write test-results.json and test-results.xml (JUnit) there
#   --port-forward    ask one model server directly, around Gateway and endpoint picker
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
# shellcheck source-path=SCRIPTDIR source=../lib/endpoint.sh
. "$here/../lib/endpoint.sh"
# shellcheck source-path=SCRIPTDIR source=../lib/verdicts.sh
. "$here/../lib/verdicts.sh"
# shellcheck source-path=SCRIPTDIR source=../lib/evidence.sh
. "$here/../lib/evidence.sh"
COMPLETION='{"model": "/mnt/models", "prompt": "Hello, how are you?", "max_tokens": 50, "temperature": 0.7}'
CHAT='{"model": "/mnt/models", "messages": [{"role": "user", "content": "What is Kubernetes?"}], "max_tokens": 100}'
OUTPUT=
way=gateway

# Ends with a status, and names no step: what went wrong has been said.
end() {
  # shellcheck disable=SC2034 # read by what runs at every end of a script
  STEP=
  exit "$1"
}

# Ends before any test; status 1 is kept for tests that failed.
refuse() {
  [ $# -eq 0 ] || printf 'error: %s\n' "$*" >&2
  end 2
}

# Where the results go; those of an earlier run are gone even if this one is stopped.
make_output() {
  case $OUTPUT in /*) ;; *) OUTPUT=./$OUTPUT ;; esac
  mkdir -p "$OUTPUT" && rm -f "$OUTPUT/test-results.json" "$OUTPUT/test-results.xml" &&
    [ -w "$OUTPUT" ]
}

while [ $# -gt 0 ]; do
  case $1 in
    --output)
      [ -n "${2:-}" ] || refuse "--output needs a folder"
      OUTPUT=$2 && shift
      ;;
    --port-forward) way='port-forward' ;;
    -h | --help | --yes | --dry-run) take_option "$1" ;;
    *) refuse "unknown option: $1 (--help lists what there is)" ;;
  esac
  shift
done
(need kubectl curl jq awk) || refuse
case $REQUEST_TIMEOUT in
  '' | 0 | *[!0-9]*) refuse "REQUEST_TIMEOUT is '$REQUEST_TIMEOUT': give whole seconds, 1 or more" ;;
esac
[ -z "$OUTPUT" ] || [ -n "$DRY_RUN" ] || make_output || refuse "cannot write to $OUTPUT"
make_work_folder
: >"$WORK/verdicts"
step "find the service"
find_endpoint "$way" || refuse
forward || true # what it lacks, the tests say
say "$BASE_URL"

step "tests"
if [ -n "$ROUTES_ALL" ] || [ "$WAY" = port-forward ]; then
  check health health "$BASE_URL/health"
  check models models "$BASE_URL/v1/models"
else
  check_inside health health /health
  check_inside models models /v1/models
fi
check completion completion "$BASE_URL/v1/completions" "$COMPLETION"
check chat chat "$BASE_URL/v1/chat/completions" "$CHAT"
test_routing "$COMPLETION"
check_inside metrics metrics /metrics
test_prefix_cache
[ -z "$DRY_RUN" ] || { say "" && say "no request was sent" && exit 0; }

if [ -n "$OUTPUT" ]; then
  report json >"$OUTPUT/test-results.json"
  report junit >"$OUTPUT/test-results.xml"
fi
say "" && report summary
[ -z "$OUTPUT" ] || say "results are in $OUTPUT"
jq -s -e 'all(.result != "failed")' "$WORK/verdicts" >/dev/null || end 1
