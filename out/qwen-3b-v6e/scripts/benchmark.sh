#!/usr/bin/env bash
# Measures the service under 1, 5, 10 and 20 clients at once: requests a second, and how long a
# request takes. Takes 1 to 5 minutes; costs nothing more. Failed requests are counted apart and
# are in no average.
#   --output FOLDER   where the results go, a new folder for each run (./benchmark-results)
# GATEWAY_ADDRESS and REQUEST_TIMEOUT as for test-cluster.sh. All clients send the same short
# prompt, from this machine: compare runs with each other, not with other benchmarks.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
# shellcheck source-path=SCRIPTDIR source=../lib/common.sh
. "$here/../lib/common.sh"
# shellcheck source-path=SCRIPTDIR source=../lib/endpoint.sh
. "$here/../lib/endpoint.sh"
BODY='{"model": "Qwen/Qwen2.5-3B-Instruct", "prompt": "Explain quantum computing in one sentence:", "max_tokens": 50, "temperature": 0.7}'
OUTPUT=benchmark-results

# send REQUESTS CLIENTS: one line for each, HTTP code and seconds.
send() {
  seq "$1" | xargs -P "$2" -I '@@' "${CURL[@]}" --output /dev/null \
    --write-out '%{http_code}\t%{time_total}\n' --header 'Content-Type: application/json' \
    --header 'X-Request-Id: llmd-render-@@' --data-binary "@$WORK/body" "$BASE_URL/v1/completions"
}

# summarize REQUESTS CLIENTS SECONDS FILE: one line of results; times in milliseconds.
summarize() {
  awk '$1 == 200 { print $2 }' "$4" | sort -n | awk -v requests="$1" -v clients="$2" -v wall="$3" '
    function percentile(share,  rank) {
      rank = int(NR * share); if (rank < NR * share) rank++
      return NR ? sprintf("%.0f", time[rank] * 1000) : "-"
    }
    { time[NR] = $1; sum += $1 }
    END {
      printf "%d\t%d\t%d\t%d\t", requests, clients, NR, requests - NR
      printf "%s\t%.2f\t%s\t%s\t%s\t%s\n", wall, \
        (wall > 0 ? NR / wall : 0), (NR ? sprintf("%.0f", sum / NR * 1000) : "-"), \
        percentile(0.5), percentile(0.95), percentile(0.99)
    }'
}

while [ $# -gt 0 ]; do
  case $1 in
    --output) OUTPUT=${2:?--output needs a folder} && shift ;;
    *) take_option "$1" ;;
  esac
  shift
done
need kubectl curl jq awk xargs
make_work_folder
step "find the service"
find_endpoint
say "$BASE_URL"
printf '%s' "$BODY" >"$WORK/body"
step "warm up"
code=$(send 1 1 | cut -f 1) || true
[ "$code" = 200 ] || fail "a single request got HTTP ${code:-none}: run scripts/test-cluster.sh"

folder=$OUTPUT/$PROFILE-$(date -u +%Y%m%dT%H%M%SZ)
mkdir -p "$folder"
COLUMNS_OF_RESULTS='requests\tclients\tok\tfailed\tseconds\trps\tmean_ms\tp50_ms\tp95_ms\tp99_ms'
printf '%b\n' "$COLUMNS_OF_RESULTS" >"$folder/results.tsv"
TIMEFORMAT=%R
lost=0
for scenario in 1/1 10/1 20/5 50/10 100/20; do
  requests=${scenario%/*} clients=${scenario#*/}
  step "$requests requests, $clients at once"
  raw=$folder/requests-$requests-$clients.tsv
  { time send "$requests" "$clients" >"$raw" 2>"$WORK/errors" || true; } 2>"$WORK/wall"
  summarize "$requests" "$clients" "$(tail -n 1 "$WORK/wall")" "$raw" | tee -a "$folder/results.tsv"
  lost=$((lost + $(tail -n 1 "$folder/results.tsv" | cut -f 4)))
done
jq -R -s --arg url "$BASE_URL" --arg model "$MODEL" '
  [split("\n")[] | select(. != "") | split("\t")] | .[0] as $names
  | {url: $url, model: $model, scenarios: [.[1:][] | [$names, map(tonumber? // null)] | transpose
      | map({(.[0]): .[1]}) | add]}' "$folder/results.tsv" >"$folder/results.json"
step "results, in $folder"
awk -F '\t' '{ for (i = 1; i <= NF; i++) printf "%9s", $i; print "" }' "$folder/results.tsv"
[ "$lost" -eq 0 ] || fail "$lost request(s) failed"
