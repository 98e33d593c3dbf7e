# What the scripts below dev/, ./demo and ./verify share. Source it; it starts nothing.
# shellcheck shell=bash disable=SC2034,SC2120

# Everything that is built or run on this machine lives below this one directory.
cache=${FLINKCLUSTER_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/flinkcluster-operator}

# Output for people goes to stderr, so that stdout carries only what a command prints for other programs.
say() { printf '%s\n' "$*" >&2; }
die() { say "error: $*"; exit 1; }

# step TEXT... ; done_step: one line per step, with the seconds it took.
step() { step_since=$SECONDS; printf '%-60s' "$*" >&2; }
done_step() { printf ' %3d s%s\n' $((SECONDS - step_since)) "${*:+  $*}" >&2; }

# failed WHAT LOG: ends the script with the end of the log, and with one sentence that names the cause where it is known.
failed() {
  say
  tail -n 20 "$2" >&2
  if grep -qiE 'no space left on device|not enough free space|disk quota exceeded' "$2"; then
    die "$1 failed because a disk is full; make room (df -h shows where) or set FLINKCLUSTER_CACHE to a directory on another disk, and type the command again"
  elif grep -qiE 'could not resolve|temporary failure (in name resolution|resolving)|name or service not known|unknown host|no such host|dial tcp|network is unreachable|connection (refused|timed out)|failed to establish a new connection|i/o timeout' "$2"; then
    die "$1 failed because a package registry cannot be reached; see that this machine has a network, or that its proxy or mirror is set for this tool, and type the command again"
  fi
  die "$1 failed; why is above"
}

# need_space MEBIBYTES DIRECTORY WHAT: before anything long begins.
need_space() {
  local free
  mkdir -p "$2" 2>/dev/null || die "the directory $2 cannot be made; set FLINKCLUSTER_CACHE to one that can"
  free=$(($(df -Pk "$2" | awk 'NR == 2 {print $4}') / 1024))
  ((free >= $1)) || die "for $3 there must be $1 MiB, and the disk of $2 has $free MiB left; make room or set FLINKCLUSTER_CACHE to a directory on another disk"
}

# shellcheck source-path=SCRIPTDIR source=../packages.sh
source "$(dirname "${BASH_SOURCE[0]}")/../packages.sh"
