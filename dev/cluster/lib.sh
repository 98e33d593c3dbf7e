# What the scripts below dev/ and ./demo share. Source it; it starts nothing.
# shellcheck shell=bash disable=SC2034,SC2120

# Everything that is built or run on this machine lives below this one directory.
cache=${FLINKCLUSTER_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/flinkcluster-operator}

# Output for people goes to stderr, so that stdout carries only what a command prints for other programs.
say() { printf '%s\n' "$*" >&2; }
die() { say "error: $*"; exit 1; }

# need TOOL HOW-TO-GET-IT...: remembers a missing tool; needed ends the script if there were any.
missing=()
need() { command -v "$1" >/dev/null || missing+=("$1 (${*:2})"); }
needed() {
  ((${#missing[@]})) || return 0
  say "These tools are missing on this machine:"
  printf '  %s\n' "${missing[@]}" >&2
  exit 1
}

# step TEXT... ; done_step: one line per step, with the seconds it took.
step() { step_since=$SECONDS; printf '%-60s' "$*" >&2; }
done_step() { printf ' %3d s%s\n' $((SECONDS - step_since)) "${*:+  $*}" >&2; }
