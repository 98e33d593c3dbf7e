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

# Everything that a cluster on this machine takes, so that it is named before anything long begins.
need_cluster_tools() {
  need containerd apt-get install containerd
  need ctr apt-get install containerd
  need runc apt-get install runc
  need iptables apt-get install iptables
  need ip apt-get install iproute2
  need openssl apt-get install openssl
  need curl apt-get install curl
  need jq apt-get install jq
  need catatonit apt-get install catatonit
  need unshare apt-get install util-linux
  need nsenter apt-get install util-linux
  need flock apt-get install util-linux
  cni=
  local directory
  for directory in /usr/lib/cni /opt/cni/bin /usr/libexec/cni; do
    [[ -x $directory/ptp && -x $directory/host-local && -x $directory/portmap ]] && cni=$directory && break
  done
  [[ -n $cni ]] || missing+=("CNI plugins (apt-get install containernetworking-plugins)")
}

# And the same for the images.
need_image_tools() {
  need mmdebstrap apt-get install mmdebstrap
  need catatonit apt-get install catatonit
  need jq apt-get install jq
  need mvn apt-get install maven
  need unzip apt-get install unzip
  need python3 apt-get install python3-pip
  python3 -m pip --version >/dev/null 2>&1 || missing+=("pip (apt-get install python3-pip)")
}

# And for building Kubernetes' programs. From 1.21 on, Go fetches the release that go.mod names.
need_go() {
  local version
  version=$(go env GOVERSION 2>/dev/null || true)
  [[ $version =~ ^go1\.(2[1-9]|[3-9][0-9]|[1-9][0-9]{2,}) ]] \
    || missing+=("Go 1.21 or newer${version:+, not $version} (apt-get install golang-go; Debian 12: apt-get install -t bookworm-backports golang-go)")
}
