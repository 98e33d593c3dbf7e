# What is needed on a machine, which Debian package brings it, and its installation. Sourced by cluster/lib.sh.
# shellcheck shell=bash

# A line for each thing: for what it is needed, what it is, the package. A thing is a program, unless there is a function
# has_THING here that looks for it.
needs='
build,go       certificates ca-certificates
build          jdk          jdk
build,images   mvn          maven
go             go           golang-go
demo           jq           jq
cluster        containerd   containerd
cluster        ctr          containerd
cluster        runc         runc
cluster        cni          containernetworking-plugins
cluster        iptables     iptables
cluster,images ip           iproute2
cluster        openssl      openssl
cluster        curl         curl
cluster,images unshare      util-linux
cluster        nsenter      util-linux
cluster        flock        util-linux
cluster,images catatonit    catatonit
cluster,images jq           jq
images         mmdebstrap   mmdebstrap
images         keyring      debian-archive-keyring
images         unzip        unzip
images         pip          python3-pip
'

# In the order of the machine's own search path, and then where Debian hides some from users.
PATH=${JAVA_HOME:+$JAVA_HOME/bin:}$PATH:/usr/sbin:/sbin

# Java 17 or newer.
has_jdk() { [[ $(javac -version 2>&1) =~ ^javac\ (1[7-9]|[2-9][0-9]) ]]; }
has_pip() { python3 -m pip --version >/dev/null 2>&1; }
# The images are made of Debian's packages, also on Ubuntu.
has_keyring() { [[ -e /usr/share/keyrings/debian-archive-keyring.gpg || -e /usr/share/keyrings/debian-archive-keyring.pgp ]]; }
has_certificates() { [[ -e /etc/ssl/certs/ca-certificates.crt || -e /etc/pki/tls/certs/ca-bundle.crt ]]; }
# Sets $cni to the directory of the network plugins.
has_cni() {
  for cni in /usr/lib/cni /opt/cni/bin /usr/libexec/cni; do
    [[ ! -x $cni/ptp || ! -x $cni/host-local || ! -x $cni/portmap ]] || return 0
  done
  return 1
}
# Any that knows modules: it gets the release that it builds with by itself (see cluster).
has_go() { [[ $(go env GOVERSION 2>/dev/null) =~ ^go1\.(1[6-9]|[2-9][0-9]) ]]; }

has() {
  if [[ $(type -t "has_$1") == function ]]; then
    "has_$1"
  else
    type -P "$1" >/dev/null
  fi
}

# The oldest Java that is new enough and that this release has.
package_of() {
  local package
  [[ $1 == jdk ]] || { echo "$1"; return; }
  for package in openjdk-17-jdk-headless openjdk-21-jdk-headless; do
    [[ -z $(apt-cache show "$package" 2>/dev/null) ]] || { echo "$package"; return; }
  done
  echo default-jdk-headless
}

missing=() packages=()
# look_for PURPOSE...: whether all is there. Sets $missing to the things that are not, and $packages to what brings them.
look_for() {
  local purposes thing package purpose
  missing=() packages=()
  while read -r purposes thing package; do
    for purpose in "$@"; do
      if [[ ,$purposes, == *,$purpose,* && " ${missing[*]} " != *" $thing "* ]] && ! has "$thing"; then
        missing+=("$thing")
        package=$(package_of "$package")
        [[ " ${packages[*]} " == *" $package "* ]] || packages+=("$package")
      fi
    done
  done < <(grep . <<<"$needs")
  ((${#missing[@]} == 0))
}

# One line to copy. Where apt has never heard of a package, as in a fresh container, it must ask first.
apt_line() {
  [[ -n $(apt-cache search --names-only '^maven$' 2>/dev/null) ]] || printf 'apt-get update && '
  echo "apt-get install --no-install-recommends ${packages[*]}"
}

# needed PURPOSE...: ends the script where something is missing.
needed() {
  ! look_for "$@" || return 0
  if type -P apt-get >/dev/null; then
    die "not on this machine: ${missing[*]}; type as root: $(apt_line)"
  fi
  die "not on this machine: ${missing[*]}; there is no apt-get to install them, so install by hand what Debian has as ${packages[*]}"
}

# provide [--no-install] PURPOSE...: installs what is missing. Where that cannot be, or must not, ends the script.
provide() {
  local log only_name=
  if [[ $1 == --no-install ]]; then
    only_name=yes
    shift
  fi
  ! look_for "$@" || return 0
  type -P apt-get >/dev/null || needed "$@"
  if ((EUID != 0)) || [[ -n $only_name ]]; then
    apt_line
    exit 1
  fi
  log=$(mktemp)
  apt-get update -qq >"$log" 2>&1 || failed "apt-get update" "$log"
  look_for "$@" || true # by what this release has
  say "Installing ${packages[*]}"
  DEBIAN_FRONTEND=noninteractive apt-get install -qq -y --no-install-recommends -o DPkg::Lock::Timeout=300 "${packages[@]}" \
    >>"$log" 2>&1 </dev/null || failed "apt-get install ${packages[*]}" "$log"
  rm "$log"
  hash -r
  needed "$@"
}
