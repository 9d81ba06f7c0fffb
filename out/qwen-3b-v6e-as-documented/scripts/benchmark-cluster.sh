#!/usr/bin/env bash
# Measures the service with guidellm under growing load: time to first token, time between tokens,
# tokens a second, with P50, P95 and P99, and what a shared beginning of prompts saves. Takes 2 to
# 10 minutes; costs nothing more. Failed requests are counted apart and are in no other figure; with
# any, the script ends with 1 once all is written. When guidellm stops, or you press ^C, what was
# measured until then is written, and the rest counts as failed.
#   --output FOLDER   where results go, a new folder for each run (./benchmark-results)
#   --direct          past Gateway and Endpoint Picker, straight to the model servers
#   --compare A B     shows two such folders side by side, and measures nothing
# A folder has results.txt, results.json, plot.svg and the reports of guidellm. Compare only runs
# from the same place. GATEWAY_ADDRESS and REQUEST_TIMEOUT as for test-cluster.sh.
# guidellm 0.8 has to be on PATH:
#   python3 -m venv ~/guidellm && ~/guidellm/bin/pip install guidellm==0.8.1
#   PATH=$PATH:~/guidellm/bin
# On Linux, install the CPU build of PyTorch into the venv first (https://pytorch.org/get-started),
# or pip fetches gigabytes for GPUs. No tokenizer or data set is downloaded.
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
# shellcheck source-path=SCRIPTDIR source=../lib/benchmark.sh
. "$here/../lib/benchmark.sh"
# shellcheck source-path=SCRIPTDIR source=../lib/benchmark-results.sh
. "$here/../lib/benchmark-results.sh"
OUTPUT=benchmark-results
RUN=$PROFILE-$(date -u +%Y%m%dT%H%M%SZ)
FROM="this machine"
FROM_CLUSTER=
DIRECT=
OLDER=
NEWER=

while [ $# -gt 0 ]; do
  case $1 in
    --output) need_value "a folder" "$@" && OUTPUT=$2 && shift ;;
    --direct) DIRECT=1 ;;
    --compare)
      [ -n "${2:-}" ] && [ -n "${3:-}" ] || fail "--compare needs two folders"
      OLDER=$2 NEWER=$3
      shift 2
      ;;
    *) take_option "$1" ;;
  esac
  shift
done
case $OUTPUT in -*) OUTPUT=./$OUTPUT ;; esac
need jq awk
timeout_is_right || fail "$TIMEOUT_PROBLEM"
make_work_folder
if [ -n "$OLDER" ]; then
  [ -n "${DRY_RUN:-}" ] || compare_results "$OLDER" "$NEWER"
  exit 0
fi

# A dry run knows the tools that several scripts call; only this one calls guidellm.
[ -z "${DRY_RUN:-}" ] || guidellm() { show_command guidellm "$@"; }
need kubectl
if [ -z "$FROM_CLUSTER" ]; then
  need guidellm
  version=$(guidellm --version)
  case $version in
    *' 0.8.'* | '') ;;
    *) warn "this script was written for guidellm 0.8, and found: $version" ;;
  esac
fi
[ -n "$DRY_RUN" ] || { mkdir -p "$OUTPUT/$RUN" && rmdir "$OUTPUT/$RUN"; } ||
  fail "cannot write to $OUTPUT: choose another folder with --output"
step "find the service"
choose_target
say "$SHOWN_URL"
write_scenarios
step "measure"
measure_here
step "write the results"
[ -z "${DRY_RUN:-}" ] || exit 0
write_results "$OUTPUT/$RUN"
say "$OUTPUT/$RUN" && say ""
cat "$OUTPUT/$RUN/results.txt"
[ -z "$INTERRUPTED" ] || end_interrupted
missing=$(jq '[.scenarios[], .cache | select(.measured == false)] | length' "$OUTPUT/$RUN/results.json")
[ "$missing" -eq 0 ] || fail "$missing scenario(s) were not measured"
lost=$(jq '[.scenarios[].failed, .cache.failed] | add' "$OUTPUT/$RUN/results.json")
[ "$lost" -eq 0 ] || fail "$lost request(s) failed"
