# shellcheck shell=bash
# The tests whose proof is not in one answer: routing, and the prefix cache.
# Sourced after verdicts.sh, never run.

CACHED='{"model": "/mnt/models", "prompt": "Kubernetes runs containers on many machines and restarts those that fail. ", "max_tokens": 8, "temperature": 0.7}'
CACHED_REPEATS=54
PREFIX_CACHING=
readonly CACHED CACHED_REPEATS PREFIX_CACHING

pod_logs() {
  kube logs --namespace "$NAMESPACE" --selector "$WORKLOAD_PODS" --container main --prefix \
    --since=10m --tail=-1 --max-log-requests=100
}

# test_routing BODY: no text tells which way a request went. What does: the header by which the
# endpoint picker marks answers, and the answer's id in the log of a Pod.
test_routing() {
  local id pod='' proof=''
  if [ "$WAY" != gateway ]; then
    conclude routing skipped "the requests go around Gateway and endpoint picker"
    return 0
  fi
  judge routing completion "$BASE_URL/v1/completions" "$1" || { note "$VERDICT" && return 0; }
  [ -z "$DRY_RUN" ] || { pod_logs && return 0; }
  ! grep -Eiq '^x-went-into-resp-headers: *true' "$WORK/headers" ||
    proof="the endpoint picker marked the answer"
  id=$(jq -r '.id | strings | select(test("^[A-Za-z0-9._-]{16,200}$"))' "$WORK/answer")
  [ -z "$id" ] || pod=$(pod_logs 2>/dev/null | grep -F -e "$id" |
    sed -n '1s/^\[pod\/\([^/]*\)\/.*/\1/p') || true
  [ -z "$pod" ] || proof="${proof:+$proof, }Pod $pod logged the request"
  if [ -n "$proof" ]; then
    conclude routing passed "$proof"
  else
    conclude routing skipped "answered, but neither header nor Pod log tells which way it went"
  fi
}

# metric NAME: the sum of a counter's samples; fails when there is none.
metric() {
  awk -v name="$1" '{ found = $0; sub(/[{ ].*/, "", found) }
    found == name || found == name "_total" { sum += $NF; any = 1 }
    END { if (!any) exit 1; printf "%.0f\n", sum }' "$WORK/answer"
}

# Sets LOOKED_UP and FOUND from vLLM's counters, whose names differ by version, and BLOCK.
read_prefix_counters() {
  local family
  request "$FORWARD_URL/metrics"
  [ -z "$DRY_RUN" ] || return 0
  [ "$CODE" = 200 ] && [ -z "$PROBLEM" ] || return 1
  BLOCK=$(sed -n 's/^vllm:cache_config_info{.*[{,]block_size="\([0-9]*\)".*/\1/p' \
    "$WORK/answer" | head -n 1)
  for family in vllm:prefix_cache vllm:gpu_prefix_cache; do
    LOOKED_UP=$(metric "${family}_queries") && FOUND=$(metric "${family}_hits") && return 0
  done
  return 1
}

# Reads the counters until they moved: vLLM writes them a moment after its answer.
read_moved_counters() {
  local before=${LOOKED_UP:-} tries=5
  while read_prefix_counters; do
    [ "${LOOKED_UP:-}" = "$before" ] && [ -z "$DRY_RUN" ] && [ "$tries" -gt 0 ] || return 0
    tries=$((tries - 1))
    sleep "${WAIT_INTERVAL:-1}"
  done
  return 1
}

# judge_prefix_counters TOKENS LOOKED_UP FOUND: by what the counters grew with the second prompt.
judge_prefix_counters() {
  local next="look for enable_prefix_caching in the log of the model server"
  if [ "$2" -eq 0 ]; then
    conclude 'prefix cache' failed "the server looked up no token in its cache" "$next"
  elif [ "$2" -ne "$1" ]; then
    conclude 'prefix cache' skipped \
      "not measurable: $2 look-ups for $1 tokens; others were served too, or it counts blocks"
  elif [ "$3" -gt 0 ]; then
    conclude 'prefix cache' passed "$3 of $1 tokens of a repeated prompt came from the cache"
  elif [ -n "$BLOCK" ] && [ "$1" -le "$BLOCK" ]; then
    conclude 'prefix cache' skipped "not measurable: $1 tokens do not fill a block of $BLOCK"
  else
    conclude 'prefix cache' failed "none of the $1 tokens of a repeated prompt was found" "$next"
  fi
}

# Sends one long prompt twice to one Pod, and reads that Pod's own counters around the second.
test_prefix_cache() {
  local body url=$FORWARD_URL/v1/completions before found tokens
  if [ -z "$PREFIX_CACHING" ]; then
    conclude 'prefix cache' skipped "the profile does not switch it on (server.prefixCaching)"
    return 0
  elif [ -z "$FORWARD_URL" ]; then
    conclude 'prefix cache' skipped "not measurable without a port-forward"
    return 0
  fi
  if ! read_prefix_counters; then
    conclude 'prefix cache' skipped "not measurable: no prefix cache counters in the metrics"
    return 0
  fi
  # A prompt that nobody sent before: what is found the second time is what the first one left.
  if [ -n "$DRY_RUN" ]; then
    body=$CACHED
    say "the prompt of the next two completions is repeated $CACHED_REPEATS times"
  else
    body=$(jq -n -c --argjson body "$CACHED" --argjson repeats "$CACHED_REPEATS" \
      --arg run "$(date +%s) $$ $RANDOM" \
      '$body | .prompt = "Run \($run). " + .prompt * $repeats')
  fi
  for _ in 1 2; do
    before=${LOOKED_UP:-} found=${FOUND:-}
    judge 'prefix cache' completion "$url" "$body" || { note "$VERDICT" && return 0; }
    [ -n "$DRY_RUN" ] || tokens=$(jq .usage.prompt_tokens "$WORK/answer")
    if ! read_moved_counters; then
      conclude 'prefix cache' skipped "not measurable: the metrics answered no more"
      return 0
    fi
  done
  [ -n "$DRY_RUN" ] ||
    judge_prefix_counters "$tokens" $((LOOKED_UP - before)) $((FOUND - found))
}
