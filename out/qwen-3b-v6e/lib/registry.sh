# shellcheck shell=bash
# shellcheck disable=SC2034 # the scripts that source this file use AUTH_FILE
# Where podman, skopeo and docker keep registry credentials; no function prints any of them.
# Sourced after common.sh, never run.

AUTH_FILE=

# Sets AUTH_FILE to the first file, or the given one, that can hold credentials.
find_auth_file() {
  local file
  for file in "$1" "${REGISTRY_AUTH_FILE:-}" "${XDG_RUNTIME_DIR:-/nowhere}/containers/auth.json" \
    "$HOME/.config/containers/auth.json" "$HOME/.docker/config.json"; do
    [ -n "$file" ] || continue
    if has_entry "$file" "$2"; then
      AUTH_FILE=$file
      return 0
    fi
    [ -z "$1" ] || fail "$1 is not readable, or has no credentials for $2"
  done
  fail "no credentials for $2 found: podman login $2 (--help tells more)"
}

# Hub has two names; a credential helper leaves an entry without `auth`, which is of no use here.
has_entry() {
  [ -r "$1" ] && registry_entry "$1" "$2" >/dev/null 2>&1
}

# Prints a dockerconfigjson with only this registry: goes into a file or a pipe, never on screen.
registry_entry() {
  jq -e --arg registry "$2" '
    (.auths[$registry] // (if $registry == "docker.io"
      then .auths["https://index.docker.io/v1/"] else null end)) as $entry
    | if ($entry.auth // "") == "" then null
      else ({} | .auths[$registry] = $entry
        | if $registry == "docker.io" then .auths["https://index.docker.io/v1/"] = $entry
          else . end)
      end' "$1"
}
