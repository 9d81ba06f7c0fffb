# shellcheck shell=bash
# The load balancer that GKE builds from the Gateway: who needs it, and what of it is billed.
# Sourced after common.sh, and used after make_work_folder; never run.

# Where the namespace remembers the parts of a Gateway that is going, for a run that comes later.
MEMORY="llmd-render.$GATEWAY_NAMESPACE/$GATEWAY"
readonly MEMORY

# Prints the routes that need the Gateway and are not of this service: namespace/name, one a line.
other_routes() {
  get_known httproutes.gateway.networking.k8s.io --all-namespaces --output json >"$WORK/routes" &&
    jq -r --arg gateway "$GATEWAY" --arg home "$GATEWAY_NAMESPACE" --arg namespace "$NAMESPACE" \
      --arg route qwen2-3b-pattern1 --arg service "$SERVICE" '
      .items[] | .metadata.namespace as $own
      | select(any(.spec.parentRefs[]?; (.kind // "Gateway") == "Gateway" and .name == $gateway
          and (.namespace // $own) == $home))
      | select(($own == $namespace and (.metadata.name == $route or any(.metadata.ownerReferences[]?;
          .kind == "LLMInferenceService" and .name == $service))) | not)
      | "\($own)/\(.metadata.name)"' "$WORK/routes"
}

# Prints what GKE made for Gateways, here or in other clusters: kind/name, one a line.
list_parts() {
  gcloud compute forwarding-rules list "$LIST_SCOPE" --project="$PROJECT" \
    --filter='name~^gkegw1-' --format='value(name)' | sed 's|^|forwarding-rules/|' || return 1
  gcloud compute addresses list "$LIST_SCOPE" --project="$PROJECT" \
    --filter='name~^gkegw1-' --format='value(name)' | sed 's|^|addresses/|'
}

# parts_named FILE: the parts that the Gateways in the file name. Addresses of other names are not
# GKE's, but reserved by somebody, and stay.
parts_named() {
  jq -r '(.items // [.])[].metadata.annotations // {} | to_entries[]
    | select(.key == "networking.gke.io/forwarding-rules" or .key == "networking.gke.io/addresses")
    | (.key | sub(".*/"; "")) as $kind
    | .value | split(",")[] | gsub("\\s"; "") | sub(".*/"; "")
    | select(startswith("gkegw1-")) | "\($kind)/\(.)"' "$1"
}

# Sets PARTS, those of this Gateway, also of one that an earlier run deleted, REMEMBERED and LEFT.
find_parts() {
  get_known "$GATEWAYS" "$GATEWAY" --namespace "$GATEWAY_NAMESPACE" --ignore-not-found \
    --output json >"$WORK/gateway" || return 1
  kube get namespace "$NAMESPACE" --ignore-not-found --output json >"$WORK/namespace" || return 1
  REMEMBERED=$(jq -r --arg key "$MEMORY" '.metadata.annotations[$key] // ""' "$WORK/namespace")
  PARTS=$({ tr ' ' '\n' <<<"$REMEMBERED" && parts_named "$WORK/gateway"; } | sed '/^$/d' | sort -u)
  LEFT=$PARTS
}

# Where somebody took the namespace away there is nothing to write on.
remember_parts() {
  [ ! -s "$WORK/namespace" ] || [ "${PARTS//$'\n'/ }" = "$REMEMBERED" ] ||
    kube annotate namespace "$NAMESPACE" --overwrite "$MEMORY=${PARTS//$'\n'/ }"
}

forget_parts() {
  [ ! -s "$WORK/namespace" ] || [ -z "$PARTS" ] || kube annotate namespace "$NAMESPACE" "$MEMORY-"
}

# Whether none of PARTS is left; prints those that are, and sets LEFT to them.
parts_gone() {
  list_parts >"$WORK/parts" || return 1
  LEFT=$(grep -xF "$PARTS" "$WORK/parts") || return 0
  printf '%s\n' "$LEFT"
  return 1
}

# Warns of parts with the name of this Gateway that no Gateway of this cluster claims. They may be
# another cluster's: nothing at Google tells.
warn_of_leftovers() {
  local claimed found
  get_known "$GATEWAYS" --all-namespaces --output json >"$WORK/gateways" || return 1
  claimed=$(parts_named "$WORK/gateways")
  found=$(grep -- "/gkegw1-[^-]*-$GATEWAY_NAMESPACE-$GATEWAY-" "$WORK/parts" | grep -vxF "$claimed") ||
    return 0
  warn "parts of a load balancer with the name of this Gateway are there, and billed:" \
    "${found//$'\n'/ }. They are left from it, or belong to a Gateway of this name in another" \
    "cluster of $PROJECT: look before you delete one with gcloud compute KIND delete NAME $SCOPE"
}
