# shellcheck shell=bash
# shellcheck disable=SC2034 # the scripts that source this file use AUTH_FILE and AUTH_ORIGIN
# Credentials for a registry: from the file that podman, skopeo or docker keep them in after a
# login, or from a file downloaded for a registry service account. No function prints any of them.
# Sourced after common.sh, and used after make_work_folder; never run.

AUTH_FILE=   # a private copy with the credentials of one registry only
AUTH_ORIGIN= # where they come from

# find_auth_file FILE REGISTRY: sets both, from the file if one is given, else from the first
# place that knows the registry.
find_auth_file() {
  local file places=
  if [ -n "$DRY_RUN" ]; then
    AUTH_ORIGIN=${1:-${REGISTRY_AUTH_FILE:-$HOME/.config/containers/auth.json}}
    AUTH_FILE=$WORK/auth.json
    into "$AUTH_FILE" locally jq --arg registry "$2" "$UNPACK | $ONE_REGISTRY" "$AUTH_ORIGIN"
    return 0
  fi
  [ -z "$1" ] || [ -r "$1" ] || fail "$1 cannot be read"
  for file in "$1" "${REGISTRY_AUTH_FILE:-}" "${XDG_RUNTIME_DIR:-/nowhere}/containers/auth.json" \
    "$HOME/.config/containers/auth.json" "$HOME/.docker/config.json"; do
    [ -n "$file" ] || continue
    # jq 1.6 takes an empty file for a success.
    if (umask 077 && registry_entry "$file" "$2" >"$WORK/auth.json" 2>/dev/null) &&
      [ -s "$WORK/auth.json" ]; then
      AUTH_ORIGIN=$file
      AUTH_FILE=$WORK/auth.json
      say "used: $(describe_login "$2") from $AUTH_ORIGIN"
      return 0
    fi
    [ -z "$1" ] || fail "$1 has no credentials for $2: it must hold what podman login writes," \
      "or be the Secret or the JSON that was downloaded for a registry service account"
    places="$places $file"
  done
  fail "no credentials for $2 in$places: run podman login $2, or give a file with --file"
}

UNPACK='if .kind == "Secret" then .data[".dockerconfigjson"] | @base64d | fromjson else . end'
# A credential helper leaves an entry without `auth`, which is of no use here. Hub has two names.
# shellcheck disable=SC2016 # jq has variables, too
ONE_REGISTRY='(.auths[$registry] // (if $registry == "docker.io"
      then .auths["https://index.docker.io/v1/"] else null end)) as $entry
    | if ($entry.auth // "") == "" then null
      else ({} | .auths[$registry] = $entry
        | if $registry == "docker.io" then .auths["https://index.docker.io/v1/"] = $entry
          else . end)
      end'

# Prints a dockerconfigjson with only this registry: goes into a file or a pipe, never on screen.
registry_entry() { read_auths "$1" | jq -e --arg registry "$2" "$ONE_REGISTRY"; }

# Prints the file as JSON with `auths`: it is that already, or a Secret in JSON or YAML around it.
read_auths() {
  if jq -e . <"$1" >/dev/null 2>&1; then
    jq "$UNPACK" <"$1"
  else
    jq --raw-input --null-input '
      [inputs | capture("^\\s+\"?\\.dockerconfigjson\"?:\\s*\"?(?<text>[A-Za-z0-9+/]+=*)").text]
      | first | @base64d | fromjson' <"$1"
  fi
}

# Says which kind of login it is. The user of a registry service account begins with a number.
describe_login() {
  jq --raw-output --arg registry "$1" '
    .auths[$registry].auth | (try @base64d catch "") | split(":")[0] // ""
    | if test("^[0-9]+\\|") then "a registry service account" else "a login by user name" end' \
    "$AUTH_FILE"
}

# Whether the file holds credentials for this registry and for no other.
knows_only() {
  jq -e --arg registry "$2" '(.auths | keys) == [$registry]
    and ((.credHelpers // {}) == {}) and ((.credsStore // "") == "")' >/dev/null 2>&1 <"$1"
}
