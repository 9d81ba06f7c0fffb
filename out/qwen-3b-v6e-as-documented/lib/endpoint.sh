# shellcheck shell=bash
# shellcheck disable=SC2034 # the scripts that source this file use what it sets
# Where to send requests, and how: to the Gateway, or through a port-forward to a model server.
# Sourced after common.sh, never run. GATEWAY_ADDRESS replaces the address that the Gateway
# reports, for example by the name in its certificate.

SCHEME=http
BASE_PATH=/llm-d-inference-scheduling/qwen2-3b-pattern1
PORT=8000
# Whether the Gateway passes on more than completions. KServe's own route sends the rest to a
# Service that claims HTTPS, and GKE believes it.
ROUTES_ALL=
REQUEST_TIMEOUT=${REQUEST_TIMEOUT:-120}
TIMEOUT_PROBLEM="REQUEST_TIMEOUT is '$REQUEST_TIMEOUT': give whole seconds, from 1 to 99999"
ANSWER_LIMIT=5000000
readonly SCHEME BASE_PATH PORT ROUTES_ALL REQUEST_TIMEOUT TIMEOUT_PROBLEM ANSWER_LIMIT
FORWARD_PID=
FORWARD_URL=
FORWARD_ERROR=
export LC_ALL=C # seconds are written with a dot
# Google's load balancers answer HTTP/1.0 with 426: the protocol is never left to chance.
CURL=(curl --disable --silent --globoff --http1.1 --connect-timeout 10 --max-time "$REQUEST_TIMEOUT")
# Not by kube: the signal that ends it must reach kubectl, and not a shell around it.
FORWARD=(kubectl --context "$CONTEXT" port-forward --namespace "$NAMESPACE"
  --address 127.0.0.1 "service/$WORKLOAD_SERVICE" ":$PORT")

# A zero in front is no number in the JSON that guidellm reads.
timeout_is_right() {
  case $REQUEST_TIMEOUT in
    0* | *[!0-9]* | ??????*) return 1 ;;
  esac
}

clean_up() {
  [ -n "$FORWARD_PID" ] || return 0
  kill "$FORWARD_PID" 2>/dev/null || true
  wait "$FORWARD_PID" 2>/dev/null || true
}

forward_decided() {
  grep -q '^Forwarding from' "$WORK/forward" || ! kill -0 "$FORWARD_PID" 2>/dev/null
}

# Starts a port-forward to one model server, and sets FORWARD_URL, or FORWARD_ERROR.
forward() {
  local port
  [ -z "$FORWARD_URL" ] || return 0
  if [ -n "$DRY_RUN" ]; then
    "${FORWARD[@]}"
    FORWARD_URL=http://127.0.0.1:FORWARDED_PORT
    return 0
  fi
  "${FORWARD[@]}" >"$WORK/forward" 2>&1 &
  FORWARD_PID=$!
  wait_until 30 1 "the port-forward to $WORKLOAD_SERVICE" forward_decided || true
  port=$(sed -n 's/^Forwarding from 127\.0\.0\.1:\([0-9]*\).*/\1/p' "$WORK/forward" | head -n 1)
  if [ -z "$port" ]; then
    FORWARD_ERROR="no port-forward to $WORKLOAD_SERVICE: $(head -c 300 "$WORK/forward" |
      tr '\000-\037\177' ' ')"
    return 1
  fi
  FORWARD_URL=http://127.0.0.1:$port
}

gateway_address() {
  kube get "$GATEWAYS" "$GATEWAY" --namespace "$GATEWAY_NAMESPACE" \
    --output 'jsonpath={.status.addresses[0].value}'
}

forward_or_complain() {
  forward && return 0
  warn "$FORWARD_ERROR"
  return 1
}

# find_endpoint [port-forward]: sets BASE_URL to what comes before /v1 and /health, and WAY to
# gateway or port-forward.
find_endpoint() {
  local address=${GATEWAY_ADDRESS:-}
  WAY=${1:-gateway}
  if [ "$WAY" = port-forward ]; then
    forward_or_complain || return 1
    BASE_URL=$FORWARD_URL
    return 0
  fi
  case $address in
    *[!][A-Za-z0-9.:_-]*)
      warn "GATEWAY_ADDRESS is '$address': give the address or name alone"
      return 1
      ;;
  esac
  [ -n "$address" ] || address=$(gateway_address) || address=
  [ -z "$DRY_RUN" ] || address=${address:-GATEWAY_ADDRESS}
  if [ -z "$address" ]; then
    warn "the Gateway has no address yet: scripts/status.sh shows why"
    return 1
  fi
  BASE_URL=$SCHEME://$address$BASE_PATH
}

# request URL [BODY]: sets CODE, TOOK, TYPE, LOCATION and PROBLEM, which is empty when an answer
# came. Headers and the answer, cut at ANSWER_LIMIT, are in $WORK.
request() {
  local url=$1 status=0
  local curl=("${CURL[@]}")
  shift
  [ "${url#http://127.0.0.1:}" = "$url" ] || curl+=(--noproxy 127.0.0.1)
  [ $# -eq 0 ] || curl+=(--header 'Content-Type: application/json' --data-raw "$1")
  CODE=000 TOOK=0 TYPE='' LOCATION='' PROBLEM=''
  : >"$WORK/headers"
  [ -z "$DRY_RUN" ] || { "${curl[@]}" "$url" && return 0; }
  # The answer goes through the pipe, so that head can cut it; the rest goes to files.
  "${curl[@]}" --show-error --dump-header "$WORK/headers" --output /dev/fd/4 --write-out \
    '%{http_code}\n%{time_total}\n%{content_type}\n%{redirect_url}\n' "$url" \
    4>&1 >"$WORK/written" 2>"$WORK/trouble" | head -c "$ANSWER_LIMIT" >"$WORK/answer" || status=$?
  { read -r CODE && read -r TOOK && read -r TYPE && read -r LOCATION; } <"$WORK/written" || true
  if [ "$(wc -c <"$WORK/answer")" -ge "$ANSWER_LIMIT" ]; then
    PROBLEM="the answer has more than $((ANSWER_LIMIT / 1000000)) MB"
  elif [ "$status" -eq 28 ]; then
    PROBLEM="no complete answer within $REQUEST_TIMEOUT s"
  elif [ "$status" -ne 0 ]; then
    PROBLEM=$(sed -n '1s/^curl: ([0-9]*) //p' "$WORK/trouble")
    PROBLEM=${PROBLEM:-curl ended with status $status}
  fi
}
