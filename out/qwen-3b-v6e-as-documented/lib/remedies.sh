# shellcheck shell=bash
# The first page of diagnose.sh: what looks wrong, and the remedy that README.md has for it.
# Sourced after diagnose.sh of this folder, never run.

CLASS=gke-l7-global-external-managed
PULL_SECRET=redhat-pull-secret
HF_SECRET=hf-token

judge() {
  judge_cluster
  judge_pods
  judge_routes
}

judge_cluster() {
  lacks services '^networkservices\.googleapis\.com$' \
    "the API networkservices.googleapis.com is off: answers say \"fault filter abort\"" \
    "run cluster/enable-apis.sh"
  suspect "operations events" 'GCE_STOCKOUT|ZONE_RESOURCE_POOL_EXHAUSTED' \
    "the zone was out of TPUs" \
    "wait, or take another zone, or another cluster.capacity.kind in the profile"
  suspect quotas 'IN_USE_ADDRESSES .* exhausted' "no address is left in the region" \
    "release an address in $REGION, or ask for quota"
  lacks gateway-classes "^$CLASS " \
    "GKE does not offer the GatewayClass of this deployment" \
    "within 45 minutes of the cluster's creation wait; later switch the Gateway API on: README.md"
  lacks crds '^leaderworkersets\.leaderworkerset\.x-k8s\.io' "the CRD of LeaderWorkerSet is missing" \
    "run infrastructure/deploy-lws-crds.sh"
  lacks crds '^llminferenceservices\.serving\.kserve\.io' "KServe is not installed" \
    "run infrastructure/deploy-kserve.sh"
  suspect conditions '^(ClusterIssuer|Certificate) [^ ]+ Ready=(False|Unknown)' \
    "a certificate of KServe is not signed" \
    "look at the condition and at log-cert-manager.txt; run infrastructure/deploy-kserve.sh again"
  suspect "log-kserve" 'no matches for kind "?LeaderWorkerSet' \
    "KServe's controller missed the CRD of LeaderWorkerSet" \
    "run infrastructure/deploy-lws-crds.sh; if the CRD is there by now, restart the controller"
  suspect "log-kserve events" 'failed calling webhook "?[^ ]*cert-manager' \
    "cert-manager's webhook did not answer" \
    "if that lasts, delete Secret cert-manager-webhook-ca in cert-manager, and restart its webhook"
  suspect "log-kserve events" 'failed calling webhook "?[^ ]*kserve' \
    "KServe's webhook did not answer" \
    "if that lasts, run infrastructure/deploy-kserve.sh again: it removes the webhooks and brings them back"
}

judge_pods() {
  lacks secret-names "^$PULL_SECRET " "the image pull secret is missing" \
    "run secrets/create-pull-secret.sh"
  lacks secret-names "^$HF_SECRET " "the Secret with the Hugging Face token is missing" \
    "run secrets/create-hf-token.sh"
  suspect pods 'ImagePullBackOff|ErrImagePull' "an image cannot be pulled" \
    "credentials are missing, expired, or for another registry: secrets/check-pull-secret.sh, then secrets/create-pull-secret.sh"
  suspect pods CreateContainerConfigError "a pod names a Secret or a key that is not there" \
    "run the scripts of step 11 in README.md; events.txt says which Secret"
  suspect pods 'Init:(Error|CrashLoopBackOff)' "the model cannot be downloaded" \
    "gated model without token, licence not accepted, or NetworkPolicies refuse the way out: log-model-server.txt"
  suspect pods ' Pending ' "a pod is Pending" \
    "no TPU to be had (stock-out, pool at its most), or selector and pool do not agree: events.txt"
  suspect "log-model-server log-model-server-previous" 'unrecognized arguments' \
    "vLLM does not know one of its arguments" "remove it from server.args in the profile"
  suspect events 'failed startup probe, will be restarted' \
    "the model server was not ready in its start-up time" \
    "XLA compilation takes longer: raise server.startupBudget in the profile"
  suspect pods ' CrashLoopBackOff ' "a container restarts again and again" \
    "its last words are in log-model-server-previous.txt"
  suspect conditions '^LLMInferenceService [^ ]+ Ready=(False|Unknown)' \
    "the LLMInferenceService is not Ready" \
    "its other conditions in conditions.txt say which part; then log-kserve.txt"
}

judge_routes() {
  suspect "conditions gateway" 'active proxy-only subnetwork' "the proxy-only subnet is missing" \
    "run cluster/create-proxy-only-subnet.sh (step 4 of README.md)"
  suspect conditions '^Gateway [^ ]+ Programmed=(False|Unknown)' "the Gateway is not Programmed" \
    "its message names the cause; README.md has the usual ones"
  suspect "conditions routes" GWCER104 "a route has timeouts, which GKE refuses" \
    "take routing declared, or managedRoute shadow, in the profile"
  suspect conditions '^HTTPRoute [^ ]+ (Accepted|ResolvedRefs)=False' "a route is not accepted" \
    "its message names the cause"
  suspect backend-health UNHEALTHY "the load balancer sees an unhealthy model server: 503" \
    "HealthCheckPolicy not attached, model server not ready, or NetworkPolicies without its ranges"
}

write_summary() {
  printf 'Diagnosis of %s\ncluster %s, %s, project %s\nservice %s/%s\n%s\n\n' "$PROFILE" "$CLUSTER" \
    "$ZONE" "$PROJECT" "$NAMESPACE" "$SERVICE" "$(date -u '+%Y-%m-%d %H:%M:%S UTC')"
  if [ -s "$WORK/findings" ]; then
    printf 'What looks wrong:\n\n'
    cat "$WORK/findings"
  elif [ -s "$WORK/missed" ]; then
    printf 'Nothing known looks wrong in what could be collected.\n\n'
  else
    printf 'Nothing known looks wrong.\n\n'
  fi
  if [ -s "$WORK/missed" ]; then
    printf 'Not collected:\n'
    sed 's/^/  /' "$WORK/missed"
  fi
}
