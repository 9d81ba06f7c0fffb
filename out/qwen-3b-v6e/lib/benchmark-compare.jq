# Two results, [before, after], to lines of tab-separated fields: each value before, after, and
# the change. More requests and tokens are better; more milliseconds are worse.
def shown: if . == null then "-" else ((. * 10 | round) / 10 | tostring) end;
def change($a; $b): if $a == null or $b == null or $a == 0 then "-"
  else (($b / $a - 1) * 100 | round) | if . > 0 then "+\(.)%" else "\(.)%" end end;
def measured: {
  "req/s": .requestsPerSecond, "tok/s": .outputTokensPerSecond,
  "TTFT p50": .timeToFirstToken.p50, "TTFT p95": .timeToFirstToken.p95,
  "ITL p50": .interTokenLatency.p50, "ITL p95": .interTokenLatency.p95,
  "request p50": .requestLatency.p50, "request p95": .requestLatency.p95,
  "failed": .failed
};
def by_load: map({key: "\(.requests)/\(.clients)", value: measured}) | from_entries;

(.[0].scenarios | by_load) as $before | (.[1].scenarios | by_load) as $after
| (["load", "value", "before", "after", "change"] | @tsv),
  (.[1].scenarios[] | "\(.requests)/\(.clients)" | select($before[.]) as $load
    | $after[$load] | keys_unsorted[] as $value
    | [$load, $value, ($before[$load][$value] | shown), ($after[$load][$value] | shown),
        change($before[$load][$value]; $after[$load][$value])] | @tsv)
