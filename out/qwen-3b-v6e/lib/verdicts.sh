# shellcheck shell=bash
# shellcheck disable=SC2154 # here is the folder of the script that sources this file
# Sends requests, notes what each answer proves, and reports it.
# Sourced after common.sh and endpoint.sh, never run.

COLOR=
[ ! -t 1 ] || [ -n "${NO_COLOR:-}" ] || COLOR=1

# report FORMAT: all verdicts so far.
report() {
  jq -s -r --arg format "$1" --arg color "$COLOR" --arg profile "$PROFILE" --arg model "$MODEL" \
    --arg url "$BASE_URL" --arg way "$WAY" -f "$here/../lib/report.jq" "$WORK/verdicts"
}

# note VERDICT: keeps it, and shows it.
note() {
  printf '%s\n' "$1" >>"$WORK/verdicts"
  report line
}

# verdict NAME RESULT DETAIL [NEXT]: one that no single answer gives.
verdict() {
  jq -n -c --arg name "$1" --arg result "$2" --arg detail "$3" --arg next "${4:-}" '
    {result: $result, name: $name, httpStatus: null, seconds: 0, url: null, detail: $detail,
      next: (if $next == "" then null else $next end)}'
}

conclude() { [ -n "$DRY_RUN" ] || note "$(verdict "$@")"; }

# judge NAME KIND URL [BODY]: sends a request and sets VERDICT; fails when the answer is wrong.
judge() {
  request "$3" ${4+"$4"}
  [ -z "$DRY_RUN" ] || return 0
  VERDICT=$(jq -R -s -c --arg name "$1" --arg kind "$2" --arg url "$3" --arg body "${4:-}" \
    --arg model "$MODEL" --arg code "$CODE" --arg took "$TOOK" --arg type "$TYPE" \
    --arg location "$LOCATION" --arg problem "$PROBLEM" -f "$here/../lib/verdict.jq" \
    <"$WORK/answer") || VERDICT=$(verdict "$1" failed "jq cannot read the answer")
  [ "${VERDICT#'{"result":"passed"'}" != "$VERDICT" ]
}

# check NAME KIND URL [BODY]: a test that is one request.
check() {
  judge "$@" || true
  [ -n "$DRY_RUN" ] || note "$VERDICT"
}

# check_inside NAME KIND PATH: the same through the port-forward, for what the Gateway keeps back.
check_inside() {
  if [ -n "$FORWARD_URL" ]; then
    check "$1" "$2" "$FORWARD_URL$3"
  else
    conclude "$1" failed "$FORWARD_ERROR" "scripts/status.sh shows whether Pods are ready"
  fi
}
