# Reports of guidellm, one for each scenario, to results.json. Percentiles are those of requests
# that succeeded; failed ones are counted apart. A scenario without a report has failed as a whole.
def rounded: if . == null then null else (. * 100 | round) / 100 end;
def spread($factor):
  .successful
  | if (.count // 0) == 0 then {mean: null, p50: null, p95: null, p99: null}
    else {mean, p50: .percentiles.p50, p95: .percentiles.p95, p99: .percentiles.p99}
      | map_values(. * $factor | rounded) end;
def errors: [.requests.errored[] | .info.error // "unknown"] | group_by(.)
  | map({count: length, error: .[0][0:300]}) | sort_by(-.count);

def unmeasured: (.requests | tonumber) as $requests
  | {mean: null, p50: null, p95: null, p99: null} as $none
  | {
      version: null, name, requests: $requests, clients: (.clients | tonumber),
      successful: 0, failed: $requests, measured: false, seconds: null,
      requestsPerSecond: null, outputTokensPerSecond: null, outputTokens: 0, inputTokens: 0,
      timeToFirstToken: $none, interTokenLatency: $none, requestLatency: $none,
      errors: [{count: $requests, error: "not measured: guidellm left no whole report"}], serial: []
    };

map(if .benchmarks == null then .config.metadata.labels | unmeasured else
  .metadata.guidellm_version as $version | .config.metadata.labels as $labels | .benchmarks[0]
  | .scheduler_metrics.requests_made as $made | (.metrics.output_token_count.successful) as $tokens
  | {
      version: $version, name: $labels.name,
      requests: ($labels.requests | tonumber), clients: ($labels.clients | tonumber),
      successful: $made.successful, failed: (($labels.requests | tonumber) - $made.successful),
      seconds: (.duration | rounded),
      requestsPerSecond: (if .duration > 0 then $made.successful / .duration | rounded else 0 end),
      outputTokensPerSecond:
        (if .duration > 0 then ($tokens.total_sum // 0) / .duration | rounded else 0 end),
      outputTokens: ($tokens.total_sum // 0),
      inputTokens: (.metrics.prompt_token_count.successful.total_sum // 0),
      timeToFirstToken: (.metrics.time_to_first_token_ms | spread(1)),
      interTokenLatency: (.metrics.inter_token_latency_ms | spread(1)),
      requestLatency: (.metrics.request_latency | spread(1000)),
      errors: errors,
      serial: [.requests.successful | sort_by(.request_start_time)[]
        | .time_to_first_token_ms | rounded]
    } end)
| sort_by(.name)
| {
    profile: $profile, run: $run, url: $url, model: $model, from: $from,
    tool: "guidellm \(map(.version | select(.)) | first // "unknown")",
    scenarios: map(select(.name | test("^[0-9]+-[0-9]+x")) | del(.serial, .version)),
    cache: (map(select(.name | endswith("-cache")))[0] | {
      requests, successful, failed, errors, prefixCaching: $caching, measured,
      promptTokens: (if .successful > 0 then .inputTokens / .successful | round else null end),
      firstToken: (if .failed > 0 then null else .serial[0] end),
      laterFirstTokens: (if .failed > 0 then [] else .serial[1:] end)
    } | . + {faster: (if (.laterFirstTokens | length) > 0 and .firstToken > 0 then
        (1 - (.laterFirstTokens | add / length) / .firstToken) * 100 | rounded
      else null end)} | if .measured == null then del(.measured) else . end)
  }
