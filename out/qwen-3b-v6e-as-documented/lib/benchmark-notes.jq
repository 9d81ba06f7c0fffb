# results.json to the lines under the table: what it says, failures by reason, the cache test.
def plain: gsub("[\\x00-\\x1f\\x7f]+"; " ");
"load: requests/clients; TTFT: time to first token, ITL: between tokens, request: whole answer, in ms",
((.scenarios[] | {load: "\(.requests)/\(.clients)", errors}), {load: "cache test", errors: .cache.errors}
  | .load as $load | .errors[] | "\(.count) failed at \($load): \(.error | plain)"),
(.cache
  | if .faster == null then "cache test: no figure, because not all of its requests succeeded"
    else "cache test: \(.requests) requests one by one, which share most of \(.promptTokens) tokens",
      "TTFT \(.firstToken) ms, then \(.laterFirstTokens | map(tostring) | join(", ")) ms: "
      + (if .faster >= 0 then "\(.faster)% faster" else "\(-.faster)% slower" end)
    end,
    if .prefixCaching then empty
    else "prefix caching is off (server.prefixCaching): a difference here is chance" end)
