#!/usr/bin/env bash
# Sends real requests to the deployed service: health, models, completion, chat, metrics, and a
# repeated prompt. Takes about a minute; costs nothing more. Runs all tests, and fails at the end
# when one did. GATEWAY_ADDRESS replaces the address that the Gateway reports, REQUEST_TIMEOUT
# the 120 seconds that a request may take.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
# shellcheck source-path=SCRIPTDIR source=../lib/common.sh
. "$here/../lib/common.sh"
# shellcheck source-path=SCRIPTDIR source=../lib/endpoint.sh
. "$here/../lib/endpoint.sh"
COMPLETION='{"model": "Qwen/Qwen2.5-3B-Instruct", "prompt": "Hello, how are you?", "max_tokens": 50, "temperature": 0.7}'
CHAT='{"model": "Qwen/Qwen2.5-3B-Instruct", "messages": [{"role": "user", "content": "What is Kubernetes?"}], "max_tokens": 100}'
REPEATED='{"model": "Qwen/Qwen2.5-3B-Instruct", "prompt": "Explain Kubernetes in one sentence:", "max_tokens": 30, "temperature": 0.7}'
FAILED=0

# request URL [BODY]: sets CODE and MILLISECONDS; the answer is in $WORK/answer.
request() {
  local result url=$1
  shift
  : >"$WORK/answer"
  [ $# -eq 0 ] || set -- --header 'Content-Type: application/json' --data-raw "$1"
  result=$("${CURL[@]}" --output "$WORK/answer" --write-out '%{http_code} %{time_total}' \
    "$@" "$url") || true
  CODE=${result%% *}
  MILLISECONDS=$(awk -v seconds="${result##* }" 'BEGIN { printf "%d", seconds * 1000 }')
}

# verdict NAME TEST...: passes when the code is 200 and the test of the answer succeeds.
verdict() {
  local name=$1
  shift
  if [ "$CODE" = 200 ] && "$@" "$WORK/answer" >/dev/null 2>&1; then
    say "passed  $name ($MILLISECONDS ms)"
    return 0
  fi
  say "FAILED  $name: HTTP $CODE, $(head -c 300 "$WORK/answer" | tr '\n' ' ')"
  FAILED=$((FAILED + 1))
}

serves_model() { jq -e --arg model "$MODEL" 'any(.data[]; .id == $model)' "$1"; }
has_text() { jq -e "$1 | type == \"string\" and test(\"\\\\S\")" "$2"; }

take_options "$@"
need kubectl curl jq
make_work_folder
step "find the service"
find_endpoint
say "$BASE_URL"

step "tests"
request "$BASE_URL/health"
verdict "1 health" true
request "$BASE_URL/v1/models"
verdict "2 models: $MODEL is served" serves_model
request "$BASE_URL/v1/completions" "$COMPLETION"
verdict "3 completion" has_text '.choices[0].text'
jq -r '"        \(.choices[0].text | gsub("\\s+"; " ") | .[0:90]) (\(.usage.total_tokens) tokens)"' \
  "$WORK/answer" 2>/dev/null || true
request "$BASE_URL/v1/chat/completions" "$CHAT"
verdict "4 chat" has_text '.choices[0].message.content'
# Metrics are not for clients, so the route leaves them out.
CODE=000 && MILLISECONDS=0 && : >"$WORK/answer"
if forward; then request "$FORWARD_URL/metrics"; fi
verdict "5 metrics, by port-forward" grep -q '^vllm:'
for turn in 1 2 3; do
  request "$BASE_URL/v1/completions" "$REPEATED"
  verdict "6 repeated prompt, turn $turn" has_text '.choices[0].text'
done

[ "$FAILED" -eq 0 ] || fail "$FAILED test(s) failed; README.md has a troubleshooting table"
say "" && say "all tests passed"
