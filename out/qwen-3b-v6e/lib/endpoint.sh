# shellcheck shell=bash
# shellcheck disable=SC2034 # the scripts that source this file use BASE_URL
# Where to send requests: the Gateway, or a port-forward to the model servers.
# Sourced after common.sh, never run. GATEWAY_ADDRESS replaces the address that the Gateway
# reports, for example by the name in its certificate.

SCHEME=http
BASE_PATH=/llm-d-inference-scheduling/qwen2-3b-pattern1
PORT=8000
readonly SCHEME BASE_PATH PORT
FORWARD_PID=
export LC_ALL=C # seconds are written with a dot
# Google's load balancers answer HTTP/1.0 with 426: the protocol is never left to chance.
CURL=(curl --silent --http1.1 --connect-timeout 10 --max-time "${REQUEST_TIMEOUT:-120}")

clean_up() {
  [ -z "$FORWARD_PID" ] || kill "$FORWARD_PID" 2>/dev/null || true
}

# Starts a port-forward to the model servers and sets FORWARD_URL.
forward() {
  [ -z "$FORWARD_PID" ] || return 0
  kubectl --context "$CONTEXT" port-forward --namespace "$NAMESPACE" \
    "service/$WORKLOAD_SERVICE" ":$PORT" >"$WORK/forward" 2>&1 &
  FORWARD_PID=$!
  wait_until 30 1 "the port-forward to $WORKLOAD_SERVICE" grep -q '^Forwarding from' \
    "$WORK/forward" || {
    cat "$WORK/forward" >&2
    return 1
  }
  FORWARD_URL=http://127.0.0.1:$(sed -n 's/^Forwarding from 127\.0\.0\.1:\([0-9]*\).*/\1/p' \
    "$WORK/forward" | head -n 1)
}

gateway_address() {
  kube get "$GATEWAYS" "$GATEWAY" --namespace "$GATEWAY_NAMESPACE" \
    --output 'jsonpath={.status.addresses[0].value}'
}

# Sets BASE_URL to what comes before /v1 and /health.
find_endpoint() {
  local address=${GATEWAY_ADDRESS:-}
  [ -n "$address" ] || address=$(gateway_address) || address=
  [ -n "$address" ] || fail "the Gateway has no address yet: scripts/status.sh shows why"
  BASE_URL=$SCHEME://$address$BASE_PATH
}
