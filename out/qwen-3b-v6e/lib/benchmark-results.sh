# shellcheck shell=bash
# shellcheck disable=SC2034 # steps.sh tells what FAILED says
# What benchmark-cluster.sh makes of guidellm's reports: results, table, picture, comparison.
# Sourced after common.sh, never run. The programs for jq beside it do the work.

PROGRAMS=${BASH_SOURCE[0]%/*}

# columns: lines of tab-separated fields as a table; the first column to the left.
columns() {
  awk -F '\t' '
    { for (i = 1; i <= NF; i++) { cell[NR, i] = $i; if (length($i) > width[i]) width[i] = length($i) } }
    { fields[NR] = NF }
    END {
      for (row = 1; row <= NR; row++) {
        line = ""
        for (i = 1; i <= fields[row]; i++)
          line = line sprintf(i == 1 ? "%-" width[i] "s" : "  %" width[i] "s", cell[row, i])
        sub(/ +$/, "", line)
        print line
      }
    }'
}

# measured NAME: whether guidellm left a whole report of a scenario.
measured() {
  jq -e '.config.metadata.labels.requests and (.benchmarks[0]
    | .duration != null and .requests and .scheduler_metrics.requests_made
      and .metrics.time_to_first_token_ms)' "$WORK/scenarios/$1.report.json" >/dev/null 2>&1
}

any_measured() {
  local name
  for name in $NAMES; do
    [ "$name" = 00-warm-up ] || ! measured "$name" || return 0
  done
  return 1
}

# end_early WHY: goes on to the results where there are any.
end_early() {
  local why="$1; its last words are above"
  if [ -n "$INTERRUPTED" ]; then why=interrupted; else tail -n 20 "$WORK/log" >&2; fi
  if ! any_measured; then
    [ -z "$INTERRUPTED" ] || end_interrupted
    fail "$why"
  fi
  warn "$why; the results are of what was measured before"
}

end_interrupted() {
  FAILED=interrupted
  exit 130
}

# All reports in a row; in the place of one that is not there, or broken, what was asked for.
collect_reports() {
  local name
  for name in $NAMES; do
    if measured "$name"; then
      cat "$WORK/scenarios/$name.report.json"
    else
      jq '{config: {metadata}}' "$WORK/scenarios/$name.json"
    fi
  done
}

# write_results FOLDER: results.json, results.txt and plot.svg, beside the reports.
write_results() {
  collect_reports >"$WORK/reports.json"
  mkdir -p "$1"
  mv "$WORK"/scenarios/*.report.json "$1"
  jq -s --arg profile "$PROFILE" --arg run "$RUN" --arg url "$SHOWN_URL" --arg model "$MODEL" \
    --arg from "$FROM" --argjson caching "$PREFIX_CACHING" -f "$PROGRAMS/benchmark-results.jq" \
    "$WORK/reports.json" >"$WORK/results.json"
  mv "$WORK/results.json" "$1"
  jq -r -f "$PROGRAMS/benchmark-plot.jq" "$1/results.json" >"$1/plot.svg"
  {
    jq -r -f "$PROGRAMS/benchmark-table.jq" "$1/results.json" | columns
    jq -r -f "$PROGRAMS/benchmark-notes.jq" "$1/results.json"
  } >"$1/results.txt"
}

# read_results FOLDER FILE: copies the results.json of a run, which may also be named itself.
read_results() {
  local file=$1
  [ ! -d "$file" ] || file=$file/results.json
  jq 'select(.scenarios and .cache)' <"$file" >"$2" 2>/dev/null || : >"$2"
  [ -s "$2" ] || fail "no results in $1: name a folder that this script wrote"
}

# compare_results FOLDER FOLDER: before, after and the change of each value.
compare_results() {
  local different
  read_results "$1" "$WORK/before.json"
  read_results "$2" "$WORK/after.json"
  jq -s . "$WORK/before.json" "$WORK/after.json" >"$WORK/both.json"
  different=$(jq -r '. as [$a, $b] | ["model", "url", "from", "tool"]
    | map(select($a[.] != $b[.])) | join(", ")' "$WORK/both.json")
  [ -z "$different" ] || warn "the runs also differ in: $different"
  jq -r -f "$PROGRAMS/benchmark-compare.jq" "$WORK/both.json" | columns
}
