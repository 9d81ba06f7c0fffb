# shellcheck shell=bash
# shellcheck disable=SC2034 # benchmark-cluster.sh uses the constants
# How benchmark-cluster.sh measures: scenarios and prompts, and guidellm here or in the cluster.
# Sourced after endpoint.sh, never run.

SCENARIOS='1/1 10/1 20/5 50/10 100/20'
CACHE_REQUESTS=5
OUTPUT_TOKENS=50
PROMPT_WORDS=128
SHARED_WORDS=512
PREFIX_CACHING=false
STOPPED=     # set when guidellm stopped early
INTERRUPTED= # set by ^C while guidellm runs
readonly PREFIX_CACHING SCENARIOS CACHE_REQUESTS OUTPUT_TOKENS PROMPT_WORDS SHARED_WORDS

# write_prompts NAME REQUESTS SHARED: a line of JSON for each request. All begin with the name of
# the run, so that no earlier run has left them in a prefix cache; SHARED words are the same in all.
write_prompts() {
  awk -v run="$RUN" -v name="$1" -v requests="$2" -v shared="$3" -v words="$PROMPT_WORDS" \
    -v tokens="$OUTPUT_TOKENS" '
    function text(count,  i, line) {
      for (i = 0; i < count; i++) {
        seed = (seed * 421 + 54773) % 259200 # whole numbers that every awk can hold
        line = line " " word[1 + seed % choice]
      }
      return line
    }
    BEGIN {
      choice = split("air animal answer apple arm art book bread bridge bus cake car chair city" \
        " class cloud coat corn country cup day desk doctor door ear earth egg eye face farm" \
        " field fire fish flower food game garden glass grass hair hand hat heart hill home" \
        " horse hour house ice island king lake lamp land leaf letter light line market milk" \
        " money moon morning mountain music name night page paper park pen picture plant rain" \
        " river road room salt school sea ship shoe snow song star stone street sun table tea" \
        " tooth town train tree voice wall water week wind window winter wood word year", word, " ")
      seed = 1
      common = shared ? text(shared) "." : ""
      for (i = 1; i <= requests; i++) {
        own = shared ? " question " i : "request " i ","
        printf "{\"prompt\": \"%s %s: %s%s%s\", \"output_tokens_count\": %d}\n", \
          run, name, common, own, text(shared ? 8 : words), tokens
      }
    }' </dev/null >"$WORK/scenarios/$1.jsonl"
}

# write_scenario NAME REQUESTS CLIENTS SHARED: the file that guidellm runs, beside its prompts. It
# asks for no tokenizer and no data set of a hub: the server itself counts tokens.
write_scenario() {
  write_prompts "$1" "$2" "$4"
  jq -n --arg name "$1" --arg target "$BASE_URL" --arg model "$MODEL" --argjson requests "$2" \
    --argjson clients "$3" --argjson verify "$VERIFY" --argjson timeout "$REQUEST_TIMEOUT" '{
      metadata: {labels: {name: $name, requests: "\($requests)", clients: "\($clients)"}},
      spec: {
        backend: {
          kind: "openai_http", target: $target, model: $model, verify: $verify,
          request_format: "/v1/completions", timeout: $timeout, timeout_connect: 10,
          validate_backend: false, extras: {body: {temperature: 0}}
        },
        data: [{kind: "json_file", path: "\($name).jsonl"}],
        profile: {kind: "concurrent", streams: [$clients]},
        constraints: [{kind: "max_requests", count: $requests}],
        metrics: {kind: "generative", sample_size: 0},
        outputs: [{kind: "json", path: "\($name).report.json"}]
      }
    }' >"$WORK/scenarios/$1.json"
}

# Writes all scenarios, in the order of their names; sets NAMES.
write_scenarios() {
  local scenario number=1
  mkdir "$WORK/scenarios"
  NAMES=00-warm-up
  write_scenario 00-warm-up 2 1 0
  for scenario in $SCENARIOS; do
    NAMES="$NAMES $(printf '%02d-%sx%s' "$number" "${scenario%/*}" "${scenario#*/}")"
    write_scenario "${NAMES##* }" "${scenario%/*}" "${scenario#*/}" 0
    number=$((number + 1))
  done
  NAMES="$NAMES $(printf '%02d-cache' "$number")"
  write_scenario "${NAMES##* }" "$CACHE_REQUESTS" 1 "$SHARED_WORDS"
}

# Sets BASE_URL, and SHOWN_URL for people: a port-forward has another port each time. FROM_CLUSTER
# and DIRECT say where the way begins and where it ends.
choose_target() {
  # Certificates are verified where somebody said by which name.
  VERIFY=false
  [ -z "${GATEWAY_ADDRESS:-}" ] || VERIFY=true
  if [ -n "$DIRECT" ]; then
    if [ -z "$FROM_CLUSTER" ]; then
      forward || fail "${FORWARD_ERROR:-no port-forward to $WORKLOAD_SERVICE}"
    fi
    BASE_URL=${FORWARD_URL:-http://$WORKLOAD_SERVICE:$PORT}
  else
    [ -z "$FROM_CLUSTER" ] || GATEWAY_ADDRESS=${GATEWAY_ADDRESS:-$(gateway_address)}
    find_endpoint || fail "there is nothing to measure"
  fi
  SHOWN_URL=$BASE_URL
  [ -z "${FORWARD_URL:-}" ] || SHOWN_URL="$WORKLOAD_SERVICE by port-forward"
}

# Runs guidellm on this machine, once for each scenario: within one run it would send the same
# prompts again, and a prefix cache would answer them. ^C ends it, and what is finished is kept.
measure_here() {
  local name traps direct=${no_proxy:-${NO_PROXY:-}}
  traps=$(trap -p INT)
  trap 'INTERRUPTED=1' INT
  # A port-forward is on this machine, where no proxy finds it.
  export no_proxy=127.0.0.1${direct:+,$direct}
  for name in $NAMES; do
    say "scenario $name"
    (cd "$WORK/scenarios" && HF_HOME=$WORK/hub HF_HUB_OFFLINE=1 \
      guidellm run --config "$name.json" --disable-console) >>"$WORK/log" 2>&1 || STOPPED=1
    [ -z "$STOPPED$INTERRUPTED" ] || break
    [ "$name" != 00-warm-up ] || [ -n "${DRY_RUN:-}" ] || check_warm_up
  done
  eval "$traps"
  [ -z "$STOPPED$INTERRUPTED" ] || end_early "guidellm stopped in $name"
}

# Ends a run early that could only count failures.
check_warm_up() {
  local report=$WORK/scenarios/00-warm-up.report.json
  jq -e '.benchmarks[0].scheduler_metrics.requests_made.successful > 0' "$report" >/dev/null || {
    jq -r '.benchmarks[0].requests.errored[0].info.error // "no answer in time"' "$report" >&2
    fail "not one request succeeded: run scripts/test-cluster.sh"
  }
}
