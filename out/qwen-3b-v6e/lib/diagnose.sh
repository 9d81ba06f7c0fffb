# shellcheck shell=bash
# How diagnose.sh collects: each part in a time limit of its own, with secrets masked before
# anything is written, and none that stops the others.
# Sourced after common.sh, and used after make_work_folder; never run.

PART_SECONDS=$((30 * WAIT_FACTOR))
ALL_SECONDS=$((300 * WAIT_FACTOR))
readonly PART_SECONDS ALL_SECONDS
FOLDER= # where the parts go

# Hides what looks like a secret, by the name in front of it or by its own form: a stream in, a
# stream out. What it cannot know is a secret without either, so nobody asks for Secrets at all.
mask() { LC_ALL=C sed -E -f "$WORK/mask.sed"; }

write_mask() {
  cat >"$WORK/mask.sed" <<'END'
s/-----BEGIN [A-Z ]*PRIVATE KEY-----.*-----END [A-Z ]*PRIVATE KEY-----/[masked]/g
/-----BEGIN [A-Z ]*PRIVATE KEY-----/,/-----END [A-Z ]*PRIVATE KEY-----/s/.*/[masked]/
/name"?: *["']?[A-Z0-9_]*(TOKEN|SECRET|PASSWORD|PASSWD|API_?KEY|ACCESS_KEY|PRIVATE_KEY|CREDENTIALS?)(_[A-Z0-9_]*)?["']?,?[[:space:]]*$/{
n
s/(value"?: *).*/\1[masked]/
}
/--([a-z-]+-)?(token|password|secret|api-key)["']?,?[[:space:]]*$/{
n
s/[^][:space:]"'-][^[:space:]"']*/[masked]/
}
s/(name\\?": *\\?"[A-Z0-9_]*(TOKEN|SECRET|PASSWORD|PASSWD|API_?KEY|ACCESS_KEY|PRIVATE_KEY|CREDENTIALS?)(_[A-Z0-9_]*)?\\?", *\\?"value\\?": *\\?")[^"\\]*/\1[masked]/g
s/([A-Z0-9_]*(TOKEN|SECRET|PASSWORD|PASSWD|API_?KEY|ACCESS_KEY|PRIVATE_KEY|CREDENTIALS?)(_[A-Z0-9_]*)?\\?["']?[[:space:]]*[=:][[:space:]]*)(\\"[^"]*"|"[^"]*"|'[^']*'|[^]["'[:space:],;}<\\][^"'[:space:],;}]*)/\1[masked]/g
s/(([Tt]oken|[Pp]assword|[Pp]asswd|[Ss]ecret|[Aa][Pp][Ii][_-]?[Kk]ey|[Aa]ccess[_-]?[Kk]ey|[Pp]rivate[_-]?[Kk]ey|[Aa]uth|[Aa]uthorization)\\?["']?[[:space:]]*[=:][[:space:]]*)(([Bb]earer|[Bb]asic)[[:space:]]+[^"'[:space:],;}]+|\\"[^"]*"|"[^"]*"|'[^']*'|[^]["'[:space:],;}<\\][^"'[:space:],;}]*)/\1[masked]/g
s/(--([a-z-]+-)?(token|password|secret|api-key)["']?,?[[:space:]]+["']?)[^]["'[:space:],<-][^"'[:space:],]*/\1[masked]/g
s/([Bb]earer|[Bb]asic)[[:space:]]+[A-Za-z0-9._~+\/=-]{16,}/\1 [masked]/g
s/([?&;](X-Goog-Signature|X-Goog-Credential|X-Amz-Signature|X-Amz-Credential|X-Amz-Security-Token|Signature|sig)=)[^&[:space:]"']+/\1[masked]/g
s,://[^/@[:space:]"']+@,://[masked]@,g
s/(hf_|gh[pousr]_|github_pat_|glpat-|sk-|xox[abprs]-|GOCSPX-|ya29\.|AIza|AKIA|ASIA)[A-Za-z0-9_.-]{16,}/[masked]/g
s/eyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{8,}(\.[A-Za-z0-9_-]*)?/[masked]/g
END
}

# within SECONDS COMMAND...: like timeout, which macOS lacks. It is a process of its own, so that
# its signals are its own, too; both jobs lead a process group, so that no child stays behind.
within() (
  trap - ERR EXIT
  set +e -m
  limit=$1
  shift
  ("$@") </dev/null &
  job=$!
  (sleep "$limit" && kill -TERM -- "-$job") >/dev/null 2>&1 &
  watch=$!
  trap 'kill -TERM -- "-$job" "-$watch" 2>/dev/null; exit 130' HUP INT TERM
  wait "$job" 2>/dev/null
  status=$?
  kill -TERM -- "-$watch" 2>/dev/null
  wait "$watch" 2>/dev/null
  [ "$status" -ne 143 ] || printf 'not finished within %s s\n' "$limit"
  exit "$status"
)

# part NAME COMMAND...: writes what the command says, masked, as NAME.txt.
part() {
  local name=$1 status
  shift
  if [ -n "$DRY_RUN" ]; then
    "$@" >/dev/null || true
    return 0
  fi
  if [ "$SECONDS" -ge "$ALL_SECONDS" ]; then
    printf '%s: left out, because %s s had passed\n' "$name" "$ALL_SECONDS" >>"$WORK/missed"
    return 0
  fi
  say "  $name"
  if within "$PART_SECONDS" "$@" 2>&1 | mask >"$FOLDER/$name.txt"; then
    return 0
  else
    status=${PIPESTATUS[0]}
  fi
  printf '%s: exit code %s: %s\n' "$name" "$status" \
    "$(tail -n 1 "$FOLDER/$name.txt" | cut -c 1-200)" >>"$WORK/missed"
}

# suspect PARTS PATTERN FINDING REMEDY: a finding where a line of one of the parts matches.
suspect() {
  local name line
  for name in $1; do
    line=$(grep -E -m 1 -e "$2" "$FOLDER/$name.txt" 2>/dev/null) || continue
    report "$3" "$4" "$name.txt: $(printf '%s' "$line" | tr -s '[:space:]' ' ' | cut -c 1-240)"
    return 0
  done
}

# lacks PART PATTERN FINDING REMEDY: a finding where a part that was collected has no such line.
lacks() {
  [ -f "$FOLDER/$1.txt" ] && ! grep -q "^$1: " "$WORK/missed" || return 0
  grep -E -q -e "$2" "$FOLDER/$1.txt" || report "$3" "$4" "$1.txt has no such line"
}

FINDINGS=0
report() {
  FINDINGS=$((FINDINGS + 1))
  printf '%s. %s\n   seen:   %s\n   remedy: %s\n\n' "$FINDINGS" "$1" "$3" "$2" >>"$WORK/findings"
}
