# Which cluster ./demo uses, its start and its end. Sourced by it.
# shellcheck shell=bash disable=SC2154,SC2317 # what ./demo sets

kubectl() { "$kubectl_program" --kubeconfig "$home/kubeconfig" "$@"; }
helm() { "$helm_program" --kubeconfig "$home/kubeconfig" "$@"; }
answers() { "$kubectl_program" --kubeconfig "$1" version --request-timeout 10s >/dev/null 2>&1; }

# Sets $mode. A demo that runs already is found again, also with KUBECONFIG pointing to it.
choose() {
  if [[ -s $home/mode && -z $context && (-z ${KUBECONFIG:-} || $KUBECONFIG -ef $home/kubeconfig) ]]; then
    mode=$(<"$home/mode")
  elif [[ -n $context || -n ${KUBECONFIG:-} ]]; then
    mode=existing
  elif command -v docker >/dev/null && docker info >/dev/null 2>&1; then
    mode=docker
  else
    mode=local
  fi
  if [[ -s $home/mode && $(<"$home/mode") != "$mode" ]]; then
    die "a demo on another cluster is there already; end it first: env -u KUBECONFIG ./demo down"
  fi
}

find_programs() {
  local dir
  # Not by command -v, which finds the functions of these names here.
  if [[ $mode != local ]] && kubectl_program=$(type -P kubectl) && helm_program=$(type -P helm); then
    return
  fi
  dir=$("$here/dev/cluster/cluster" binaries kubectl helm)
  kubectl_program=$dir/kubectl
  helm_program=$dir/helm
}

start_cluster() {
  mkdir -p "$home"
  # Of a cluster that only half came up something may be left to remove. Of one that was there before nothing is.
  [[ $mode == existing ]] || echo "$mode" >"$home/mode"
  case $mode in
    local)
      title "Kubernetes on this machine"
      "$here/dev/cluster/cluster" up
      ln -sfn "$("$here/dev/cluster/cluster" kubeconfig)" "$home/kubeconfig"
      find_programs
      ;;
    docker)
      title "K3s in a container ($k3s_image)"
      find_programs
      start_k3s
      ;;
    existing)
      find_programs
      if [[ ! -e $home/kubeconfig || -n $context || -n ${KUBECONFIG:-} ]]; then
        copy_kubeconfig
      else
        answers "$home/kubeconfig" || die "the demo's cluster does not answer; where it is gone: ./demo down --forget"
      fi
      title "Your cluster $(kubectl config current-context)"
      claim_cluster
      echo "$mode" >"$home/mode"
      ;;
  esac
}

start_k3s() {
  local port
  if [[ -z $(docker ps -q --filter "name=^$container\$") ]]; then
    docker rm -f -v "$container" >/dev/null 2>&1 || true
    docker image inspect "$k3s_image" >/dev/null 2>&1 || docker pull "$k3s_image" >&2
    # The port is open on the loopback address only.
    docker run -d --privileged --name "$container" -p 127.0.0.1:0:6443 "$k3s_image" \
      server --disable traefik,metrics-server --tls-san 127.0.0.1 >/dev/null
  fi
  port=$(docker port "$container" 6443/tcp | head -n 1)
  write_kubeconfig() {
    (umask 077 && docker exec "$container" cat /etc/rancher/k3s/k3s.yaml 2>/dev/null \
      | sed "s|127.0.0.1:6443|127.0.0.1:${port##*:}|" >"$home/kubeconfig") && [[ -s $home/kubeconfig ]]
  }
  node_is_ready() { kubectl wait --for=condition=Ready node --all --timeout 1s >/dev/null 2>&1; }
  wait_for 60 "API server" write_kubeconfig
  wait_for 90 "node" node_is_ready
}

down() {
  if [[ ! -s $home/mode ]]; then
    say "there is no demo"
    return
  fi
  mode=$(<"$home/mode")
  case $mode in
    local) "$here/dev/cluster/cluster" down || gone ;;
    docker) docker rm -f -v "$container" >/dev/null || gone ;;
    existing)
      find_programs
      if answers "$home/kubeconfig"; then
        leave_cluster
      else
        gone
      fi
      ;;
  esac
  rm -rf "$home"
}

# Where nothing can be removed any more, the demo ends on demand.
gone() {
  [[ -n $forget ]] || die "the demo's cluster cannot be reached; where it is gone: ./demo down --forget"
  say "the cluster cannot be reached; what the demo made there, if it is still there, stays"
}
