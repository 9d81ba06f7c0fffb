# results.json to lines of tab-separated fields, one for each step of load.
def shown: if . == null then "-"
  elif . >= 100 then round | tostring
  else . * 10 | round | "\(. / 10 | floor).\(. % 10)" end;
(["load", "failed", "req/s", "tok/s", "TTFT p50", "p95", "p99", "ITL p50", "p95", "p99",
  "request p50", "p95", "p99"] | @tsv),
(.scenarios[] | ["\(.requests)/\(.clients)", .failed, (.requestsPerSecond, .outputTokensPerSecond,
  ((.timeToFirstToken, .interTokenLatency, .requestLatency) | .p50, .p95, .p99) | shown)] | @tsv)
