# shellcheck shell=bash
# shellcheck disable=SC2034 # the scripts that source this file use the constants
# The TPU node pool: what it is and what it costs, for the scripts that create, change and empty it.
# Sourced after common.sh, never run.

LEAST=about
RUNNING_PER_DAY=298.16
IDLE_PER_DAY=13.04
INITIAL_NODES=1
MAX_NODES=3
NODES_SECONDS=300
readonly LEAST RUNNING_PER_DAY IDLE_PER_DAY INITIAL_NODES MAX_NODES NODES_SECONDS

# Prints what GKE knows of the pool, in JSON.
describe_pool() {
  gcloud container node-pools list --cluster="$CLUSTER" --zone="$ZONE" --project="$PROJECT" \
    --filter="name=$TPU_POOL" --format=json
}

# Prints status and owner of the pool, which is the profile in its label; nothing where there is no
# such pool.
pool_state() {
  describe_pool |
    jq -r '.[] | "\(.status) \(.config.resourceLabels."llmd-profile" // "")"'
}

# Sets POOL_STATUS, to nothing where there is no pool; ends the script where it is somebody else's.
need_own_pool() {
  local state owner
  state=$(pool_state) || fail "the node pools of $CLUSTER cannot be listed"
  read -r POOL_STATUS owner <<<"$state" || true
  [ -z "$POOL_STATUS" ] || [ "$owner" = "$PROFILE" ] ||
    fail "node pool $TPU_POOL of $CLUSTER was not made for this profile: its label llmd-profile is" \
      "'$owner', not '$PROFILE'. Name another in cluster.tpuPool.name of the profile and render" \
      "again; if it is yours, mark it, which makes its nodes anew: gcloud container node-pools" \
      "update $TPU_POOL --cluster=$CLUSTER $AT --labels=managed-by=llmd-render,llmd-profile=$PROFILE"
}

# pool_value KEY: one value of the TPU node pool, nothing when there is no such pool.
pool_value() {
  gcloud container node-pools list --cluster="$CLUSTER" --zone="$ZONE" --project="$PROJECT" \
    --filter="name=$TPU_POOL" --format="value($1)"
}

# Prints what GKE has against the pool.
pool_complaints() {
  describe_pool |
    jq -r '[.[] | .statusMessage, (.conditions[]? | .message)] | map(select((. // "") != ""))
      | unique | join("; ")'
}

# Prints how many nodes the pool shall have now, also those that have not joined yet: they are
# billed, too.
pool_size() {
  local groups='' group size total=0
  keep groups pool_value instanceGroupUrls || return 1
  for group in ${groups//;/ }; do
    size=$(gcloud compute instance-groups managed describe "$group" --format='value(targetSize)') ||
      return 1
    [ -n "$DRY_RUN" ] || total=$((total + size))
  done
  printf '%s\n' "$total"
}

resize_pool() {
  gcloud container clusters resize "$CLUSTER" --node-pool="$TPU_POOL" --num-nodes="$1" \
    --zone="$ZONE" --project="$PROJECT" --quiet
}

# nodes_ready NUMBER: whether so many nodes of the pool are Ready.
nodes_ready() {
  counts "$(ready_nodes "cloud.google.com/gke-nodepool=$TPU_POOL")" "$1"
}

show_costs() {
  say "Running it costs $LEAST \$$RUNNING_PER_DAY a day, scaled to zero $LEAST \$$IDLE_PER_DAY a day."
  say 'Traffic, disks and taxes are not counted.'
}
